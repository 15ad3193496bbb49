-- no: 2.3
-- rank: 9
-- fr: Facturé taxes comprises
-- en: Billed, tax included
-- unit: money
-- better: up
-- needs: invoices
-- definition_en: Posted invoices and credit notes of the period with tax, by invoice date, credit notes negative. Deposits are
--   left out: they count through the final invoice. It is what the days of sales outstanding are counted back over.
-- definition_fr: Factures et avoirs comptabilisés de la période, taxes comprises, à leur date, avoirs en négatif. Les acomptes
--   sont laissés de côté : ils comptent par la facture finale. C'est sur lui que l'on remonte le délai de paiement (DSO).
-- trap: taxes comprises : ne se compare pas au chiffre d'affaires facturé | tax included: not comparable with revenue
-- word: draft | brouillons | drafts
-- word: cancelled | annulées | cancelled
-- word: deposit | acomptes | deposits
-- word: no_amount | {n} facture[s] sans montant TTC | {n} invoice[s] without an amount with tax
-- word: no_status | {n} facture[s] sans statut ou type | {n} invoice[s] without a status or type
-- example: 2025-11-30 2025-11 -> 3244.97 amount=3244.97 status=partial because=no_amount
-- example: 2025-11-30 2025-11 customer=C1 -> 1000 | less a credit note
-- example: 2025-11-30 2025-11 customer=C8 -> 0 | a deposit, a draft and a cancelled one
-- example: 2025-11-30 2025-11-23 -> none because=no_status | without a type
-- example: 2025-11-30 2025-11-21 -> none because=no_status | without a status
-- example: 2025-11-30 2025-11-24 -> none because=no_amount
-- example: 2025-11-09 2025-11 customer=C6 -> 0
-- example: 2025-11-10 2025-11 customer=C6 -> 1200
select i.invoice_date as day, i.account_id, i.owner_id, i.team, i.business_unit, i.invoice_id as id,
       i.amount_with_tax as num, i.amount_with_tax as amount, i.amount_with_tax as base,
       case when i.status in ('draft', 'cancelled') then i.status when i.type = 'deposit' then 'deposit' end as excluded,
       case when i.status is null or i.type is null then 'no_status'
            when i.amount_with_tax is null then 'no_amount' end as missing,
       i.number, i.type, i.due_date, i.paid_at
from invoices i
