-- no: 2.3
-- rank: 5
-- fr: Créances échues
-- en: Overdue receivables
-- unit: money
-- better: down
-- needs: invoices
-- dimensions: ageing
-- undated: sans historique des paiements, une pièce compte en entier tant qu'elle n'est pas payée
--   | without the history of payments a document counts whole until it is paid | payments
-- definition_en: Of what customers owe at the day (positive open amounts, tax included), what was due before it; a document
--   without a due date is due on its own day. By age of the debt in days since it was due. Credit notes take nothing off.
-- definition_fr: De ce que les clients doivent au jour dit (restes dus positifs, taxes comprises), ce qui était dû avant ;
--   une pièce sans échéance est due à sa date. Par âge de la dette, en jours depuis l'échéance. Les avoirs n'en ôtent rien.
-- trap: les avoirs ne sont pas déduits : un client peut être échu et ne rien devoir en tout
--   | credit notes are not deducted: a customer may be overdue and owe nothing in all
-- word: no_due_date | {n} pièce[s] sans échéance ni date | {n} document[s] without a due date or a date
-- setting: overdue_balance_share=0.30 | part échue du solde d'un client à surveiller
--   | overdue share of a customer's balance to watch
-- alert: P2 customer: overdue_share.value > $overdue_balance_share
--   | plus de {overdue_balance_share} du solde du client est échu
--   | more than {overdue_balance_share} of the customer's balance is overdue
--   | appeler le client et convenir d'un paiement avant toute nouvelle livraison
--   | call the customer and agree on a payment before any new delivery
-- example: 2025-11-30 2025-11 -> 2897 amount=2897 groups=P2:customer:C10,P2:customer:C11,P2:customer:C12,P2:customer:C15,P2:customer:C4,P2:customer:C6,P2:customer:C7 | C3 has 30 of 100 overdue: not more than 30 %
-- example: 2025-11-30 2025-11 ageing=0-30 -> 1077
-- example: 2025-11-30 2025-11 ageing=31-60 -> 560
-- example: 2025-11-30 2025-11 ageing=61-90 -> 240
-- example: 2025-11-30 2025-11 ageing=90+ -> 1020
-- example: 2025-11-30 2025-11 customer=C2 -> 0 | due on the day
-- example: 2025-12-01 2025-12 customer=C2 -> 1000
-- example: 2025-11-30 2025-11 customer=C1 -> 0 | credit notes take nothing off and are not overdue
-- example: 2025-11-30 2025-11 customer=C7 ageing=0-30 -> 15 | one without a due date is due on its own day
-- example: 2025-11-09 2025-11 customer=C6 -> 500
-- example: 2025-11-10 2025-11 customer=C6 -> 1300
-- example: 2025-11-30 2025-11 customer=C9 -> none because=no_open_amount
select o.as_of as day, o.account_id, o.owner_id, o.team, o.business_unit, o.invoice_id as id, o.balance as num,
       o.balance as amount, o.balance as base,
       coalesce(o.missing, case when o.due_day is null then 'no_due_date' end) as missing,
       o.number, o.type, o.invoice_date, o.due_day as due_date,
       date_diff('day', o.due_day, o.as_of) as days_overdue, o.ageing
from open_invoices o
where (o.due_day is null or o.due_day < o.as_of) and (sign(o.balance) = 1 or o.missing is not null)
