-- materialised: yes
-- definition_en: Every account and every lead, with what tells which ones are new prospects: the day of the first sale to
--   the account (a confirmed or delivered order, a posted invoice), whether the company was known before, how many were
--   created with it in one minute, whether creation dates are the day of a load. A company was known when another account
--   (not of type other) or unlinked lead, created earlier, has the same SIREN (the first 9 digits of a longer
--   number) or registration number, the same VAT number, the same e-mail domain (apart, since public ones do not count),
--   the same name and postcode; where one of the two is a lead, the same name. Created together: accounts and leads of one
--   creator, or of one source, in one clock minute.
-- definition_fr: Chaque compte et chaque lead, avec de quoi dire lesquels sont de nouveaux prospects : jour de la première
--   vente au compte (commande confirmée ou livrée, facture comptabilisée), société déjà connue ou non, combien furent
--   créés dans la même minute, dates de création qui sont le jour d'un chargement. Une société était connue si un autre
--   compte (pas de type autre) ou lead non rattaché, créé plus tôt, a le même SIREN (9 premiers chiffres d'un numéro plus
--   long) ou la même immatriculation, le même n° de TVA, le même domaine d'e-mail (à part : les domaines publics ne
--   comptent pas), les mêmes nom et code postal ; si l'un des deux est un lead, le même nom. Créés ensemble : comptes et
--   leads d'un même créateur, ou d'une même origine, dans une même minute.
with sold as (
  select o.account_id, o.order_date as order_day, o.order_date as day from orders o
  where o.status in ('confirmed', 'delivered')
  union all
  select i.account_id, cast(null as date) as order_day, i.invoice_date as day from invoices i where i.status = 'posted'
), sales as (
  select s.account_id, min(s.order_day) as first_order, min(s.day) as first_sale from sold s group by 1
), listed as (
  select 'account' as record_type, a.account_id as record_id, a.account_id, a.owner_id, a.name, a.source, a.created_by,
         a.created_at, case when a.type = 'other' then 'other' end as aside, a.account_id as id,
         lower(trim(a.email)) as email, regexp_replace(lower(trim(a.email)), '^.*@', '') as domain,
         upper(trim(a.postal_code)) as postal_code,
         upper(regexp_replace(a.vat_no, '[^0-9A-Za-z]', '', 'g')) as vat_no,
         upper(regexp_replace(a.registration_no, '[^0-9A-Za-z]', '', 'g')) as registration_no,
         s.first_order, s.first_sale
  from accounts a
  left join sales s on s.account_id = a.account_id
  union all
  select 'lead' as record_type, l.lead_id as record_id, l.account_id, l.owner_id, l.company as name, l.source, l.created_by,
         l.created_at, case when a.account_id is not null then 'linked_lead' end as aside, 'lead:' || l.lead_id as id,
         lower(trim(l.email)) as email, regexp_replace(lower(trim(l.email)), '^.*@', '') as domain,
         cast(null as varchar) as postal_code, cast(null as varchar) as vat_no,
         cast(null as varchar) as registration_no, cast(null as date) as first_order, cast(null as date) as first_sale
  from leads l
  left join accounts a on a.account_id = l.account_id
), named as (
  select l.*, k.name_key
  from listed l
  join name_keys k on k.record_type = l.record_type and k.record_id = l.record_id
  where l.aside is null
), keyed as (
  select n.id, n.record_type, n.created_at, 'registration' as kind,
         case when regexp_matches(n.registration_no, '^[0-9]{9,}$') then substr(n.registration_no, 1, 9)
              else n.registration_no end as same_key
  from named n
  where not regexp_matches(n.registration_no, '^(0*|NA|TEST)$')
  union all
  select n.id, n.record_type, n.created_at, 'vat' as kind, n.vat_no as same_key
  from named n
  where not regexp_matches(n.vat_no, '^(0*|NA|TEST)$')
  union all
  select n.id, n.record_type, n.created_at, 'domain' as kind, n.domain as same_key
  from named n
  where regexp_matches(n.email, '^[^@ ]+@[^@ ]+[.][^@ .]{2,}$')
  union all
  select n.id, n.record_type, n.created_at, 'place' as kind, n.name_key || ' ' || n.postal_code as same_key
  from named n
  where not regexp_matches(n.postal_code, '^([-.]*|0+|N/A|TEST)$')
  union all
  select n.id, n.record_type, n.created_at, 'name' as kind, n.name_key as same_key
  from named n
), placed as (
  select k.id, k.kind,
         count(*) over (partition by k.kind, k.same_key order by k.created_at nulls first, k.id
                        rows between unbounded preceding and current row) - 1 as before,
         count(case when k.record_type = 'lead' then k.id end)
           over (partition by k.kind, k.same_key order by k.created_at nulls first, k.id
                 rows between unbounded preceding and current row) as leads_before
  from keyed k
  where k.same_key is not null
), known as (
  select p.id, max(case when p.kind = 'domain' and p.before > 0 then 1 else 0 end) as by_domain,
         max(case when p.kind = 'domain' then 0 when p.kind = 'name' and p.leads_before = 0 then 0
                  when p.before > 0 then 1 else 0 end) as by_key
  from placed p
  group by 1
), loaded as (
  select l.record_type, count(distinct l.created_at::date) as days, count(l.created_at) as dated from listed l group by 1
)
select l.id, l.record_type, l.record_id, l.account_id, l.owner_id, l.name, l.source, l.created_by,
       l.created_at::date as created_day, l.aside, l.first_order, l.first_sale,
       k.by_key as known_by_key, k.by_domain as known_by_domain, l.domain,
       greatest(case when l.created_by is not null
                     then count(l.created_at) over (partition by l.created_by, date_trunc('minute', l.created_at)) end,
                case when l.source is not null
                     then count(l.created_at) over (partition by l.source, date_trunc('minute', l.created_at)) end) as together,
       case when exists (select d.days from loaded d where d.days = 1 and d.dated > 1
                         and (d.record_type = 'account' or d.record_type = l.record_type)) then 1 else 0 end as load_day
from listed l
left join known k on k.id = l.id
