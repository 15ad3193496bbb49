-- People of a company; Odoo has one field for the whole name: its first word is taken as the first name.
select p.id as contact_id,
       p.account_id,
       regexp_replace(p.name, '^\S+\s+', '') as last_name,
       nullif(regexp_extract(p.name, '^(\S+)\s', 1), '') as first_name,
       blank(p."E-mail") as email,
       blank(p."Téléphone") as phone,
       blank(p."Mobile") as mobile,
       blank(p."Poste") as job_title,
       blank(p."Créé le") as created_at,
       not yes(p."Actif") and coalesce((select partners from has_active), false) as is_deleted
from partner p
where p.account_id <> p.id
