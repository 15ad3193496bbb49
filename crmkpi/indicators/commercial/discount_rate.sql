-- no: 1.2
-- rank: 3
-- fr: Taux de remise
-- en: Discount rate
-- unit: rate
-- better: down
-- needs: orders
-- definition_en: What was given away on the list price: (list amount - net amount) / list amount, over confirmed orders
--   that have a list amount.
-- definition_fr: Ce qui est accordé sur le tarif : (montant catalogue - montant net) / montant catalogue, sur les
--   commandes confirmées dont le montant catalogue est connu.
-- setting: discount_spread=2 | remise d'un commercial : écarts médians tolérés | a rep's discount: median deviations allowed
-- word: zero_list | à montant catalogue nul | with a list amount of zero
-- word: no_list | {n} commande[s] sans prix catalogue, connu pour {coverage} du montant catalogue | {n} order[s] without a list price, known for {coverage} of the list amount
-- alert: P2 rep: value > peer_median + $discount_spread * peer_mad and peers >= 3
--   | remises nettement au-dessus de celles de son équipe
--   | discounts well above those of the team
--   | revoir les remises accordées et la règle de validation
--   | review the discounts given and who approves them
-- example: 2026-10-15 2026-10 -> 0.16 num=4000 den=25000 amount=21000 n=6 status=partial
-- example: 2026-10-15 2026-10 rep=U1 -> 0.2 coverage=0.5 | one of two without a list amount
-- example: 2026-10-15 2026-10-08 -> none because=no_list
-- example: 2026-10-15 2026-10-12 -> none coverage=1 | a list amount of zero
-- example: 2026-10-15 2026-10-13 -> none | cancelled
-- example: 2026-10-15 2026-10-14 -> none | a draft
-- example: 2026-10-15 2026-10 team= -> 0 | nothing given away
select o.day, o.account_id, o.owner_id, o.team, o.business_unit, o.id,
       o.list_amount - o.amount as num, o.list_amount as den, o.amount, o.list_amount as base,
       coalesce(o.excluded, case when o.list_amount <= 0 then 'zero_list' end) as excluded,
       coalesce(o.missing, case when o.list_amount is null then 'no_list' end) as missing,
       o.number, o.list_amount
from confirmed_orders o
