-- definition_en: For each quote and date: the last activity done by then on the quote or its opportunity, since its issue, and
--   not coming from the customer.
-- definition_fr: Pour chaque devis et chaque date : la dernière activité faite sur le devis ou son opportunité, depuis son
--   émission, et qui ne vient pas du client.
with made as (
  select a.quote_id, a.opportunity_id, a.done_at::date as day
  from activities a
  where a.direction is null or a.direction <> 'in'
), linked as (
  select m.quote_id, m.day
  from made m
  union all
  select q.quote_id, m.day
  from made m
  join quotes q on q.opportunity_id = m.opportunity_id
)
select q.as_of, q.quote_id, max(l.day) as last_day
from quotes_at q
join linked l on l.quote_id = q.quote_id
where l.day <= q.as_of and (q.issued is null or l.day >= q.issued)
group by 1, 2
