-- One account per commercial partner. customer_rank alone misses buyers who were never invoiced; a portal
-- user is a customer who signs in, an internal user is not.
with customer as (
    select account_id from sale where outcome = 'accepted' union
    select account_id from customer_invoice where state = 'posted' union
    select account_id from partner where num(customer_rank) > 0
), prospect as (
    select account_id from crm_record where yes(active) and not in_won_stage
)
select p.id as account_id,
       coalesce(blank(p.name), 'partner ' || p.id) as name,
       case when p.id in (select id from own_partner where id is not null) then 'other'
            when p.id in (select account_id from customer where account_id is not null) then 'customer'
            when p.id in (select account_id from prospect where account_id is not null) then 'prospect'
            else 'other' end as type,
       nullif(parent.account_id, p.id) as parent_account_id,
       blank(p.user_id) as owner_id,
       translated(i.name) as industry,
       translated(c.name) as country,
       blank(p.city) as city,
       blank(p.zip) as postal_code,
       blank(p.street) as street,
       coalesce(blank(p.phone), blank(p.mobile)) as phone,
       blank(p.email) as email,
       blank(p.website) as website,
       blank(p.company_registry) as registration_no,
       nullif(blank(p.vat), '/') as vat_no,
       blank(p.create_uid) as created_by,
       local_time(p.create_date) as created_at,
       yes(p.active) as is_active
from partner p
left join partner parent on parent.id = blank(p.parent_id)
left join res_partner_industry i on i.id = p.industry_id
left join res_country c on c.id = p.country_id
where p.account_id = p.id
