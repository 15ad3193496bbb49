-- no: 1.1
-- rank: 1
-- fr: Chiffre d'affaires facturé
-- en: Invoiced revenue
-- unit: money
-- better: up
-- needs: invoices
-- target: invoiced_revenue
-- definition_en: Posted invoices and credit notes of the period, by invoice date, excluding tax; a credit note
--   counts negative. Deposits are left out: they count through the final invoice.
-- definition_fr: Factures et avoirs comptabilisés de la période, à leur date, hors taxes ; un avoir compte en négatif.
--   Les acomptes sont laissés de côté : ils comptent par la facture finale.
-- setting: attainment_watch=0.90 | objectif à surveiller sous | attainment to watch below
-- setting: attainment_act=0.75 | objectif en alerte sous | attainment to act on below
-- setting: customer_share=0.30 | part d'un seul client à surveiller | share of one customer to watch
-- word: effect_count | effet du nombre de factures et d'avoirs | effect of the number of invoices and credit notes
-- word: effect_basket | effet du montant moyen d'une facture | effect of the average amount of an invoice
-- word: draft | brouillons | drafts
-- word: cancelled | annulées | cancelled
-- word: deposit | acomptes | deposits
-- word: no_amount | {n} facture[s] sans montant | {n} invoice[s] without an amount
-- word: no_status | {n} facture[s] sans statut ou type | {n} invoice[s] without a status or type
-- alert: P1 rep, team, business_unit: attainment < $attainment_act
--   | objectif de facturation atteint à moins de {attainment_act} à ce jour
--   | invoiced revenue under {attainment_act} of the target to date
--   | revoir le plan du mois avec les clients en retard sur leurs achats
--   | review the month's plan with the customers who buy less than they did
-- alert: P2 rep, team, business_unit: attainment >= $attainment_act and attainment < $attainment_watch
--   | objectif de facturation atteint à moins de {attainment_watch} à ce jour
--   | invoiced revenue under {attainment_watch} of the target to date
--   | facturer ce qui est livré et relancer les devis proches
--   | invoice what is delivered and follow up the quotes that are close
-- alert: P3 customer: share > $customer_share
--   | un seul client fait plus de {customer_share} du chiffre d'affaires
--   | one customer makes more than {customer_share} of the revenue
--   | préparer un plan de développement d'autres clients
--   | plan to grow other customers
-- example: 2026-10-15 2026-10 -> 14000 amount=14000 n=5 target=36000 previous=14000 last_year=5000
-- example: 2026-10-15 2026-10-09 -> -2000 | a credit note
-- example: 2026-10-15 2026-10-06 -> 0 | a deposit
-- example: 2026-10-15 2026-10 rep=U2 -> 0 | a draft
-- example: 2026-10-15 2026-10-14 -> 0 | cancelled
-- example: 2026-10-15 2026-10 customer= -> 3500 | no customer
-- example: 2026-10-15 2026-10 team= -> 1000 | neither rep nor team
-- example: 2026-10-15 2026-10 rep=U4 -> 0 attainment=0 | a target and no sale
-- example: 2026-10-15 2025-09 -> none | before the data begin
-- example: 2026-09-15 2026-09 -> 14000 | seen at a past day
-- example: 2026-10-15 2026-10 -> 14000 groups=P1:business_unit:Services,P1:rep:U4,P1:team:Sud,P3:customer:A1 | Nord is at 95 %, Sud at 70 %
-- example: 2026-10-14 2026-10 -> 13000 groups=P1:rep:U4,P2:business_unit:Services,P2:team:Sud,P3:customer:A1 | Sud at 3,500 of 4,545
-- example: 2026-10-15 2026-10 $attainment_act=0.7 $attainment_watch=1 -> 14000 groups=P1:rep:U4,P2:business_unit:Services,P2:team:Nord,P2:team:Sud,P3:customer:A1 | 70 % is not under 70 %, nor Industrie's 100 % under 100 %
-- example: 2026-10-15 2026-10 $customer_share=0.25 -> 14000 groups=P1:business_unit:Services,P1:rep:U4,P1:team:Sud,P3:customer:A1 | A3 makes 25 %
-- example: 2026-10-15 2026-09 -> 19000 groups=P3:customer:A1,P3:customer:A5 | A5 makes 31.6 %
-- example: 2026-10-12 2026-10 -> 9500 groups=P1:business_unit:Services,P1:rep:U3,P1:rep:U4,P1:team:Sud,P3:customer:A1 | no customer: 36.8 %, and not one customer
select i.invoice_date as day, i.account_id, i.owner_id, i.team, i.business_unit, i.invoice_id as id,
       i.amount as num, i.amount, i.amount as base,
       case when i.status in ('draft', 'cancelled') then i.status when i.type = 'deposit' then 'deposit' end as excluded,
       case when i.status is null or i.type is null then 'no_status' when i.amount is null then 'no_amount' end as missing,
       i.number, i.type, i.due_date, i.order_id, i.paid_at
from invoices i
