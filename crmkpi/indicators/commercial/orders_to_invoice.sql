-- no: 1.1
-- rank: 5
-- fr: Commandes restant à facturer dans la période
-- en: Orders still to invoice in the period
-- unit: money
-- better: up
-- needs: orders
-- helps: invoices | factures absentes : toutes les commandes dues sont comptées | no invoices: every order due is counted
-- definition_en: Confirmed orders at the day, with no posted invoice yet, whose wished delivery falls in the rest of the
--   period (after the day, before its end).
-- definition_fr: Commandes confirmées au jour dit, sans facture comptabilisée, dont la livraison souhaitée tombe dans le
--   reste de la période.
-- example: 2026-10-15 2026-10 -> 5500
-- example: 2026-10-15 2026-Q4 -> 6500 | a longer period, later wishes
-- example: 2026-10-15 2026-10-01/2026-10-22 -> 0 | the end of a period is not in it
-- example: 2026-10-08 2026-10 -> 12000 | seen before the invoices; the deposit is no invoice
-- example: 2026-10-12 2026-10 team=Nord -> 2000 | a draft is no invoice
-- example: 2026-10-13 2026-10 -> 6500 | due on the day: not in the rest of the period
-- example: 2026-10-14 2026-10 team=Sud -> 5500 | neither the cancelled order nor the draft
select p.as_of as day, p.period, o.account_id, o.owner_id, o.team, o.business_unit, o.id,
       o.amount as num, o.amount, o.amount as base, o.missing, o.number, o.day as order_date, o.requested_delivery_date
from confirmed_orders o
join periods p on o.day <= p.as_of and o.requested_delivery_date > p.as_of and o.requested_delivery_date < p.finish
where o.excluded is null
  and not exists (select 1 from invoices i where i.order_id = o.id and i.status = 'posted' and i.type <> 'deposit'
                  and i.invoice_date <= p.as_of)
