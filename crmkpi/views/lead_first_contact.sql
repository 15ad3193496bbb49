-- definition_en: The first day, from its creation on, on which something was done with a lead, by or to it.
-- definition_fr: Le premier jour, à partir de sa création, où quelque chose a été fait avec un lead, par lui ou vers lui.
select l.lead_id, min(a.done_at::date) as day
from leads l
join activities a on a.lead_id = l.lead_id and a.done_at::date >= l.created_at::date
group by 1
