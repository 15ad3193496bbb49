-- no: 4.1
-- rank: 2
-- fr: Comptes rendus de visite
-- en: Visit reports
-- unit: count
-- better: up
-- needs: activities
-- rows: visits_made
-- revises: yes
-- definition_en: Visits done in the period, by the day of the visit, that have a report: a text that is not blank, or a
--   date of the report, whenever it was written; so a report written late adds to the month of its visit. A source in
--   which no visit at all has a report says nothing about reports.
-- definition_fr: Visites faites dans la période, au jour de la visite, qui ont un compte rendu : un texte non vide ou une
--   date de compte rendu, écrit à tout moment ; un compte rendu tardif s'ajoute donc au mois de sa visite. Une source où
--   aucune visite n'a de compte rendu n'en dit rien.
-- word: not_reported | sans compte rendu | without a report
-- word: no_reports | la source n'a pas de comptes rendus ({n} visite[s]) | the source has no reports ({n} visit[s])
-- trap: un compte rendu d'un mot compte comme un compte rendu
--   | a report of one word counts as a report
-- example: 2026-10-15 2026-10 -> 2 coverage=0.666667 previous=1
-- example: 2026-10-15 2026-10-07 -> 1 | a text
-- example: 2026-10-15 2026-10-08 rep=U1 -> 0 | a blank text
-- example: 2026-10-15 2026-10-12 -> 1 | the day of the report only
-- example: 2026-10-15 2026-10-14 rep=U3 -> 0 | nothing
-- example: 2026-10-15 2026-10-05 rep=U1 -> 0 | planned and not done
-- example: 2026-10-15 2026-08 -> 8
-- example: 2026-10-15 2026-10 $visit_types=meeting -> none because=no_reports | no meeting at all has a report
-- example: 2026-10-15 2026-07-06 -> none because=unknown_outcome
-- example: 2026-10-15 2026-07-06 $visit_types=meeting -> none because=unknown_outcome
-- example: 2026-10-15 2026-07-08 -> none because=no_status
select m.day, m.account_id, m.owner_id, m.id, 1 as num,
       coalesce(m.excluded, case when m.lacks is null and m.reported = 0 then 'not_reported' end) as excluded,
       m.lacks as missing, m.subject, m.type, m.planned, m.outcome, m.report, m.reported_on
from (select v.*, coalesce(v.missing, case when (select count(*) from visits_made r where r.reported = 1) = 0
                                           then 'no_reports' end) as lacks
      from visits_made v) m
