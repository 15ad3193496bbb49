-- materialised: yes
-- definition_en: What each contact has and what is right in it. Blank, -, n/a, test and strings of zeros, dashes or dots
--   count as empty. Right: an e-mail as name@domain.end without spaces, an end of 2 characters or more; a phone of 6 to 15
--   digits, + before them or not, after spaces, dots, dashes, slashes and brackets are taken out. Surplus: every contact
--   but the first created with the same e-mail, or, without an e-mail, with the same name at the same account.
-- definition_fr: Ce que chaque contact a et ce qui y est juste. Vide, -, n/a, test et les suites de zéros, de tirets ou de
--   points comptent comme vides. Juste : un e-mail nom@domaine.fin sans espace, d'une fin de 2 caractères au moins ; un
--   téléphone de 6 à 15 chiffres, précédés ou non de +, une fois ôtés espaces, points, tirets, barres et parenthèses. En
--   trop : tout contact sauf le premier créé de même e-mail, ou, sans e-mail, de même nom dans le même compte.
with cleaned as (
  select c.contact_id, c.account_id, c.created_at, c.is_decision_maker, c.opted_out,
         nullif(concat_ws(' ', c.first_name, c.last_name), '') as name,
         nullif(regexp_replace(trim(c.last_name), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as last_name,
         nullif(regexp_replace(trim(c.job_title), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as job_title,
         nullif(regexp_replace(trim(c.department), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as department,
         nullif(regexp_replace(lower(trim(c.email)), '^([-.]*|0+|n/a|test)$', ''), '') as email,
         nullif(regexp_replace(trim(c.phone), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as phone,
         nullif(regexp_replace(trim(c.mobile), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as mobile
  from contacts c
), tested as (
  select c.*,
         case when c.email is null then null
              when regexp_matches(c.email, '^[^@ ]+@[^@ ]+[.][^@ .]{2,}$') then 1 else 0 end as email_ok,
         case when c.phone is null then null
              when regexp_matches(regexp_replace(c.phone, '[-   ./()]', '', 'g'), '^[+]?[0-9]{6,15}$') then 1
              else 0 end as phone_ok,
         case when c.mobile is null then null
              when regexp_matches(regexp_replace(c.mobile, '[-   ./()]', '', 'g'), '^[+]?[0-9]{6,15}$') then 1
              else 0 end as mobile_ok,
         case when c.email is not null then c.email
              when c.last_name is not null then k.name_key || ' ' || c.account_id end as same_key
  from cleaned c
  join name_keys k on k.record_type = 'contact' and k.record_id = c.contact_id
), placed as (
  select t.*,
         case when t.same_key is not null
              then first_value(t.contact_id) over (partition by t.same_key
                                             order by t.created_at nulls first, t.contact_id) end as first_id
  from tested t
)
select t.contact_id, t.account_id, t.name, t.created_at::date as created_day, t.is_decision_maker,
       t.email_ok, t.phone_ok, t.mobile_ok,
       case when t.last_name is null then 0 else 1 end as has_last_name,
       case when t.job_title is null then 0 else 1 end as has_job_title,
       case when t.department is null then 0 else 1 end as has_department,
       case when t.email is null then 0 else 1 end as has_email,
       case when coalesce(t.phone, t.mobile) is null then 0 else 1 end as has_phone,
       case when t.account_id is null then 0 else 1 end as has_account,
       case when t.opted_out is true then 0 else greatest(t.email_ok, t.phone_ok, t.mobile_ok) end as usable,
       case when t.first_id <> t.contact_id then 1 else 0 end as surplus,
       case when t.first_id <> t.contact_id then t.first_id end as same_as,
       case when t.account_id is null then 'no_account' when a.account_id is null then 'orphan'
            when a.is_active is false then 'closed_account' end as astray,
       a.owner_id
from placed t
left join accounts a on a.account_id = t.account_id
