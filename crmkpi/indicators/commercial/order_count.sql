-- no: 1.2
-- rank: 2
-- fr: Nombre de commandes
-- en: Number of orders
-- unit: count
-- better: up
-- needs: orders
-- lines: product_lines
-- target: order_count
-- definition_en: How many orders were confirmed or delivered, by order date.
-- definition_fr: Nombre de commandes confirmées ou livrées, à leur date.
-- word: effect_count | effet du nombre de commandes | effect of the number of orders
-- word: effect_basket | effet du panier moyen | effect of the average basket
-- alert: P3 rep, team, business_unit: (attainment >= 1 and ordered_amount.attainment < $attainment_watch)
--   or (attainment < $attainment_watch and ordered_amount.attainment >= 1)
--   | objectif tenu en nombre ou en montant, mais pas les deux
--   | target held in number or in amount, not in both
--   | regarder le panier moyen : de petites commandes, ou quelques grosses
--   | look at the average basket: small orders, or a few big ones
-- example: 2026-10-15 2026-10 -> 8 amount=24500 target=20 target_to_date=10
-- example: 2026-10-15 2026-10-12 -> 1 amount=0 | an order of zero is an order
-- example: 2026-10-15 2026-10-13 -> 0 | cancelled
-- example: 2026-10-15 2026-10-14 -> 0 | a draft
-- example: 2026-10-15 2026-10 team=Sud -> 3
-- example: 2026-10-15 2026-10 -> 8 groups=P3:business_unit:Services,P3:team:Sud | 50 % in number, 100 % in amount
-- example: 2026-10-15 2026-10 $attainment_watch=0.5 -> 8 groups=none | 50 % is not under 50 %
select o.day, o.account_id, o.owner_id, o.team, o.business_unit, o.id,
       case when o.status is not null then 1 end as num, o.amount,
       o.excluded, case when o.status is null then 'no_status' end as missing, o.number, o.status
from confirmed_orders o
