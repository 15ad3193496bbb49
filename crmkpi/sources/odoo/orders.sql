-- Confirmed sale orders (done: locked, before Odoo 17), in the reporting currency at the document's own rate. Odoo's
-- effective date is that of the first transfer: an order is delivered with its last one.
with transfer as (
    select blank(k.sale_id) as order_id, max(local_time(k.date_done)) as last_done
    from stock_picking k join stock_picking_type t on t.id = k.picking_type_id and t.code = 'outgoing'
    where k.state = 'done' group by 1
)
select o.id as order_id,
       blank(o.name) as number,
       o.account_id,
       blank(o.user_id) as owner_id,
       coalesce(t.name, 'team ' || blank(o.team_id)) as team,
       coalesce(c.name, 'company ' || blank(o.company_id)) as business_unit,
       blank(o.opportunity_id) as opportunity_id,
       o.id as quote_id,
       local_time(o.date_order)::date as order_date,
       case when o.delivery_status = 'full' then 'delivered' else 'confirmed' end as status,
       converted(num(o.amount_untaxed), o.rate) as amount,
       converted(l.list_amount, o.rate) as list_amount,
       converted(l.cost_amount, o.rate) as cost_amount,
       local_time(o.commitment_date)::date as requested_delivery_date,
       case when o.delivery_status = 'full' then coalesce(f.last_done, local_time(o.effective_date)) end as delivered_at
from sale o
left join sale_total l on l.order_id = o.id
left join team t on t.id = o.team_id
left join company c on c.id = o.company_id
left join transfer f on f.order_id = o.id
where o.outcome = 'accepted'
