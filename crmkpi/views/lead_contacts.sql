-- definition_en: The days on which somebody contacted a lead: done activities on the lead, but for incoming ones.
-- definition_fr: Les jours où quelqu'un a contacté un lead : activités faites sur le lead, hors entrantes.
select a.lead_id, a.done_at::date as day
from activities a
where a.lead_id is not null and a.done_at is not null and coalesce(a.status, '') <> 'cancelled'
  and coalesce(a.direction, '') <> 'in'
