-- definition_en: The usual number of days from an order to its delivery: the median of delivered orders.
-- definition_fr: Délai habituel, en jours, de la commande à la livraison : médiane des commandes livrées.
select median(date_diff('day', o.order_date, o.delivered_at::date)::double) as days
from orders o
where o.status in ('confirmed', 'delivered') and o.delivered_at is not null
