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
  -- only the visits that may be credited in a period, or stand between those and an order
  select m.id, m.account_id, m.day, row_number() over (partition by m.account_id order by m.done_at, m.id) as place
  from made m
  where exists (select p.period from periods p
                where m.day >= (p.start - interval 1 day * $attribution_days)::date and m.day <= p.as_of)
), sold as (
  select o.account_id, o.order_date as day, o.amount, n.id as named, n.day as visit_day
  from orders o
  left join made n on n.id = o.activity_id
  where o.status in ('confirmed', 'delivered')
    and (o.activity_id is not null
         or exists (select p.period from periods p
                    where o.order_date >= (p.start - interval 1 day * $attribution_days)::date and o.order_date <= p.as_of))
), timeline as (
  select m.account_id, m.day, 0 as is_order, m.place, null::decimal(18, 2) as amount
  from placed m
  union all
  select s.account_id, s.day, 1, null, s.amount
  from sold s
  where s.named is null
), seen as (
  select t.account_id, t.day, t.is_order, t.amount,
         max(t.place) over (partition by t.account_id order by t.day, t.is_order) as place
  from timeline t
)
select s.named as id, s.day, s.amount, 1 as named, (s.visit_day + interval 1 day * $attribution_days)::date as matured
from sold s
where s.named is not null
union all
select m.id, w.day, w.amount, 0, (m.day + interval 1 day * $attribution_days)::date
from seen w
join placed m on m.account_id = w.account_id and m.place = w.place
where w.is_order = 1 and date_diff('day', m.day, w.day) <= $attribution_days
