-- definition_en: The customers that are inactive or lost at the day, with their place among all of these by the revenue of
--   the 12 months before their last order.
-- definition_fr: Les clients inactifs ou perdus au jour dit, avec leur rang parmi eux tous par le commandé des 12 mois
--   avant leur dernière commande.
-- setting: top_customers=10 | gros clients silencieux : un sur | big silent customers: one in
select s.as_of, s.account_id, s.owner_id, s.last_order, s.revenue, s.last_answer, s.cycle, s.cycle_from, s.age, s.quiet,
       s.lost_after, s.state,
       case when rank() over (partition by s.as_of order by s.revenue desc)
                 <= ceil(count(*) over (partition by s.as_of)::double / $top_customers) then 1 else 0 end as is_big
from customer_state s
where s.state <> 'active'
