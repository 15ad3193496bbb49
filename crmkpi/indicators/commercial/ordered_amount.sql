-- no: 1.2
-- rank: 1
-- fr: Montant commandé
-- en: Ordered amount
-- unit: money
-- better: up
-- needs: orders
-- target: ordered_amount
-- definition_en: Confirmed and delivered orders of the period, by order date, after discount, excluding tax.
-- definition_fr: Commandes confirmées et livrées de la période, à leur date, après remise, hors taxes.
-- alert: P1 rep, team, business_unit: attainment < $attainment_act
--   | objectif de commandes atteint à moins de {attainment_act} à ce jour
--   | ordered amount under {attainment_act} of the target to date
--   | relancer les devis et les affaires à signer ce mois
--   | follow up the quotes and deals that should sign this month
-- alert: P2 rep, team, business_unit: attainment >= $attainment_act and attainment < $attainment_watch
--   | objectif de commandes atteint à moins de {attainment_watch} à ce jour
--   | ordered amount under {attainment_watch} of the target to date
--   | relancer les devis et les affaires à signer ce mois
--   | follow up the quotes and deals that should sign this month
select o.day, o.account_id, o.owner_id, o.team, o.business_unit, o.id, o.amount as num, o.amount, o.amount as base,
       o.excluded, o.missing, o.number, o.status, o.list_amount, o.cost_amount, o.requested_delivery_date
from confirmed_orders o
