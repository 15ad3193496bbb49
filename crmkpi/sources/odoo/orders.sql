-- Confirmed sale orders (done: locked, before Odoo 17), in the reporting currency at the document's own rate.
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
       case when o.delivery_status = 'full' then local_time(o.effective_date) end as delivered_at
from sale o
left join sale_total l on l.order_id = o.id
left join team t on t.id = o.team_id
left join company c on c.id = o.company_id
where o.outcome = 'accepted'
