-- definition_en: Of the deals that went through a stage and are closed at the date: how many, how many won; and whether they are
--   too few to say anything.
-- definition_fr: Des affaires passées par une étape et closes à la date : combien, dont combien gagnées ; et si elles sont trop
--   peu pour en dire quelque chose.
-- setting: closed_deals_needed=20 | affaires closes nécessaires | closed deals needed
-- word: few_closed | {n} affaire[s] à une étape qui compte trop peu d'affaires closes
--   | {n} deal[s] in a stage with too few closed deals
select p.as_of, p.stage, count(*) as closed, sum(case when p.status = 'won' then 1 else 0 end) as won,
       case when count(*) < $closed_deals_needed then 'few_closed' end as too_few
from stage_passages p
where p.closing = 0
group by 1, 2
