-- A project is an action plan; its latest update says how far it is. Without an end date, its last milestone is.
with latest as (
    select project_id, max_by(num(progress), (date, id::bigint)) as progress,
           max(local_time(create_date)) as moment from project_update group by 1
), milestone as (
    select project_id, max(blank(deadline)) as deadline from project_milestone group by 1
)
select j.id as plan_id,
       coalesce(translated(j.name), 'project ' || j.id) as name,
       blank(j.user_id) as owner_id,
       p.account_id,
       blank(j.date_start) as start_date,
       coalesce(blank(j.date), m.deadline) as due_date,
       u.progress / 100 as progress,
       case when j.last_update_status = 'done' then 'done'
            when not yes(j.active) then 'stopped' else 'running' end as status,
       nullif(blank(j.last_update_status), 'to_define') as risk,
       u.moment as updated_at,
       case when j.last_update_status = 'done' then u.moment end as closed_at
from project_project j
left join latest u on u.project_id = j.id
left join milestone m on m.project_id = j.id
left join partner p on p.id = j.partner_id
