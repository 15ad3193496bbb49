-- definition_en: What each account ordered in the 12 months up to each date (confirmed and delivered orders), and its place
--   among the accounts that ordered for more than nothing.
-- definition_fr: Ce que chaque compte a commandé dans les 12 mois jusqu'à chaque date (commandes confirmées et livrées), et
--   sa place parmi les comptes qui ont commandé pour plus que rien.
with summed as (
  select d.as_of, o.account_id, sum(o.amount)::decimal(18,2) as revenue
  from orders o
  join dates d on o.order_date <= d.as_of and o.order_date > (d.as_of - interval 12 month)::date
  where o.status in ('confirmed', 'delivered') and o.account_id is not null
  group by 1, 2
)
select s.as_of, s.account_id, s.revenue,
       rank() over (partition by s.as_of order by s.revenue desc) as place,
       sum(case when s.revenue > 0 then 1 else 0 end) over (partition by s.as_of) as buyers
from summed s
