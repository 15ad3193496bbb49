-- materialised: yes
-- definition_en: The days on which each quote was followed up: activities done on the quote or its opportunity, since its issue, and
--   not coming from the customer. Each with the day of the next one (9999 for the last).
-- definition_fr: Les jours où chaque devis a été relancé : activités faites sur le devis ou son opportunité, depuis son
--   émission, et qui ne viennent pas du client. Chacun avec le jour de la suivante (9999 pour la dernière).
with made as (
  select a.quote_id, a.opportunity_id, a.done_at::date as day
  from activities a
  where a.direction is null or a.direction <> 'in'
), linked as (
  select m.quote_id, m.day
  from made m
  union
  select q.quote_id, m.day
  from made m
  join quotes q on q.opportunity_id = m.opportunity_id
), days as (
  select l.quote_id, l.day
  from linked l
  join quotes q on q.quote_id = l.quote_id
  where l.day >= coalesce(q.issued_at::date, date '1900-01-01')
)
select d.quote_id, d.day, coalesce(lead(d.day) over (partition by d.quote_id order by d.day), date '9999-12-31') as next_day
from days d
