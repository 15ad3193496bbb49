-- no: 1.4
-- rank: 8
-- fr: Couverture du pipeline
-- en: Pipeline coverage
-- unit: ratio
-- better: up
-- input: pipeline_signing ordered_amount
-- definition_en: Open amount that should sign in the period and is not overdue / what is still to be ordered to reach the
--   period's ordered amount target. Compare it with the needed coverage.
-- definition_fr: Montant ouvert à signer dans la période, sans retard / reste à commander pour atteindre l'objectif de
--   commandes de la période. À comparer à la couverture nécessaire.
-- word: no_target | pas d'objectif de commandes fourni | no target supplied for the ordered amount
-- word: reached | l'objectif est déjà atteint | the target is already reached
-- alert: P2 rep, team, business_unit: value < needed_coverage.value
--   | le pipeline ne suffit pas pour atteindre l'objectif
--   | the pipeline is not enough to reach the target
--   | ouvrir de nouvelles affaires à signer dans la période
--   | open new deals that can sign in the period
-- example: 2026-10-15 2026-10 -> 0.784314 num=20000 den=25500
-- example: 2026-10-15 2026-10 team=Nord -> 1.73913
-- example: 2026-10-15 2026-10 team=Sud -> 0 | nothing signs in the period
-- example: 2026-10-15 2026-10 rep=U2 -> none because=reached
-- example: 2026-10-15 2026-10 rep=U1 -> none because=no_target
-- example: 2026-10-15 2026-10 $small_n=1 -> 0.784314 groups=P2:business_unit:Services,P2:team:Sud | Nord needs 1.625
select o.period, o.grp, p.value as num, o.target - o.value as den, p.value as amount,
       case when o.target > o.value then p.value::double / (o.target - o.value) end as value,
       case when o.target is null then 'no_target' when o.target <= o.value then 'reached' end as missing
from ordered_amount o
join pipeline_signing p on p.period = o.period and p.grp = o.grp
