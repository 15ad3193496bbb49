-- materialised: yes
-- definition_en: The days on which a customer ordered something: confirmed or delivered orders of an amount above zero,
--   several of one day being one. Each with the day of the next one, how many there were up to it, the median of the
--   gaps known by then (the customer's own cycle, without a look ahead), the revenue of the 12 months up to it, and all
--   revenue up to it. A cancelled or unreadable order is on no day.
-- definition_fr: Les jours où un client a commandé : commandes confirmées ou livrées d'un montant positif, plusieurs d'un
--   même jour comptant pour une. Chacun avec le jour de la suivante, combien il y en a eu jusque-là, la médiane des écarts
--   alors connus (le cycle propre du client, sans regarder l'avenir), le commandé des 12 mois jusqu'à ce jour et tout le
--   commandé jusque-là. Une commande annulée ou illisible n'est à aucun jour.
with days as (
  select o.account_id, o.order_date as day, sum(o.amount) as revenue
  from orders o
  where o.account_id is not null and o.order_date is not null and o.status in ('confirmed', 'delivered') and o.amount > 0
  group by 1, 2
), steps as (
  select d.account_id, d.day, d.revenue, lag(d.day) over (partition by d.account_id order by d.day) as previous_day,
         lead(d.day) over (partition by d.account_id order by d.day) as later_day,
         row_number() over (partition by d.account_id order by d.day) as number
  from days d
)
select s.account_id, s.day, coalesce(s.later_day, date '9999-12-31') as next_day, s.number,
       median(date_diff('day', s.previous_day, s.day)::double) over (partition by s.account_id order by s.day) as cycle,
       s.revenue::decimal(18,2) as revenue,
       (sum(s.revenue) over (partition by s.account_id order by s.day))::decimal(18,2) as revenue_so_far,
       (sum(s.revenue) over (partition by s.account_id order by s.day
                             range between interval 12 month preceding and current row)
        - coalesce(sum(s.revenue) over (partition by s.account_id order by s.day
                                        range between interval 12 month preceding and interval 12 month preceding), 0)
       )::decimal(18,2) as revenue_12m
from steps s
