-- no: 3.3
-- rank: 3
-- company: churn
-- fr: Clients nouvellement perdus
-- en: Newly lost customers
-- unit: count
-- better: down
-- needs: orders
-- helps: accounts | ni segment ni cycle fixé sur les comptes | neither segments nor cycles set on accounts
-- helps: activities.direction | silence non vérifiée | silence not checked
-- dimensions: cycle_from
-- definition_en: Customers that were active or inactive the day before the period began and are lost at the day it is seen
--   at (its last day, or the as-of day). Who first ordered in the period was nobody's customer at its start and is not
--   counted. The amount is the revenue of the 12 months before the last order, that order included.
-- definition_fr: Clients actifs ou inactifs la veille du début de la période et perdus au jour où elle est vue (son dernier
--   jour, ou le jour de l'état). Qui a commandé pour la première fois dans la période n'était pas client à son début et
--   n'est pas compté. Le montant est le commandé des 12 mois avant la dernière commande, celle-ci comprise.
-- trap: les mois ne s'ajoutent pas : un client perdu en mars et revenu en mai est perdu en mars, pas sur l'année
--   | months do not add up: a customer lost in March and back in May is lost in March, not over the year
-- example: 2026-07-31 2026-04 -> 3 amount=5600 | A1, A2, A4
-- example: 2026-07-31 2026-05 -> 0 previous=3
-- example: 2026-07-31 2026-06 -> 1 amount=700 | A5
-- example: 2026-07-31 2026-Q2 -> 4 | all four
-- example: 2026-07-31 2026-07 -> 1 amount=300 | A3; A1 was lost before it and is back
-- example: 2026-07-31 2026 -> 2 | of the three of the last day of 2025: A2 and A5
-- example: 2026-04-01 2026-04 -> 1 | A4, seen on its day
-- example: 2026-04-12 2026-04 -> 2 | and A1
-- example: 2026-07-31 2026-04 rep=U1 -> 2
-- example: 2026-07-31 2026-04 cycle_from=account -> 1
-- example: 2026-07-31 all -> 0 | nobody was there before everything
select k.as_of as day, k.period, k.account_id, k.owner_id, k.account_id as id, 1 as num, k.revenue as amount, k.cycle_from,
       k.last_order, k.cycle, k.age, k.quiet, k.last_answer, k.lost_after
from customers_kept k
where k.is_lost = 1
