-- The people at the accounts; addresses (delivery, invoice) are no people. Odoo has one field for the whole
-- name: its first word is taken as the first name.
select p.id as contact_id,
       p.account_id,
       blank(regexp_replace(trim(p.name), '^\S+\s+', '')) as last_name,
       nullif(regexp_extract(trim(p.name), '^(\S+)\s', 1), '') as first_name,
       blank(p.email) as email,
       blank(p.phone) as phone,
       blank(p.mobile) as mobile,
       blank(p.function) as job_title,
       case when b.email is not null then true end as opted_out,
       local_time(p.create_date) as created_at,
       local_time(p.write_date) as updated_at,
       not yes(p.active) as is_deleted
from partner p
left join (select distinct lower(trim(email)) as email from mail_blacklist where yes(active)) b
    on b.email = lower(trim(p.email))
where blank(p.parent_id) is not null and p.account_id <> p.id and coalesce(blank(p.type), 'contact') = 'contact'
