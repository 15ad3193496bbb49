-- no: 4.3
-- rank: 3
-- fr: Conversion des leads en opportunités
-- en: Leads converted to opportunities
-- unit: rate
-- better: up
-- needs: leads
-- revises: yes
-- dimensions: product_interest source campaign
-- heeds: qualified_when_converted
-- definition_en: Of the leads qualified in the period, the share that has an opportunity by the as-of day: converted, or
--   linked to an opportunity; the day is that of the conversion, else of the creation of the opportunity, and without
--   either it counts at every day. The rate of recent months still rises. The amount is the potential of those converted.
-- definition_fr: Parmi les leads qualifiés dans la période, la part qui a une opportunité au jour dit : convertis, ou liés
--   à une opportunité ; le jour est celui de la conversion, sinon de la création de l'opportunité, et sans l'un ni
--   l'autre ils comptent à tout jour. Le taux des mois récents monte encore. Le montant est le potentiel des convertis.
-- trap: là où la source ne date la qualification que par la conversion (Odoo), le taux est de 100 % par construction
--   | where the source dates the qualification by the conversion only (Odoo), the rate is 100 % by construction
-- trap: comparer les mois à âge égal : un mois récent a eu moins de temps pour convertir
--   | compare months at equal age: a recent month has had less time to convert
-- example: 2026-10-15 2026-09 -> 0.5 num=2 den=4 amount=1050 coverage=0.666667 because=no_date
-- example: 2026-10-06 2026-09 -> 0.5 | without a day of conversion: that of the opportunity
-- example: 2026-10-05 2026-09 -> 0.25 amount=1000 | the day before
-- example: 2026-09-20 2026-09 -> 0.333333 amount=1000 | converted on the day
-- example: 2026-09-19 2026-09 -> 0 amount=0 | the day before
-- example: 2026-10-15 2026-09 source=Salon -> 0.666667
-- example: 2026-10-15 2026-10 -> 0.285714 num=2 den=7 amount=30
-- example: 2026-10-03 2026-10 -> 0.5 | an opportunity without a day, at every day
-- example: 2026-10-04 2026-10 -> 0.666667 | converted without a day, at every day
-- example: 2026-10-15 2026-10-14 -> none because=no_date | refused, never qualified
-- example: 2026-10-15 2026-09-30 -> 0 den=1
select f.day, f.period, f.account_id, f.owner_id, f.lead_id as id, case when f.converted <= f.seen then 1 else 0 end as num, 1 as den,
       case when f.converted <= f.seen then f.potential_amount else 0 end as amount, f.missing,
       f.name, f.product_interest, f.source, f.campaign, f.status, f.opportunity_id, f.converted, f.potential_amount
from (select c.*, coalesce(c.converted_at::date, o.created_at::date,
                           case when c.status = 'converted' or c.opportunity_id is not null then c.day end) as converted
      from lead_cohorts c
      left join opportunities o on o.opportunity_id = c.opportunity_id) f
