-- Everybody who can sign in. Who sells is in a sales team, or owned a document of the last twelve months.
with membership as (
    select user_id, min_by(crm_team_id, id::bigint) as team_id from crm_team_member
    where not no(active) group by 1
), owner as (
    select user_id as id, local_time(date_order)::date as day from sale_order union
    select user_id, local_time(create_date)::date from crm_lead where type = 'opportunity' union
    select invoice_user_id, try_cast(blank(invoice_date) as date) from customer_invoice
), recent as (
    select distinct id from owner where day > coalesce((select day from newest), data_day()) - 366
)
select u.id as user_id,
       coalesce(blank(p.name), u.login) as name,
       t.name as team,
       coalesce(c.name, 'company ' || blank(u.company_id)) as business_unit,
       nullif(t.leader_id, u.id) as manager_id,
       (yes(u.active) and t.active is true) or u.id in (select id from recent where id is not null) as is_sales
from res_users u
left join res_partner p on p.id = u.partner_id
left join membership m on m.user_id = u.id
left join team t on t.id = coalesce(blank(u.sale_team_id), m.team_id)
left join company c on c.id = u.company_id
