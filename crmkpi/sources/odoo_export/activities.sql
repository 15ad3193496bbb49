-- An export of activities holds what is still to do; meetings have no done flag: unknown once past.
select 'activity/' || a."ID" as activity_id,
       case when a."Type d'activité" ilike '%visit%' then 'visit'
            when regexp_matches(lower(a."Type d'activité"), 'réunion|meeting') then 'meeting'
            when regexp_matches(lower(a."Type d'activité"), 'appel|call') then 'call'
            when regexp_matches(lower(a."Type d'activité"), 'mail') then 'email'
            else 'task' end as type,
       d.account_id,
       case when d.model = 'res.partner' and d.id <> d.account_id then d.id end as contact_id,
       case when d.model = 'crm.lead' and d.is_opportunity then d.id end as opportunity_id,
       case when d.model = 'sale.order' then d.id end as quote_id,
       case when d.model = 'sale.order' and n.confirmed then d.id end as order_id,
       case when d.model = 'crm.lead' and not d.is_opportunity then d.id end as lead_id,
       u.user_id as owner_id,
       coalesce(blank(a."Résumé"), blank(a."Type d'activité")) || coalesce(': ' || blank(a."Nom du document"), '') as subject,
       blank(a."Date d'échéance") as planned_at,
       'planned' as status,
       'out' as direction,
       null as report
from mail_activity a
left join document d on d.model = a."Modèle de document associé" and d.name = blank(a."Nom du document") and d.n = 1
left join order_name n on n.number = d.name and d.model = 'sale.order'
left join user_name u on u.name = blank(a."Assigné à")
union all
select 'event/' || e."ID",
       case when e."Sujet de la réunion" ilike '%visit%' then 'visit' else 'meeting' end,
       coalesce(o.account_id, c.account_id),
       c.contact_id,
       coalesce(p.opportunity_id, 'name:' || blank(e."Opportunité")),
       null, null, null,
       u.user_id,
       blank(e."Sujet de la réunion"),
       blank(e."Lancer"),
       case when try_cast(e."Lancer" as timestamp)::date <= coalesce((select day from newest), data_day()) then 'unknown' else 'planned' end,
       'out',
       plain(e."Description")
from calendar_event e
left join opportunity_name p on p.name = blank(e."Opportunité")
left join document o on o.model = 'crm.lead' and o.name = blank(e."Opportunité") and o.n = 1
left join meeting_customer c on c.event_id = e."ID" and c.place = 1
left join user_name u on u.name = blank(e."Organisateur")
