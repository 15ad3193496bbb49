-- "[FURN_6666] Acoustic screens" is reference and name; lines of orders that are not in the orders' export stay.
select l.order_id,
       coalesce(nullif(regexp_extract(l.product, '^\[([^\]]+)\]', 1), ''), l.product) as product_id,
       regexp_replace(l.product, '^\[[^\]]+\] ', '') as product,
       l.quantity,
       case when o.comparable is not false then l.list_amount end as list_amount,
       case when o.comparable is not false then l.amount end as amount,
       case when o.comparable is not false then l.cost_amount end as cost_amount
from sale_line l left join sale o on o."ID" = l.order_id
where l.confirmed is not false
