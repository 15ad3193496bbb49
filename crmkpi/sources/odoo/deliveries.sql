-- Outgoing transfers only: what comes in, or moves inside the warehouse, is no delivery. Worth what its moves
-- carry, at the prices of the order's lines.
with moved as (
    select m.picking_id, o.id as order_id,
           sum(converted(l.net_amount / nullif(l.quantity, 0)
               * case when m.state = 'done' then coalesce(num(m.quantity), num(m.quantity_done))
                      else num(m.product_uom_qty) end, o.rate)) as amount
    from stock_move m
    join sale_line l on l.id = m.sale_line_id and l.product_id = m.product_id
    join sale o on o.id = l.order_id
    where m.state <> 'cancel'
    group by 1, 2
), worth as (
    select picking_id, min(order_id) as order_id, sum(amount) as amount from moved group by 1
)
select k.id as delivery_id,
       coalesce(blank(k.sale_id), v.order_id) as order_id,
       coalesce(p.account_id, o.account_id) as account_id,
       coalesce(local_time(k.scheduled_date), local_time(k.date_deadline))::date as planned_date,
       case when k.state = 'done' then local_time(k.date_done) end as delivered_at,
       case k.state when 'done' then 'delivered' when 'cancel' then 'cancelled' else 'pending' end as status,
       v.amount
from stock_picking k
join stock_picking_type t on t.id = k.picking_type_id and t.code = 'outgoing'
left join worth v on v.picking_id = k.id
left join partner p on p.id = k.partner_id
left join sale o on o.id = coalesce(blank(k.sale_id), v.order_id)
