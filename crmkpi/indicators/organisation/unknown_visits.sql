-- no: 2.1
-- rank: 3
-- fr: Visites passées d'issue inconnue
-- en: Past visits of unknown outcome
-- unit: count
-- better: down
-- needs: activities
-- dimensions: type
-- definition_en: Visits planned before the day of which the source says neither that they were done nor that they were
--   cancelled: its meetings have no done flag, or nobody set it. They are neither late nor done.
-- definition_fr: Visites prévues avant le jour dit dont la source ne dit ni qu'elles sont faites ni qu'elles sont annulées :
--   ses réunions n'ont pas de case « fait », ou personne ne l'a cochée. Elles ne sont ni en retard ni faites.
-- trap: ce n'est pas un retard : la visite a pu avoir lieu | this is no lateness: the visit may have taken place
-- example: 2025-11-30 2025-11 -> 2
-- example: 2025-11-06 2025-11 customer=C4 -> 0 | planned on the day
-- example: 2025-11-07 2025-11 -> 2
-- example: 2025-11-30 2025-11 type=meeting -> 1 | the source records no meeting as done
-- example: 2025-11-30 2025-11 type=visit -> 1
select v.as_of as day, v.account_id, v.owner_id, v.activity_id as id, 1 as num, v.subject, v.type, v.planned
from pending_visits v
where coalesce(v.excluded, v.missing) in ('unknown_outcome', 'no_done_flag')
