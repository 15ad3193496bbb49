-- no: 4.3
-- rank: 4
-- fr: Conversion des leads en commandes
-- en: Leads converted to orders
-- unit: rate
-- better: up
-- needs: leads orders
-- revises: yes
-- dimensions: product_interest source campaign
-- definition_en: Of the leads qualified in the period, the share that has ordered by the as-of day: a confirmed or delivered
--   order of the lead's opportunity, or of its account after the day of the qualification. The rate of recent months
--   still rises. The amount is the potential of those that ordered.
-- definition_fr: Parmi les leads qualifiés dans la période, la part qui a commandé au jour dit : une commande confirmée ou
--   livrée de l'opportunité du lead, ou de son compte après le jour de la qualification. Le taux des mois récents monte
--   encore. Le montant est le potentiel de ceux qui ont commandé.
-- trap: un lead rattaché à un client qui commande déjà paraît converti sans l'être
--   | a lead linked to a customer who orders anyway looks converted without being so
-- example: 2026-10-15 2026-09 -> 0.5 num=2 den=4 amount=3000 coverage=0.666667 because=no_date
-- example: 2026-10-12 2026-09 -> 0.5 | its account ordered after the qualification
-- example: 2026-10-11 2026-09 -> 0.25 amount=1000 | the day before
-- example: 2026-10-10 2026-09 -> 0.25 amount=1000 | an order of its opportunity, delivered since
-- example: 2026-10-09 2026-09 -> 0 | the day before
-- example: 2026-10-15 2026-10 -> 0 den=7 | neither an order of the day of the qualification nor a cancelled one
-- example: 2026-10-15 2026-09-15 -> 0 | a draft
-- example: 2026-10-15 2026-10-14 -> none | refused, never qualified
with sold as (
  select o.opportunity_id, o.account_id, o.order_date as day from orders o where o.status in ('confirmed', 'delivered')
), ordered as (
  select t.lead_id, min(t.day) as first_order
  from (select l.lead_id, s.day from leads l join sold s on s.opportunity_id = l.opportunity_id
        union all
        select l.lead_id, s.day from leads l join sold s on s.account_id = l.account_id and s.day > l.qualified_at::date) t
  group by 1
)
select c.day, c.period, c.account_id, c.owner_id, c.lead_id as id, case when o.first_order <= c.seen then 1 else 0 end as num,
       1 as den, case when o.first_order <= c.seen then c.potential_amount else 0 end as amount, c.missing,
       c.name, c.product_interest, c.source, c.campaign, c.status, c.opportunity_id, o.first_order, c.potential_amount
from lead_cohorts c
left join ordered o on o.lead_id = c.lead_id
