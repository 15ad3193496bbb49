-- no: 3.3
-- rank: 4
-- company: churn
-- fr: Taux d'attrition
-- en: Churn rate
-- unit: rate
-- better: down
-- needs: orders
-- helps: accounts | ni segment ni cycle fixé sur les comptes | neither segments nor cycles set on accounts
-- helps: activities.direction | silence non vérifiée | silence not checked
-- dimensions: cycle_from
-- definition_en: Of the customers that were active or inactive the day before the period began, the share that is lost at
--   the day it is seen at (its last day, or the as-of day). The amount is what they ordered in the 12 months up to the
--   day before the period.
-- definition_fr: Parmi les clients actifs ou inactifs la veille du début de la période, la part qui est perdue au jour où
--   elle est vue (son dernier jour, ou le jour de l'état). Le montant est ce qu'ils avaient commandé dans les 12 mois
--   jusqu'à la veille de la période.
-- trap: les taux des mois ne s'ajoutent pas et ne se moyennent pas : le taux d'une année se demande pour l'année
--   | months' rates neither add up nor average: ask the year for the year's rate
-- trap: une période plus courte que deux cycles ne perd que des clients déjà silencieux à son début
--   | a period shorter than two cycles only loses customers that were already silent at its start
-- example: 2026-07-31 2026-04 -> 0.428571 num=3 den=7 amount=6850 n=7 | A1, A2, A4 of the seven of 31 March
-- example: 2026-07-31 2026-05 -> 0 den=4 previous=0.428571 | A3, A5, A7, X9 are kept
-- example: 2026-07-31 2026-06 -> 0.25 | A5 of the same four
-- example: 2026-07-31 2026-Q2 -> 0.571429 num=4 den=7
-- example: 2026-07-31 2026-07 -> 0.333333 num=1 den=3 | A3 of A3, A7, X9
-- example: 2026-07-31 2026-01 -> 0 den=3 amount=5000 | A5 with its order of the opening day, without that of a year before to the day
-- example: 2026-07-31 2026-01-02/2026-02-01 -> 0 den=4 amount=4900 | one day later the order of 1 January 2025 is out, and A1 is in
-- example: 2026-04-11 2026-04 -> 0.142857 | A4
-- example: 2026-07-31 2026-04 cycle_from=own -> 1
-- example: 2026-07-31 2026-04 cycle_from=default -> 0 den=4
-- example: 2026-07-31 2026-04 rep=U1 -> 0.666667
-- example: 2026-07-31 2026-04 rep= -> 0 den=2
-- example: 2026-07-31 2024-10 -> none | no customer before it
-- example: 2026-07-31 all -> none
select k.as_of as day, k.period, k.account_id, k.owner_id, k.account_id as id, k.is_lost as num, 1 as den,
       k.opening_revenue as amount, k.cycle_from, k.opening_state, k.state, k.last_order, k.cycle, k.age, k.quiet,
       k.last_answer
from customers_kept k
