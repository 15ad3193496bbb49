-- definition_en: The days on which a lead was in contact with somebody: activities done on it, out or in.
-- definition_fr: Les jours où un lead a été en contact avec quelqu'un : activités faites sur lui, sortantes ou entrantes.
select a.lead_id, a.done_at::date as day
from activities a
where a.lead_id is not null and a.done_at is not null
