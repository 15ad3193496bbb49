-- definition_en: Orders confirmed and not wholly delivered at each date, with what is undelivered and promised for when.
-- definition_fr: Commandes confirmées et pas livrées en entier à chaque date, ce qui reste à livrer et pour quand.
select d.as_of, s.order_id, s.number, s.account_id, s.owner_id, s.team, s.business_unit, s.opportunity_id, s.quote_id,
       s.order_date, s.amount as ordered, s.delivered, s.undelivered, s.promised, s.delivery, s.missing
from order_spans s
join dates d on d.as_of >= s.from_day and d.as_of < s.to_day
