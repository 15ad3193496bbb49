-- materialised: yes
-- definition_en: From which day to which (not included) how much of each posted document was unpaid, tax included. Where the
--   source has payments: its amount less those of the days before. Else the whole amount until the day it was paid; for
--   ever where something is still open; a document paid nobody knows when was never open.
-- definition_fr: De quel jour à quel jour (exclu) combien de chaque pièce comptabilisée restait dû, taxes comprises. Là où la
--   source a les paiements : son montant moins ceux déjà faits. Sinon le montant entier jusqu'au jour du paiement ; pour
--   toujours là où il reste quelque chose ; une pièce payée on ne sait quand n'a jamais été due.
with documents as (
  select i.invoice_id, i.amount_with_tax, i.open_amount, i.paid_at::date as paid_day,
         coalesce(i.invoice_date, date '1900-01-01') as from_day, (select count(*) from payments) as payments
  from invoices i
  where i.status = 'posted' or i.status is null
), steps as (
  select d.invoice_id, d.amount_with_tax, d.from_day as day, 0 as given
  from documents d
  union all
  select d.invoice_id, d.amount_with_tax, greatest(p.paid_at::date, d.from_day), p.amount
  from payments p
  join documents d on d.invoice_id = p.invoice_id
  union all
  select d.invoice_id, d.amount_with_tax, greatest(d.paid_day, d.from_day), d.amount_with_tax
  from documents d
  where d.payments = 0 and (d.paid_day is not null or d.open_amount = 0)
), sums as (
  -- the amount is the invoice's: it goes along, so that nothing is joined to it in the end
  select x.invoice_id, x.amount_with_tax, x.day, sum(x.given) as given, count(*) - count(x.given) as unknown
  from steps x
  group by 1, 2, 3
), spans as (
  select x.invoice_id, x.amount_with_tax, x.day as from_day, sum(x.given) over (partition by x.invoice_id order by x.day) as given,
         sum(x.unknown) over (partition by x.invoice_id order by x.day) as unknown,
         lead(x.day) over (partition by x.invoice_id order by x.day) as next_day
  from sums x
)
select s.invoice_id, s.from_day, coalesce(s.next_day, date '9999-12-31') as to_day,
       (s.amount_with_tax - s.given)::decimal(18,2) as balance
from spans s
where coalesce(s.amount_with_tax - s.given <> 0, s.unknown = 0)
