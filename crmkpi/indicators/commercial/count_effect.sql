-- no: 1.3
-- rank: 2
-- fr: Effet nombre de commandes
-- en: Effect of the number of orders
-- unit: money
-- better: up
-- input: average_basket
-- definition_en: The part of the change of ordered amount since the previous period that comes from the number of orders:
--   (n1 - n0)(b0 + b1) / 2, over orders that are not zero; all of the change when one of the periods has no order.
-- definition_fr: La part de l'évolution du montant commandé depuis la période précédente due au nombre de commandes :
--   (n1 - n0)(b0 + b1) / 2, sur les commandes non nulles ; toute l'évolution si l'une des périodes n'a pas de commande.
-- word: no_previous | pas de période précédente comparable | no comparable period before
-- example: 2026-10-15 2026-10 -> 26250
-- example: 2026-10-15 2026-09 -> 20000 | no order before: all of the change
-- example: 2026-10-15 2025-11 -> -5000 | no order now: all of the change
-- example: 2026-10-15 2025-10 -> none because=no_previous | before it the data do not begin
-- example: 2026-10-15 all -> none because=no_previous | nothing to compare with
select b.period, b.grp,
       case when coalesce(b.den, 0) = 0 or b.previous_den = 0 then coalesce(b.num, 0) - b.previous_num
            else (b.den - b.previous_den) * (b.value + b.previous) / 2 end as value,
       case when b.previous_num is null then 'no_previous' end as missing
from average_basket b
