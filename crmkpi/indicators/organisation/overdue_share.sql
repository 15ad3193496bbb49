-- no: 2.3
-- rank: 6
-- fr: Part échue des créances
-- en: Overdue share of receivables
-- unit: rate
-- better: down
-- needs: invoices
-- undated: sans historique des paiements, une pièce compte en entier tant qu'elle n'est pas payée
--   | without the history of payments a document counts whole until it is paid | payments
-- definition_en: Of the positive open amounts at the day (tax included), the share that was due before it. Credit notes are
--   left out on both sides.
-- definition_fr: Des restes dus positifs au jour dit (taxes comprises), la part qui était due avant. Les avoirs sont laissés
--   de côté des deux parts.
-- trap: la base est ce qui est dû, sans les avoirs : elle peut dépasser le solde du client
--   | the base is what is owed, without credit notes: it may exceed the customer's balance
-- word: no_due_date | {n} pièce[s] sans échéance ni date | {n} document[s] without a due date or a date
-- example: 2025-11-30 2025-11 -> 0.433229 num=2897 den=6687 amount=2897
-- example: 2025-11-30 2025-11 customer=C6 -> 0.52 num=1300 den=2500
-- example: 2025-11-30 2025-11 customer=C2 -> 0 den=1000 | due on the day
-- example: 2025-12-01 2025-12 customer=C2 -> 1
-- example: 2025-11-30 2025-11 customer=C1 -> 0 den=1200 | the credit note is in neither
-- example: 2025-11-30 2025-11 customer=C13 -> none
-- example: 2025-11-29 2025-11 customer=C9 -> 1 den=120 status=partial because=no_open_amount
select o.as_of as day, o.account_id, o.owner_id, o.team, o.business_unit, o.invoice_id as id,
       case when o.due_day < o.as_of then o.balance else 0 end::decimal(18,2) as num, o.balance as den,
       case when o.due_day < o.as_of then o.balance else 0 end::decimal(18,2) as amount, o.balance as base,
       coalesce(o.missing, case when o.due_day is null then 'no_due_date' end) as missing,
       o.number, o.type, o.invoice_date, o.due_day as due_date
from open_invoices o
where sign(o.balance) = 1 or o.missing is not null
