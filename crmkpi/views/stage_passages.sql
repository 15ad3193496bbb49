-- definition_en: Each deal closed at the date, once per stage that it went through, with the probability declared there: the last
--   one noted at that stage, else the stage's. A deal won or lost without a closing date counts as closed at every date.
-- definition_fr: Chaque affaire close à la date, une fois par étape traversée, avec la probabilité déclarée alors : la dernière
--   notée à cette étape, sinon celle de l'étape. Une affaire gagnée ou perdue sans date de clôture compte comme close à toute date.
select d.as_of, p.opportunity_id, p.account_id, p.owner_id, p.name, p.amount, p.status, p.closed_at::date as closed_on, p.stage,
       coalesce(p.probability, s.probability)::double as declared,
       case when s.status in ('won', 'lost') then 1 else 0 end as closing
from (
  select h.opportunity_id, h.stage, h.probability, o.account_id, o.owner_id, o.name, o.amount, o.status, o.closed_at,
         row_number() over (partition by h.opportunity_id, h.stage order by h.at desc) as place
  from opportunity_history h
  join opportunities o on o.opportunity_id = h.opportunity_id
  where h.stage is not null and o.status in ('won', 'lost') and (o.closed_at is null or h.at::date <= o.closed_at::date)
) p
join dates d on p.closed_at is null or p.closed_at::date <= d.as_of
left join stages s on s.stage = p.stage
where p.place = 1
