-- definition_en: For each open quote and date: the last activity done by then on the quote or its opportunity, since its
--   issue, and not coming from the customer.
-- definition_fr: Pour chaque devis ouvert et chaque date : la dernière activité faite sur le devis ou son opportunité,
--   depuis son émission, et qui ne vient pas du client.
with touched as (
  select q.as_of, q.quote_id, a.done_at::date as day
  from quotes_at q
  join activities a on a.quote_id = q.quote_id
  where q.state = 'open' and (a.direction is null or a.direction <> 'in')
    and a.done_at::date <= q.as_of and (q.issued is null or a.done_at::date >= q.issued)
  union all
  select q.as_of, q.quote_id, a.done_at::date
  from quotes_at q
  join activities a on a.opportunity_id = q.opportunity_id
  where q.state = 'open' and (a.direction is null or a.direction <> 'in')
    and a.done_at::date <= q.as_of and (q.issued is null or a.done_at::date >= q.issued)
)
select t.as_of, t.quote_id, max(t.day) as last_day
from touched t
group by 1, 2
