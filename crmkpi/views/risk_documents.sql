-- definition_en: The documents of each date that money hangs on. Of a deal only the most advanced counts: the undelivered
--   part of an order, else an open quote in full (several of one opportunity are several offers), else the open
--   opportunity x probability. A quote or opportunity with any order is never counted. Deals are known by ids only.
-- definition_fr: Les documents de chaque date dont dépend de l'argent. D'une affaire seul le plus avancé compte : le reste à
--   livrer d'une commande, sinon un devis ouvert en entier (plusieurs d'une opportunité sont plusieurs offres), sinon
--   l'opportunité ouverte x probabilité. Un devis ou une opportunité qui a une commande ne compte jamais. Les affaires ne
--   sont reconnues que par leurs identifiants.
select u.as_of, 'order' as kind, u.order_id as id, u.account_id, u.owner_id, u.undelivered as amount,
       coalesce(u.number, u.order_id) as label,
       case when u.quote_id is not null or u.opportunity_id is not null then 1 else 0 end as linked, u.missing
from undelivered_orders u
union all
select q.as_of, 'quote', q.quote_id, q.account_id, q.owner_id, q.amount, coalesce(q.number, q.quote_id),
       case when q.opportunity_id is not null then 1 else 0 end, null
from quotes_at q
where q.state = 'open'
  and not exists (select 1 from order_links l where l.kind = 'quote' and l.id = q.quote_id
                  and l.from_day <= q.as_of and l.to_day > q.as_of)
  and not exists (select 1 from order_links l where l.kind = 'deal' and l.id = q.opportunity_id
                  and l.from_day <= q.as_of and l.to_day > q.as_of)
union all
select o.as_of, 'deal', o.opportunity_id, o.account_id, o.owner_id, round(o.amount * o.probability, 2)::decimal(18,2),
       coalesce(o.name, o.opportunity_id), 0, null
from open_deals o
where not exists (select 1 from order_links l where l.kind = 'deal' and l.id = o.opportunity_id
                  and l.from_day <= o.as_of and l.to_day > o.as_of)
  and not exists (select 1 from quotes_at q where q.state = 'open' and q.opportunity_id = o.opportunity_id
                  and q.as_of = o.as_of)
