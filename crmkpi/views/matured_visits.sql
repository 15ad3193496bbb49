-- definition_en: The visits that mature in each period, with the orders credited to them and known by then. An undated visit
--   may mature in any of them.
-- definition_fr: Les visites arrivées à maturité dans chaque période, avec les commandes qui leur sont attribuées, connues
--   alors. Une visite sans date peut l'être dans chacune.
with credited as (
  select c.id, p.period, count(*) as orders, sum(c.amount)::decimal(18, 2) as amount, sum(c.named) as named
  from visit_orders c
  join periods p on c.matured >= p.start and c.matured <= p.as_of and c.day <= p.seen
  group by 1, 2
), matured as (
  select v.*, (v.day + interval 1 day * $attribution_days)::date as matured
  from visits_made v
)
select m.matured, p.period, m.account_id, m.owner_id, m.id, m.excluded,
       coalesce(m.missing, case when m.day is null then 'no_date' end) as missing,
       coalesce(c.orders, 0) as orders, case when c.id is null then 0 else c.amount end as amount, coalesce(c.named, 0) as named,
       m.day as visit_day, m.subject, m.type, m.outcome, m.report
from matured m
join periods p on coalesce(m.matured, p.start) >= p.start and coalesce(m.matured, p.start) <= p.as_of
left join credited c on c.id = m.id and c.period = p.period
