-- no: 1.1
-- rank: 4
-- fr: Rythme nécessaire
-- en: Needed pace
-- unit: money_per_day
-- better: down
-- input: invoiced_revenue
-- definition_en: What must be invoiced each working day left to reach the period's target: max(0, target - revenue) /
--   working days left.
-- definition_fr: Ce qu'il faut facturer par jour ouvré restant pour atteindre l'objectif : max(0, objectif - facturé) /
--   jours ouvrés restants.
-- word: no_target | pas d'objectif fourni | no target supplied
-- word: no_days_left | plus de jour ouvré dans la période | no working day left in the period
-- example: 2026-10-15 2026-10 -> 2000 num=22000 den=11
-- example: 2026-10-15 2026-10 rep=U4 -> 363.636364 | no sale yet
-- example: 2026-10-15 2026-10 customer=A1 -> none because=no_target
-- example: 2026-10-15 2026-09 -> none because=no_days_left
-- example: 2026-09-15 2026-09 rep=U1 -> 0 | the target is reached
-- example: 2026-10-29 2026-10 -> 22000 den=1 | one day left
select r.period, r.grp, r.gap as num, r.days_left as den, r.gap::double / nullif(r.days_left, 0) as value,
       case when r.target is null then 'no_target' when r.days_left = 0 then 'no_days_left' end as missing
from (
  select i.*, case when i.target is not null and i.value is not null then greatest(0, i.target - i.value) end as gap
  from invoiced_revenue i
) r
