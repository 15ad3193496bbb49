-- no: 3.2
-- rank: 2
-- fr: Rythme des nouveaux prospects
-- en: Pace of new prospects
-- unit: ratio
-- better: up
-- input: new_prospects/13
-- definition_en: New prospects of the month to date / what the 12 months before would have brought in as many days: their
--   number a day, over the calendar days of those months, times the days of this month to date. 1 is the usual pace. No
--   value where those months brought none or are not known.
-- definition_fr: Nouveaux prospects du mois à ce jour / ce que les 12 mois d'avant auraient donné en autant de jours : leur
--   nombre par jour, sur les jours calendaires de ces mois, multiplié par les jours du mois écoulés. 1 est le rythme
--   habituel. Pas de valeur si ces mois n'en ont donné aucun ou ne sont pas connus.
-- trap: Au-delà d'un mois, la période demandée ne compte pas : c'est le mois où elle s'arrête. |
--   Beyond a month the period asked does not matter: it is the month in which it ends.
-- word: no_past | pas de nouveaux prospects les 12 mois d'avant | no new prospects in the 12 months before
-- example: 2026-10-15 2026-10 -> 10.019607843
-- example: 2026-10-15 2026-10 rep=U1 -> 12.166666667
-- example: 2026-10-15 2026-10 rep=U2 -> 8.111111111
-- example: 2026-10-15 2026-09 -> 1.622222222
-- example: 2026-10-15 2024-03 -> none | the first month
-- example: 2026-10-15 2025-08 -> none because=no_past
-- example: 2026-10-15 2024-04 -> 0
with summed as (
  select p.period, p.grp, sum(case when p.back = 0 then p.value end) as value, sum(case when p.back = 0 then p.days end) as days,
         sum(case when p.back > 0 then p.value end) as past,
         sum(case when p.back > 0 and p.value is not null then p.days end) as past_days
  from new_prospects p
  group by 1, 2
)
select s.period, s.grp, s.value / nullif(s.past / s.past_days * s.days, 0) as value,
       case when s.past = 0 then 'no_past' end as missing
from summed s
