-- definition_en: The types of visits of which the source says of one that it was done; of another type it does not record it.
-- definition_fr: Les types de visites dont la source dit d'une qu'elle est faite ; d'un autre type elle ne le note pas.
select distinct v.type
from visits v
where v.status = 'done' or v.done_at is not null
