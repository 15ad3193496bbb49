-- definition_en: Every order as a fact: drafts and cancelled orders are excluded by rule, orders without a
--   readable amount or status are missing.
-- definition_fr: Chaque commande comme un fait : brouillons et commandes annulées exclus par règle ; montant ou
--   statut illisible : manquant.
-- word: draft | brouillons | drafts
-- word: cancelled | annulées | cancelled
-- word: no_amount | {n} commande[s] sans montant | {n} order[s] without an amount
-- word: no_status | {n} commande[s] sans statut | {n} order[s] without a status
select o.order_date as day, o.account_id, o.owner_id, o.team, o.business_unit, o.order_id as id,
       o.amount, o.list_amount, o.cost_amount, o.number, o.status, o.requested_delivery_date, o.delivered_at,
       case when o.status in ('draft', 'cancelled') then o.status end as excluded,
       case when o.status is null then 'no_status' when o.amount is null then 'no_amount' end as missing
from orders o
