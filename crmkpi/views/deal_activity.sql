-- definition_en: For each open deal and date: its last activity done and its next one planned.
-- definition_fr: Pour chaque affaire ouverte et chaque date : la dernière activité faite, la prochaine prévue.
select d.as_of, a.opportunity_id,
       max(case when a.done_at::date <= d.as_of then a.done_at::date end) as last_activity,
       min(case when a.planned_at::date >= d.as_of and a.cancelled_at is null and (a.status is null or a.status <> 'cancelled')
                 and (a.done_at is null or a.done_at::date > d.as_of) then a.planned_at::date end) as next_activity
from activities a
join dates d on a.opportunity_id is not null
group by 1, 2
