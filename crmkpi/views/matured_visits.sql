-- definition_en: The visits that mature in each period, with the orders credited to them and known on the as-of day. A
--   past visit of unknown outcome is missing when it would mature, counted from its planned day; an undated visit is
--   missing in every period.
-- definition_fr: Les visites arrivées à maturité dans chaque période, avec les commandes qui leur sont attribuées, connues
--   au jour dit. Une visite passée d'issue inconnue manque quand elle arriverait à maturité, comptée de son jour prévu ;
--   une visite sans date manque dans chaque période.
with ripe as (
  select v.*, (v.day + interval 1 day * $attribution_days)::date as matured
  from visits_made v
), spans as (
  select d.matured, p.period, p.seen
  from (select distinct r.matured from ripe r) d
  join periods p on coalesce(d.matured, p.start) >= p.start and coalesce(d.matured, p.start) <= p.as_of
), credited as (
  select c.id, s.period, count(*) as orders, sum(c.amount)::decimal(18, 2) as amount, sum(c.named) as named
  from visit_orders c
  join spans s on s.matured = c.matured and c.day <= s.seen
  group by 1, 2
)
select r.matured, s.period, r.account_id, r.owner_id, r.id, r.excluded,
       coalesce(r.missing, case when r.day is null then 'no_date' end) as missing,
       coalesce(c.orders, 0) as orders, case when c.id is null then 0 else c.amount end as amount, c.named,
       r.day as visit_day, r.subject, r.type, r.outcome, r.report
from ripe r
join spans s on s.matured is not distinct from r.matured
left join credited c on c.id = r.id and c.period = s.period
