-- definition_en: For each date, the usual number of days from an order to its delivery: the median of the orders delivered by then.
-- definition_fr: À chaque date, délai habituel, en jours, de la commande à la livraison : médiane des commandes déjà livrées.
select d.as_of, median(date_diff('day', o.order_date, o.delivered_at::date)::double) as days
from orders o
join dates d on o.delivered_at::date <= d.as_of
where o.status in ('confirmed', 'delivered')
group by 1
