-- no: 1.4
-- rank: 9
-- fr: Couverture nécessaire
-- en: Needed coverage
-- unit: ratio
-- better: none
-- input: win_rate_by_value:12
-- definition_en: How many times what is left to order must be in the pipeline: 1 / win rate by value over the 12 months
--   up to the day.
-- definition_fr: Combien de fois le reste à commander doit se trouver dans le pipeline : 1 / taux de réussite en valeur
--   des 12 mois jusqu'au jour dit.
-- word: never_won | aucune affaire gagnée sur 12 mois | no deal won over 12 months
-- example: 2026-10-15 2026-10 -> 1.4
-- example: 2026-10-15 2026-10 rep=U3 -> 2
-- example: 2026-10-15 2026-10 customer=A3 -> none because=never_won
-- example: 2026-10-15 2026-10 rep=U4 -> none because=never_won | nothing closed
select w.period, w.grp, 1 / nullif(w.value::double, 0) as value,
       case when coalesce(w.value, 0) = 0 then 'never_won' end as missing
from win_rate_by_value w
