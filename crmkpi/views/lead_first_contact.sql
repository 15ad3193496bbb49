-- definition_en: The first day, from its creation on, on which a lead was contacted.
-- definition_fr: Le premier jour, à partir de sa création, où un lead a été contacté.
select l.lead_id, min(c.day) as day
from leads l
join lead_contacts c on c.lead_id = l.lead_id and (l.created_at is null or c.day >= l.created_at::date)
group by 1
