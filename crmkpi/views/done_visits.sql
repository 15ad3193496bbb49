-- definition_en: How many visits of each type the source says were done; none means that it does not record it.
-- definition_fr: Combien de visites de chaque type la source dit faites ; aucune veut dire qu'elle ne le note pas.
select v.type, count(case when v.status = 'done' or v.done_at is not null then 1 end) as visits
from visits v
group by 1
