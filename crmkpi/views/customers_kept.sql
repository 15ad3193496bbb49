-- definition_en: The customers that were active or inactive at the opening of a period (the day before its start): the
--   revenue of their 12 months up to that day, and what became of them by the day the period is seen at.
-- definition_fr: Les clients actifs ou inactifs à l'ouverture d'une période (la veille de son début) : leur commandé des 12
--   mois jusqu'à ce jour, et ce qu'ils sont devenus au jour où la période est vue.
with a_year_before as (
  select p.period, o.account_id, o.revenue_so_far
  from periods p
  join order_days o on o.day <= (p.opening - interval 12 month)::date and o.next_day > (p.opening - interval 12 month)::date
)
select p.period, p.as_of, b.account_id, e.owner_id, b.state as opening_state, e.state,
       case when e.state = 'lost' then 1 else 0 end as is_lost,
       (b.revenue_so_far - coalesce(y.revenue_so_far, 0))::decimal(18,2) as opening_revenue, e.revenue,
       e.last_order, e.last_answer, e.cycle, e.cycle_from, e.age, e.quiet, e.lost_after
from periods p
join customer_state b on b.as_of = p.opening and b.state <> 'lost'
left join customer_state e on e.as_of = p.as_of and e.account_id = b.account_id
left join a_year_before y on y.period = p.period and y.account_id = b.account_id
