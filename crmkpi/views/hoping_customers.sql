-- definition_en: The customers from whom something is hoped for at each date: an open quote or an open opportunity.
-- definition_fr: Les clients dont on espère quelque chose à chaque date : un devis ouvert ou une opportunité ouverte.
select q.as_of, q.account_id
from quotes_at q
where q.state = 'open'
union
select o.as_of, o.account_id
from open_deals o
