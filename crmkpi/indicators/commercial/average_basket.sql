-- no: 1.3
-- rank: 1
-- fr: Panier moyen
-- en: Average basket
-- unit: money
-- better: up
-- needs: orders
-- lines: product_lines
-- target: average_basket = ordered_amount / order_count
-- beside: median = median(num::double) | médiane | median
-- beside: p90 = percentile_cont(0.9) within group (order by num::double) | 9e décile | 9th decile
-- definition_en: Ordered amount / number of orders, over confirmed orders whose amount is not zero. The median and the
--   9th decile stand beside it, since one big order hides a fall.
-- definition_fr: Montant commandé / nombre de commandes, sur les commandes confirmées de montant non nul. La médiane et le
--   9e décile sont à côté : une grosse commande cache une baisse.
-- word: effect_count | effet du nombre de commandes | effect of the number of orders
-- word: effect_basket | effet du panier moyen | effect of the average basket
-- word: zero | de montant nul | with an amount of zero
-- example: 2026-10-15 2026-10 -> 3500 num=24500 den=7 median=3500 p90=6500 target=2500 previous=7000
-- example: 2026-10-15 2026-10-12 -> none | an order of zero
-- example: 2026-10-15 2026-10-13 -> none | cancelled
-- example: 2026-10-15 2026-10-14 -> none | a draft
-- example: 2026-10-15 2026-10 rep=U1 -> 5750 target=4000
-- example: 2026-10-15 2026-10 team=Sud -> 3333.333333
select o.day, o.account_id, o.owner_id, o.team, o.business_unit, o.id, o.amount as num, 1 as den, o.amount, o.amount as base,
       coalesce(o.excluded, case when o.amount = 0 then 'zero' end) as excluded, o.missing, o.number, o.status
from confirmed_orders o
