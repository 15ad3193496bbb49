-- materialised: yes
-- definition_en: What each account (but those of type other) has and what is right in it. Blank, -, n/a, test and strings
--   of zeros, dashes or dots count as empty; an address is a street and a city. Right: e-mail and phone as for contacts; a
--   French postcode of 5 digits, elsewhere 2 to 10 letters, digits, spaces or dashes; a VAT number of 2 letters and 2 to 12
--   letters or digits, in France FR, 2 characters and 9 digits; a SIREN (9 digits) or SIRET (14) whose Luhn checksum is
--   right (of La Poste, 356000000, a sum of digits that 5 divides), asked of French accounts only. Surplus: every account
--   but the first created with the same registration number, or, without one, with the same name and postcode.
-- definition_fr: Ce que chaque compte (sauf ceux de type autre) a et ce qui y est juste. Vide, -, n/a, test et les
--   suites de zéros, de tirets ou de points comptent comme vides ; une adresse est une rue et une ville. Juste : e-mail
--   et téléphone comme pour les contacts ; un code postal français de 5 chiffres, ailleurs 2 à 10 lettres, chiffres,
--   espaces ou tirets ; un n° de TVA de 2 lettres et 2 à 12 lettres ou chiffres, en France FR, 2 caractères et 9
--   chiffres ; un SIREN (9 chiffres) ou SIRET (14) dont la clé de Luhn est juste (pour La Poste, 356000000, une somme
--   des chiffres multiple de 5), demandé aux seuls comptes français. En trop : tout compte sauf le premier créé de même
--   n° d'immatriculation, ou, sans numéro, de même nom et de même code postal.
with cleaned as (
  select a.account_id, a.owner_id, a.parent_account_id, a.created_at, a.name as shown_name,
         case when upper(trim(a.country)) in ('FR', 'FRA', 'FRANCE') then 1
              when not regexp_matches(trim(a.country), '(?i)^([-.]*|0+|n/a|test)$') then 0 end as french,
         nullif(regexp_replace(trim(a.name), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as name,
         nullif(regexp_replace(trim(a.industry), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as industry,
         nullif(regexp_replace(trim(a.street), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as street,
         nullif(regexp_replace(trim(a.city), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as city,
         nullif(regexp_replace(lower(trim(a.email)), '^([-.]*|0+|n/a|test)$', ''), '') as email,
         nullif(regexp_replace(trim(a.phone), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as phone,
         nullif(regexp_replace(trim(a.postal_code), '(?i)^([-.]*|0+|n/a|test)$', ''), '') as postal_code,
         nullif(regexp_replace(upper(regexp_replace(a.vat_no, '[-   .]', '', 'g')), '^(0*|N/A|TEST)$', ''), '') as vat_no,
         nullif(regexp_replace(upper(regexp_replace(a.registration_no, '[^0-9A-Za-z/]', '', 'g')), '^(0*|N/A|TEST)$', ''),
                '') as registration_no
  from accounts a
  where a.type is null or a.type <> 'other'
), numbered as (
  select c.*,
         case when regexp_matches(c.registration_no, '^([0-9]{9}|[0-9]{14})$')
              then lpad(c.registration_no, 14, '0') end as digits
  from cleaned c
), doubled as (
  select n.*, translate(n.digits, '0123456789', '0246813579') as doubled from numbered n
), summed as (
  select n.*,
         substr(n.doubled, 1, 1)::integer + substr(n.digits, 2, 1)::integer
         + substr(n.doubled, 3, 1)::integer + substr(n.digits, 4, 1)::integer
         + substr(n.doubled, 5, 1)::integer + substr(n.digits, 6, 1)::integer
         + substr(n.doubled, 7, 1)::integer + substr(n.digits, 8, 1)::integer
         + substr(n.doubled, 9, 1)::integer + substr(n.digits, 10, 1)::integer
         + substr(n.doubled, 11, 1)::integer + substr(n.digits, 12, 1)::integer
         + substr(n.doubled, 13, 1)::integer + substr(n.digits, 14)::integer as luhn,
         14 + substr(n.digits, 10, 1)::integer + substr(n.digits, 11, 1)::integer + substr(n.digits, 12, 1)::integer
         + substr(n.digits, 13, 1)::integer + substr(n.digits, 14)::integer as post_total
  from doubled n
), tested as (
  select s.*,
         case when s.email is null then null
              when regexp_matches(s.email, '^[^@ ]+@[^@ ]+[.][^@ .]{2,}$') then 1 else 0 end as email_ok,
         case when s.phone is null then null
              when regexp_matches(regexp_replace(s.phone, '[-   ./()]', '', 'g'), '^[+]?[0-9]{6,15}$') then 1
              else 0 end as phone_ok,
         case when s.postal_code is null then null
              when regexp_matches(s.postal_code, '^[0-9]{5}$') then 1 else 0 end as postal_code_ok_fr,
         case when s.postal_code is null then null
              when regexp_matches(s.postal_code, '^[A-Za-z0-9][A-Za-z0-9 -]{1,9}$') then 1 else 0 end as postal_code_ok,
         case when s.vat_no is null then null
              when regexp_matches(s.vat_no, '^FR[0-9A-Z]{2}[0-9]{9}$') then 1 else 0 end as vat_no_ok_fr,
         case when s.vat_no is null then null
              when regexp_matches(s.vat_no, '^[A-Z]{2}[0-9A-Z]{2,12}$') then 1 else 0 end as vat_no_ok,
         case when s.registration_no is null then null
              when s.luhn % 10 = 0 then 1
              when substr(s.digits, 1, 9) = '356000000' and s.post_total % 5 = 0 then 1 else 0 end as registration_no_ok,
         case when s.registration_no is not null then s.registration_no
              else k.name_key || ' ' || upper(s.postal_code) end as same_key
  from summed s
  join name_keys k on k.record_type = 'account' and k.record_id = s.account_id
), placed as (
  select t.*,
         case when t.same_key is not null
              then first_value(t.account_id) over (partition by t.same_key
                                             order by t.created_at nulls first, t.account_id) end as first_id
  from tested t
)
select t.account_id, t.owner_id, t.shown_name as name, t.created_at::date as created_day, t.french,
       t.email_ok, t.phone_ok, t.postal_code_ok_fr, t.postal_code_ok, t.vat_no_ok_fr, t.vat_no_ok, t.registration_no_ok,
       case when t.name is null then 0 else 1 end as has_name,
       case when t.owner_id is null then 0 else 1 end as has_owner,
       case when t.industry is null then 0 else 1 end as has_industry,
       case when t.street is null or t.city is null then 0 else 1 end as has_address,
       case when t.registration_no is null then 0 else 1 end as has_registration_no,
       case when t.first_id <> t.account_id then 1 else 0 end as surplus,
       case when t.first_id <> t.account_id then t.first_id end as same_as,
       case when t.parent_account_id is not null and p.account_id is null then 1 else 0 end as no_parent,
       case when t.owner_id is not null and u.user_id is null and (select count(*) from users) > 0 then 1
            else 0 end as unknown_owner
from placed t
left join accounts p on p.account_id = t.parent_account_id
left join users u on u.user_id = t.owner_id
