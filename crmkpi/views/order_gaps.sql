-- definition_en: The gaps between a customer's order days, the last one open, each with the cycle known on the day it began:
--   the account's setting, else its own, else its segment's of that day, else the default.
-- definition_fr: Les écarts entre jours de commande d'un client, le dernier étant ouvert, chacun avec le cycle connu le jour
--   où il a commencé : celui du compte, sinon le sien, sinon celui de son segment ce jour-là, sinon la valeur par défaut.
with gaps as (
  select o.account_id, o.day, o.next_day, case when o.number >= $min_order_days then o.cycle end as own_cycle,
         a.owner_id, a.segment, case when a.order_cycle_days > 0 then a.order_cycle_days end as set_cycle
  from order_days o
  left join accounts a on a.account_id = o.account_id
), asked as (
  select distinct g.segment, g.day from gaps g where g.own_cycle is null
), segments as (
  select q.segment, q.day, median(g.own_cycle::double) as cycle
  from asked q
  join gaps g on g.segment = q.segment and g.day <= q.day and g.next_day > q.day
  where g.own_cycle is not null
  group by 1, 2
  having count(*) >= $min_segment
)
select g.account_id, g.owner_id, g.day, g.next_day, coalesce(g.set_cycle, g.own_cycle, s.cycle, $default_cycle)::double as cycle,
       case when g.set_cycle is not null then 'account' when g.own_cycle is not null then 'own'
            when s.cycle is not null then 'segment' else 'default' end as cycle_from
from gaps g
left join segments s on s.segment = g.segment and s.day = g.day
