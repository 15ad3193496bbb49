-- no: 1.2
-- rank: 4
-- fr: Taux de marque
-- en: Margin on sales
-- unit: rate
-- better: up
-- needs: orders
-- definition_en: Margin on sales: (net amount - cost) / net amount, over confirmed orders whose cost is known.
-- definition_fr: Marge rapportée aux ventes : (montant net - coût) / montant net, sur les commandes confirmées dont le
--   coût est connu. À ne pas confondre avec le taux de marge, qui divise par le coût.
-- setting: margin_floor=-500 | marge d'une commande en alerte sous | alert on an order whose margin is below
-- word: no_cost | {n} commande[s] sans coût, connu pour {coverage} du montant commandé | {n} order[s] without a cost, known for {coverage} of the ordered amount
-- word: below_cost | commande très en dessous de son coût | order far below its cost
-- word: check_price | vérifier le prix et le coût avec le commercial | check price and cost with the rep
-- alert: P2 rep, team, business_unit: order_count.value > order_count.previous and amount < previous_amount
--   | plus de commandes mais moins de marge qu'à la période précédente
--   | more orders but less margin than in the period before
--   | regarder les remises et les commandes sous le coût
--   | look at the discounts and the orders below cost
-- example: 2026-10-15 2026-10 -> 0.3 num=6750 den=22500 amount=6750 n=6 status=partial
-- example: 2026-10-15 2026-10-09 -> -0.171429 alert=P1:below_cost:check_price
-- example: 2026-10-15 2026-10-09 $margin_floor=-600 -> -0.171429 alert=none | not below the floor
-- example: 2026-10-15 2026-10-01 -> 0.375 alert=none
-- example: 2026-10-15 2026-10-06 -> none because=no_cost | without a cost
-- example: 2026-10-15 2026-10-12 -> none | an order of zero
-- example: 2026-10-15 2026-10-13 -> none | cancelled
-- example: 2026-10-15 2026-10-14 -> none | a draft
-- example: 2026-10-15 2026-10 team=Sud -> 0.19 amount=1900
-- example: 2026-10-06 2026-10 $small_n=1 -> 0.37037 groups=P2:business_unit:Industrie,P2:team:Nord | 2 orders and 3,000, after 1 and 4,000
-- example: 2026-10-05 2026-10 $small_n=1 -> 0.37037 groups=none | as many orders as before
-- example: 2026-10-15 2026-10 $small_n=1 -> 0.3 groups=none | more orders, more margin
select o.day, o.account_id, o.owner_id, o.team, o.business_unit, o.id,
       o.amount - o.cost_amount as num, o.amount as den, o.amount - o.cost_amount as amount, o.amount as base,
       o.excluded, coalesce(o.missing, case when o.cost_amount is null then 'no_cost' end) as missing,
       o.number, o.amount as net_amount, o.cost_amount,
       case when o.amount - o.cost_amount < $margin_floor then 'P1' end as severity,
       'below_cost' as alert_reason, 'check_price' as action, o.day as due
from confirmed_orders o
