-- definition_en: What is owed on each posted invoice, credit note or deposit at each date, tax included, signed. From the
--   data's own date on it is the source's open amount, before it what payments make of it.
-- definition_fr: Ce qui reste dû sur chaque facture, avoir ou acompte comptabilisé à chaque date, taxes comprises, signé. À
--   partir de la date des données c'est le reste dû de la source, avant elle ce qu'en font les paiements.
-- word: no_open_amount | {n} pièce[s] sans reste dû connu | {n} document[s] without a known open amount
-- word: no_status | {n} pièce[s] sans statut ou type | {n} document[s] without a status or type
with owed as (
  select d.as_of, i.invoice_id, i.open_amount as balance
  from invoices i
  join dates d on d.as_of >= $data_day and (i.invoice_date is null or i.invoice_date <= d.as_of)
  where (i.status = 'posted' or i.status is null) and (i.open_amount is null or i.open_amount <> 0)
  union all
  select d.as_of, s.invoice_id, s.balance
  from invoice_spans s
  join dates d on d.as_of < $data_day and d.as_of >= s.from_day and d.as_of < s.to_day
)
select o.as_of, i.invoice_id, i.number, i.type, i.account_id, i.owner_id, i.team, i.business_unit, i.order_id,
       i.invoice_date, coalesce(i.due_date, i.invoice_date) as due_day, i.amount_with_tax, o.balance,
       case when i.status is null or i.type is null then 'no_status'
            when o.balance is null then 'no_open_amount' end as missing,
       case when coalesce(i.due_date, i.invoice_date) >= o.as_of then 'not_due'
            when date_diff('day', coalesce(i.due_date, i.invoice_date), o.as_of) <= 30 then '0-30'
            when date_diff('day', coalesce(i.due_date, i.invoice_date), o.as_of) <= 60 then '31-60'
            when date_diff('day', coalesce(i.due_date, i.invoice_date), o.as_of) <= 90 then '61-90' else '90+' end as ageing
from owed o
join invoices i on i.invoice_id = o.invoice_id
