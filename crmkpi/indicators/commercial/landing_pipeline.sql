-- no: 1.1
-- rank: 3
-- fr: Atterrissage par le carnet et le pipeline
-- en: Landing from orders and pipeline
-- unit: money
-- better: up
-- target: invoiced_revenue whole
-- forecasts: invoiced_revenue
-- input: invoiced_revenue orders_to_invoice weighted_signing
-- definition_en: Revenue to date + confirmed orders not yet invoiced and due in the rest of the period + weighted
--   opportunities that should sign in the rest of it (undated and overdue ones are left out; a deal that has an order
--   counts only as the order).
-- definition_fr: Facturé à ce jour + commandes confirmées non facturées, à livrer d'ici la fin de la période +
--   opportunités pondérées à signer d'ici là (sans date ou en retard : laissées de côté ; une affaire déjà commandée ne
--   compte que par sa commande).
-- example: 2026-10-15 2026-10 -> 29500
-- example: 2026-10-15 2026-10 team=Nord -> 19500 | and an opportunity
-- example: 2026-10-15 2026-10 team=Sud -> 9000 | and an order
-- example: 2026-10-15 2026-09 -> 19000 | finished
-- example: 2026-09-24 2026-09 -> 24000 | a deal that has an order counts only as the order
select r.period, r.grp, r.value + coalesce(o.value, 0) + coalesce(w.value, 0) as value
from invoiced_revenue r
join orders_to_invoice o on o.period = r.period and o.grp = r.grp
join weighted_signing w on w.period = r.period and w.grp = r.grp
