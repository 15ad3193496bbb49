select o."ID" as order_id,
       o.number,
       o.account_id,
       u.user_id as owner_id,
       blank(o."Équipe commerciale") as team,
       blank(o."Société") as business_unit,
       coalesce(p.opportunity_id, 'name:' || blank(o."Opportunité")) as opportunity_id,
       o."ID" as quote_id,
       day_of(o."Date de la commande") as order_date,
       case when o.delivered then 'delivered' else 'confirmed' end as status,
       case when o.comparable then blank(o."Montant hors taxes") end as amount,
       case when o.comparable then l.list_amount end as list_amount,
       -- without the lines' export, the margin tells the cost
       case when o.comparable
            then coalesce(l.cost_amount, num(o."Montant hors taxes") - num(o."Marge")) end as cost_amount,
       day_of(o."Date de livraison") as requested_delivery_date,
       case when o.delivered then blank(o."Date effective") end as delivered_at
from sale o
left join order_name n on n.number = o.number
left join sale_total l on l.order_id = n.order_id
left join user_name u on u.name = blank(o."Vendeur")
left join opportunity_name p on p.name = blank(o."Opportunité")
where o.outcome = 'accepted'
