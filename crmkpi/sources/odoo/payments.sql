-- What was paid on customer invoices, or set off against them: Odoo reconciles the debit of one entry with the credit of
-- another. It lowers what is owed, and what is owed on a credit note, which is negative.
with settled as (
    select debit_move_id as line_id, max_date, num(amount) as amount from account_partial_reconcile
    union all
    select credit_move_id, max_date, num(amount) from account_partial_reconcile
)
select m.id as invoice_id,
       local_time(s.max_date) as paid_at,
       converted(case when m.move_type = 'out_refund' then -s.amount else s.amount end, m.rate) as amount
from settled s
join account_move_line l on l.id = s.line_id
join customer_invoice m on m.id = l.move_id
