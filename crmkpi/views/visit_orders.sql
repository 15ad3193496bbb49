-- definition_en: Each order with the visit that it is credited to. An order is credited to the visit that it names, whenever
--   that was; else to the last visit made to the same account, by anyone, on the day of the order or in the days before (a
--   setting); of two visits of one moment, to the one with the greatest id. Each order is credited once. A visit matures
--   when that many days have passed.
-- definition_fr: Chaque commande avec la visite à laquelle elle est attribuée. Une commande revient à la visite qu'elle
--   nomme, quelle qu'en soit la date ; sinon à la dernière visite du même compte, par qui que ce soit, le jour de la
--   commande ou dans les jours d'avant (un réglage) ; de deux visites du même instant, à celle du plus grand identifiant.
--   Une seule fois. Une visite arrive à maturité quand ce nombre de jours est passé.
-- setting: attribution_days=30 | jours pour attribuer une commande à une visite | days to credit an order to a visit
with made as (
  select m.id, m.account_id, m.day, m.done_at
  from visits_made m
  where m.excluded is null and m.missing is null
), placed as (
  -- only the visits that may be credited in a period, or stand between those and an order; each until the next one
  select m.id, m.account_id, m.day, lead(m.day) over (partition by m.account_id order by m.done_at, m.id) as next_day,
         floor(date_diff('day', date '1900-01-01', m.day)::double / greatest($attribution_days, 1)) as stretch
  from made m
  where exists (select p.period from periods p
                where m.day >= (p.start - interval 1 day * $attribution_days)::date and m.day <= p.as_of)
), naming as (
  select o.account_id, o.order_date as day, o.amount, n.id as named, n.day as visit_day
  from orders o
  left join made n on n.id = o.activity_id
  where o.activity_id is not null and o.status in ('confirmed', 'delivered')
), sold as (
  select n.account_id, n.day, n.amount
  from naming n
  where n.named is null
  union all
  select o.account_id, o.order_date, o.amount
  from orders o
  where o.activity_id is null and o.status in ('confirmed', 'delivered')
    and exists (select p.period from periods p
                where o.order_date >= (p.start - interval 1 day * $attribution_days)::date and o.order_date <= p.as_of)
), reached as (
  -- a visit of the days before is in the stretch of the order's day or in the one before: two equal keys, not a range
  select s.account_id, s.day, s.amount,
         floor(date_diff('day', date '1900-01-01', s.day)::double / greatest($attribution_days, 1)) - b.back as stretch
  from sold s
  cross join (select 0 as back union all select 1) b
)
select n.named as id, n.day, n.amount, 1 as named, (n.visit_day + interval 1 day * $attribution_days)::date as matured
from naming n
where n.named is not null
union all
select m.id, r.day, r.amount, 0, (m.day + interval 1 day * $attribution_days)::date
from reached r
join placed m on m.account_id = r.account_id and m.stretch = r.stretch
where r.day >= m.day and (m.next_day is null or r.day < m.next_day) and date_diff('day', m.day, r.day) <= $attribution_days
