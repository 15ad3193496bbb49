-- no: 1.3
-- rank: 3
-- fr: Effet panier
-- en: Effect of the basket
-- unit: money
-- better: up
-- input: average_basket
-- definition_en: The part of the change of ordered amount since the previous period that comes from the basket:
--   (b1 - b0)(n0 + n1) / 2, over orders that are not zero; nothing when one of the periods has no order.
-- definition_fr: La part de l'évolution du montant commandé depuis la période précédente due au panier :
--   (b1 - b0)(n0 + n1) / 2, sur les commandes non nulles ; rien si l'une des périodes n'a pas de commande.
-- word: no_previous | pas de période précédente comparable | no comparable period before
-- example: 2026-10-15 2026-10 -> -15750
-- example: 2026-10-15 2026-09 -> 0 | no order before
-- example: 2026-10-15 2025-11 -> 0 | no order now
-- example: 2026-10-15 2025-10 -> none because=no_previous | before it the data do not begin
-- example: 2026-10-15 all -> none because=no_previous | nothing to compare with
select b.period, b.grp,
       case when b.previous_num is null then null
            when coalesce(b.den, 0) = 0 or b.previous_den = 0 then 0
            else (b.value - b.previous) * (b.den + b.previous_den) / 2 end as value,
       case when b.previous_num is null then 'no_previous' end as missing
from average_basket b
