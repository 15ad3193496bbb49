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
-- word: no_date | {n} lead[s] qualifié[s] sans jour de qualification | {n} qualified lead[s] without a day of qualification
-- trap: un lead rattaché à un client qui commande déjà paraît converti sans l'être
--   | a lead linked to a customer who orders anyway looks converted without being so
-- example: 2026-10-15 2026-09 -> 0.5 num=2 den=4 amount=3000 coverage=0.666667 because=no_date
-- example: 2026-10-12 2026-09 -> 0.5 | its account ordered after the qualification
-- example: 2026-10-11 2026-09 -> 0.25 amount=1000 | the day before
-- example: 2026-10-10 2026-09 -> 0.25 | an order of its opportunity
-- example: 2026-10-09 2026-09 -> 0 | the day before
-- example: 2026-10-15 2026-10 -> 0 den=7 | neither an order of the day of the qualification nor a cancelled one
-- example: 2026-10-15 2026-09-15 -> 0 | a draft
-- example: 2026-10-15 2026-10-14 -> none | refused, never qualified
with ordered as (
  select t.lead_id, min(t.day) as day
  from (select l.lead_id, o.order_date as day from leads l join orders o on o.opportunity_id = l.opportunity_id
        where o.status in ('confirmed', 'delivered')
        union all
        select l.lead_id, o.order_date from leads l
        join orders o on o.account_id = l.account_id and o.order_date > l.qualified_at::date
        where o.status in ('confirmed', 'delivered')) t
  group by 1
), followed as (
  select l.*, o.day as first_order
  from leads l
  left join ordered o on o.lead_id = l.lead_id
  where l.qualified_at is not null or l.status in ('qualified', 'converted')
)
select f.qualified_at::date as day, p.period, f.account_id, f.owner_id, f.lead_id as id,
       case when f.first_order <= p.seen then 1 else 0 end as num, 1 as den,
       case when f.first_order <= p.seen then f.potential_amount else 0 end as amount,
       case when f.qualified_at is null then 'no_date' end as missing,
       f.company as name, f.product_interest, f.source, f.campaign, f.status, f.opportunity_id, f.first_order,
       f.potential_amount
from followed f
join periods p on coalesce(f.qualified_at::date, p.start) >= p.start and coalesce(f.qualified_at::date, p.start) <= p.as_of
