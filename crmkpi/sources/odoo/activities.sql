-- Planned activities (done ones stay only where their type keeps them) and meetings, which have no done flag: once
-- past, their outcome is unknown. An activity that stands for a meeting of the calendar is that meeting: while it is
-- open, so is the meeting.
with meeting_activity as (
    select blank(calendar_event_id) as event_id, max(date_done) as date_done,
           min(res_model) as model, min(res_id) as res_id,
           bool_or(blank(date_done) is null and not no(active)) as is_open
    from mail_activity
    where blank(calendar_event_id) in (select id from calendar_event)
    group by 1
)
select 'activity/' || a.id as activity_id,
       case when t.name ilike '%visit%' then 'visit'
            when t.category = 'meeting' then 'meeting'
            when t.category = 'phonecall' then 'call'
            when t.name ilike '%mail%' then 'email'
            else 'task' end as type,
       d.account_id,
       case when a.res_model = 'res.partner' and d.account_id <> a.res_id then a.res_id end as contact_id,
       d.opportunity_id, d.quote_id, d.order_id, d.lead_id, d.plan_id,
       coalesce(blank(a.user_id), blank(a.create_uid)) as owner_id,
       coalesce(blank(a.summary), translated(t.name)) || coalesce(': ' || blank(a.res_name), '') as subject,
       try_cast(blank(a.date_deadline) as timestamp) as planned_at,
       local_time(a.date_done) as done_at,
       case when blank(a.date_done) is not null then 'done'
            when no(a.active) then 'cancelled' else 'planned' end as status,
       'out' as direction,
       null as report
from mail_activity a
left join mail_activity_type t on t.id = a.activity_type_id
left join document d on d.model = a.res_model and d.id = a.res_id
where coalesce(blank(a.calendar_event_id), '') not in (select id from calendar_event)
union all
select 'event/' || e.id,
       case when e.name ilike '%visit%' then 'visit' else 'meeting' end,
       coalesce(o.account_id, d.account_id, c.account_id),
       case when c.is_contact then c.partner_id end,
       coalesce(o.opportunity_id, d.opportunity_id), d.quote_id, d.order_id, coalesce(o.lead_id, d.lead_id), d.plan_id,
       coalesce(blank(e.user_id), blank(e.create_uid)),
       blank(e.name),
       case when yes(e.allday) then try_cast(blank(e.start_date) as timestamp) else local_time(e.start) end,
       local_time(m.date_done),
       case when blank(m.date_done) is not null then 'done'
            when no(e.active) then 'cancelled'
            when m.is_open then 'planned'
            when local_time(e.start)::date <= coalesce((select day from newest), data_day()) then 'unknown' else 'planned' end,
       'out',
       plain(without_card(e.description))
from calendar_event e
left join meeting_activity m on m.event_id = e.id
left join document o on o.model = 'crm.lead' and o.id = blank(e.opportunity_id)
left join document d on d.model = coalesce(blank(e.res_model), m.model)
    and d.id = coalesce(nullif(blank(e.res_id), '0'), m.res_id)
left join meeting_customer c on c.event_id = e.id and c.place = 1
