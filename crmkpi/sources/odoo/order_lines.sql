select l.order_id,
       coalesce(blank(l.product_id), 'line ' || l.id) as product_id,
       coalesce(translated(t.name), string_split(l.name, chr(10))[1]) as product,
       coalesce(blank(f.complete_name), translated(f.name)) as product_family,
       l.quantity,
       converted(l.list_price, o.rate) as list_amount,
       converted(l.net_amount, o.rate) as amount,
       converted(l.cost, o.rate) as cost_amount
from sale_line l
join sale o on o.id = l.order_id and o.outcome = 'accepted'
left join product_product p on p.id = l.product_id
left join product_template t on t.id = p.product_tmpl_id
left join product_category f on f.id = t.categ_id
