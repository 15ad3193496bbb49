-- definition_en: The gaps between a customer's order days, the last one open, each with the cycle known on the day it began:
--   the account's setting, else its own, else its segment's of that day, else the default.
-- definition_fr: Les écarts entre jours de commande d'un client, le dernier étant ouvert, chacun avec le cycle connu le jour
--   où il a commencé : celui du compte, sinon le sien, sinon celui de son segment ce jour-là, sinon la valeur par défaut.
with gaps as (
  select o.account_id, o.day, o.next_day, case when o.number >= $min_order_days then o.cycle end as own_cycle,
         a.owner_id, a.segment, case when a.order_cycle_days > 0 then a.order_cycle_days end as set_cycle
  from order_days o
  left join accounts a on a.account_id = o.account_id
), turns as (
  -- cycles that a segment gains and loses, by day: its median at a day is that of the counts, whatever the number of gaps
  select g.segment, g.own_cycle as cycle, g.day, 1 as change from gaps g where g.own_cycle is not null
  union all
  select g.segment, g.own_cycle as cycle, g.next_day as day, -1 as change from gaps g where g.own_cycle is not null
), changes as (
  select t.segment, t.cycle, t.day, sum(t.change) as change, 0 as asked from turns t group by 1, 2, 3
), asked as (
  select q.segment, c.cycle, q.day, 0 as change, 1 as asked
  from (select distinct g.segment, g.day from gaps g where g.own_cycle is null) q
  join (select distinct t.segment, t.cycle from turns t) c on c.segment = q.segment
), known as (
  select k.segment, k.cycle, k.day, k.asked, sum(k.change) over (partition by k.segment, k.cycle order by k.day) as n
  from (select * from changes union all select * from asked) k
), ranked as (
  select k.segment, k.cycle, k.day, sum(k.n) over (partition by k.segment, k.day order by k.cycle) as up_to,
         sum(k.n) over (partition by k.segment, k.day) as n
  from known k
  where k.asked = 1
), segments as (
  select r.segment, r.day,
         (min(case when 2 * r.up_to >= r.n then r.cycle end) + min(case when 2 * r.up_to > r.n then r.cycle end))::double / 2 as cycle
  from ranked r
  where r.n >= $min_segment
  group by 1, 2
)
select g.account_id, g.owner_id, g.day, g.next_day, coalesce(g.set_cycle, g.own_cycle, s.cycle, $default_cycle)::double as cycle,
       case when g.set_cycle is not null then 'account' when g.own_cycle is not null then 'own'
            when s.cycle is not null then 'segment' else 'default' end as cycle_from
from gaps g
left join segments s on s.segment = g.segment and s.day = g.day
