-- Customer invoices and credit notes only, signed, in the company's currency. A deposit counts through its
-- final invoice, which is therefore shown before the deduction of its deposits.
select m.id as invoice_id,
       nullif(blank(m.name), '/') as number,
       m.account_id,
       blank(m.invoice_user_id) as owner_id,
       coalesce(t.name, 'team ' || blank(m.team_id)) as team,
       coalesce(c.name, 'company ' || blank(m.company_id)) as business_unit,
       case when o.orders = 1 then o.order_id end as order_id,
       coalesce(blank(m.invoice_date), blank(m.date), local_time(m.create_date)::date::text) as invoice_date,
       blank(m.invoice_date_due) as due_date,
       case when d.nothing_else then 'deposit'
            when m.move_type = 'out_refund' then 'credit_note' else 'invoice' end as type,
       case m.state when 'cancel' then 'cancelled' else m.state end as status,
       converted(num(m.amount_untaxed_signed) - case when d.nothing_else then 0 else coalesce(d.amount_signed, 0) end,
                 m.rate) as amount,
       converted(num(m.amount_total_signed), m.rate) as amount_with_tax,
       converted(num(m.amount_residual_signed), m.rate) as open_amount
from customer_invoice m
left join deposit d on d.move_id = m.id
left join invoice_order o on o.move_id = m.id
left join team t on t.id = m.team_id
left join company c on c.id = m.company_id
