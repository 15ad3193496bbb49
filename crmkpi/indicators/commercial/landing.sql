-- no: 1.1
-- rank: 2
-- fr: Atterrissage au rythme actuel
-- en: Landing at the current pace
-- unit: money
-- better: up
-- target: invoiced_revenue whole
-- forecasts: invoiced_revenue
-- input: invoiced_revenue
-- definition_en: Where invoiced revenue ends if the rest of the period goes like its beginning: revenue to date /
--   (working days elapsed / working days of the period). No value before the first working day.
-- definition_fr: Où finit le chiffre d'affaires si la suite ressemble au début : facturé à ce jour / (jours ouvrés
--   écoulés / jours ouvrés de la période). Pas de valeur avant le premier jour ouvré.
-- word: not_begun | aucun jour ouvré écoulé | no working day has elapsed
-- example: 2026-10-15 2026-10 -> 28000 target=36000
-- example: 2026-10-15 2026-10 team=Sud -> 7000
-- example: 2026-10-15 2026-09 -> 19000 | finished
-- example: 2026-11-01 2026-11 -> none because=not_begun | no working day has elapsed
-- example: 2026-10-01 2026-10 -> 0 | one has, without an invoice
-- example: 2026-10-02 2026-10 -> 88000 | 8,000 in 2 of 22
select r.period, r.grp, r.value::double / nullif(r.days_elapsed, 0) * r.days_total as value,
       case when r.days_elapsed = 0 then 'not_begun' end as missing
from invoiced_revenue r
