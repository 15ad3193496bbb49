-- Outgoing transfers only; an export has no amounts by transfer.
select k."ID" as delivery_id,
       coalesce(n.order_id, 'name:' || blank(k."Commande client")) as order_id,
       coalesce(c.account_id, n.account_id) as account_id,
       coalesce(day_of(k."Date planifiée"), day_of(k."Date limite")) as planned_date,
       case when lower(k."Statut") in ('fait', 'terminé', 'done') then blank(k."Date du transfert") end as delivered_at,
       case when lower(k."Statut") in ('fait', 'terminé', 'done') then 'delivered'
            when lower(k."Statut") in ('annulé', 'cancelled', 'canceled', 'cancel') then 'cancelled'
            else 'pending' end as status,
       null as amount
from outgoing k
left join order_name n on n.number = blank(k."Commande client")
left join customer_name c on c.name = blank(k."Contact")
