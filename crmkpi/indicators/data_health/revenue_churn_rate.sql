-- no: 3.3
-- rank: 5
-- company: churn
-- fr: Taux d'attrition en chiffre d'affaires
-- en: Revenue churn rate
-- unit: rate
-- better: down
-- needs: orders
-- helps: accounts | ni segment ni cycle fixé sur les comptes | neither segments nor cycles set on accounts
-- helps: activities.direction | silence non vérifiée | silence not checked
-- dimensions: cycle_from
-- definition_en: What the customers that were active or inactive the day before the period began had ordered in the 12
--   months up to that day: the part of those that are lost at the day the period is seen at / that of all. The amount is
--   the revenue lost.
-- definition_fr: Ce que les clients actifs ou inactifs la veille du début de la période avaient commandé dans les 12 mois
--   jusqu'à ce jour : la part de ceux qui sont perdus au jour où la période est vue / celle de tous. Le montant est le
--   chiffre d'affaires perdu.
-- trap: le commandé d'avant la période, et non celui d'avant la dernière commande : les clients perdus et gardés sont
--   mesurés sur les mêmes 12 mois
--   | what was ordered before the period, not before the last order: lost and kept are measured over the same 12 months
-- example: 2026-07-31 2026-04 -> 0.817518 num=5600 den=6850 amount=5600 n=7
-- example: 2026-07-31 2026-05 -> 0 den=1250 amount=0
-- example: 2026-07-31 2026-06 -> 0.4 num=500 den=1250 | A5's order of 31 December
-- example: 2026-07-31 2026-07 -> 0.4 num=300 den=750
-- example: 2026-07-31 2026-04 rep=U2 -> 0.4 num=200 den=500
-- example: 2026-07-31 2026-04 cycle_from=account -> 1
-- example: 2026-07-31 all -> none
select k.as_of as day, k.period, k.account_id, k.owner_id, k.account_id as id,
       case when k.is_lost = 1 then k.opening_revenue else 0::decimal(18,2) end as num, k.opening_revenue as den,
       case when k.is_lost = 1 then k.opening_revenue else 0::decimal(18,2) end as amount, k.cycle_from,
       k.opening_state, k.state, k.last_order, k.cycle, k.age, k.quiet, k.last_answer
from customers_kept k
