-- definition_en: Of the deals that went through a stage and are closed at the date: how many, how many won.
-- definition_fr: Des affaires passées par une étape et closes à la date : combien, dont combien gagnées.
select d.as_of, h.stage, count(distinct h.opportunity_id) as closed,
       count(distinct case when o.status = 'won' then h.opportunity_id end) as won
from opportunity_history h
join opportunities o on o.opportunity_id = h.opportunity_id
join dates d on o.closed_at::date <= d.as_of
where o.status in ('won', 'lost')
group by 1, 2
