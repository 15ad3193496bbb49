-- materialised: yes
-- definition_en: What orders stand for: their quote, their opportunity, the opportunity of their quote; with the days on
--   which the order exists (dated, confirmed, not cancelled).
-- definition_fr: Ce que les commandes remplacent : leur devis, leur opportunité, celle de leur devis ; avec les jours où la
--   commande existe (datée, confirmée, non annulée).
with known as (
  select o.quote_id, o.opportunity_id, coalesce(o.order_date, date '1900-01-01') as from_day,
         coalesce(o.cancelled_at::date, date '9999-12-31') as to_day
  from orders o
  where o.status in ('confirmed', 'delivered') or (o.status = 'cancelled' and o.cancelled_at is not null)
)
select 'quote' as kind, k.quote_id as id, k.from_day, k.to_day
from known k
union
select 'deal', k.opportunity_id, k.from_day, k.to_day
from known k
union
select 'deal', q.opportunity_id, k.from_day, k.to_day
from known k
join quotes q on q.quote_id = k.quote_id
