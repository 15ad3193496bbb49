-- no: 4.1
-- rank: 1
-- fr: Visites faites
-- en: Visits done
-- unit: count
-- better: up
-- needs: activities
-- target: visits_done
-- definition_en: Visits done in the period, by the day they were done: activities of the types that are visits (a setting:
--   visit and meeting) that are done and have an account. Planned and cancelled ones are left out. A past visit whose
--   outcome the source does not say is neither done nor late: it is missing, and counted apart.
-- definition_fr: Visites faites dans la période, au jour où elles l'ont été : activités des types qui sont des visites (un
--   réglage : visit et meeting), faites, avec un compte. Prévues et annulées sont laissées de côté. Une visite passée
--   dont la source ne dit pas l'issue n'est ni faite ni en retard : elle est manquante, et comptée à part.
-- trap: un agenda sans case « fait » (réunions d'Odoo, événements Salesforce) ne dit pas si la visite a eu lieu
--   | a calendar without a done flag (meetings of Odoo, events of Salesforce) does not say whether the visit took place
select m.day, m.account_id, m.owner_id, m.id, 1 as num, m.excluded, m.missing,
       m.subject, m.type, m.planned, m.outcome, m.report, m.reported_on
from visits_made m
