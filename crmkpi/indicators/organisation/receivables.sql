-- no: 2.3
-- rank: 4
-- fr: Créances clients
-- en: Receivables
-- unit: money
-- better: down
-- needs: invoices
-- dimensions: side
-- undated: sans historique des paiements, une pièce compte en entier tant qu'elle n'est pas payée
--   | without the history of payments a document counts whole until it is paid | payments
-- definition_en: What customers owe at the day, tax included: the open amounts of posted invoices, deposits and, negative,
--   credit notes. From the data's own date on it is the source's open amount. At a past day it is the amount with tax less
--   the payments made by then; without payments the whole amount until the day it was paid (for ever where something is
--   still open), and a document paid nobody knows when counts at no day.
-- definition_fr: Ce que les clients doivent au jour dit, taxes comprises : les restes dus des factures, des acomptes et, en
--   négatif, des avoirs comptabilisés. À partir de la date des données c'est le reste dû de la source. Un jour passé, c'est
--   le montant TTC moins les paiements déjà faits ; sans paiements, le montant entier jusqu'au jour du paiement (pour
--   toujours là où il reste quelque chose), et une pièce payée on ne sait quand ne compte aucun jour.
-- trap: taxes comprises, contrairement au chiffre d'affaires | tax included, unlike revenue
-- trap: un solde nul peut cacher des factures impayées et autant d'avoirs : voir les deux côtés
--   | a balance of nothing may hide unpaid invoices and as many credit notes: look at both sides
-- word: owed | dû par les clients | owed by customers
-- word: credit | dû aux clients | owed to customers
select o.as_of as day, o.account_id, o.owner_id, o.team, o.business_unit, o.invoice_id as id, o.balance as num,
       o.balance as amount, o.balance as base, o.missing, o.number, o.type, o.invoice_date, o.due_day as due_date,
       o.amount_with_tax, o.order_id, case when o.balance > 0 then 'owed' when o.balance < 0 then 'credit' end as side
from open_invoices o
