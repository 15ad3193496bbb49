-- materialised: yes
-- definition_en: When each record with a proof is fresh (1) and when it is not (0), from a day to another (excluded; none: for ever): fresh
--   from a proof to the day before the same day 12 months later. For a contact a proof is a verification, a done activity
--   with this contact, a change of its record (unless 95 % of the contacts' changes share one day: a mass update proves
--   nothing); for an account a done activity, a confirmed or delivered order, a posted invoice.
-- definition_fr: Quand chaque fiche ayant une preuve est fraîche (1) et quand elle ne l'est pas (0), d'un jour à un autre
--   (exclu ; aucun : pour toujours) : fraîche d'une preuve à la veille du même jour 12 mois plus tard. Pour un contact, une preuve est une
--   vérification, une activité faite avec lui, une modification de sa fiche (sauf si 95 % des modifications des contacts
--   ont le même jour : une mise à jour en masse ne prouve rien) ; pour un compte, une activité faite, une commande
--   confirmée ou livrée, une facture comptabilisée.
with changes as (
  select c.updated_at::date as day, count(*) as contacts from contacts c where c.updated_at is not null group by 1
), proofs as (
  select 'contact' as record_type, c.contact_id as record_id, c.last_verified_at::date as day from contacts c
  union all
  select 'contact' as record_type, c.contact_id as record_id, c.updated_at::date as day from contacts c
  where (select max(g.contacts)::double / sum(g.contacts)::double from changes g) < 0.95
  union all
  select 'contact' as record_type, v.contact_id as record_id, v.done_at::date as day from activities v
  union all
  select 'account' as record_type, v.account_id as record_id, v.done_at::date as day from activities v
  union all
  select 'account' as record_type, o.account_id as record_id, o.order_date as day from orders o
  where o.status in ('confirmed', 'delivered')
  union all
  select 'account' as record_type, i.account_id as record_id, i.invoice_date as day from invoices i
  where i.status = 'posted'
), years as (
  select p.record_type, p.record_id, extract(year from p.day) as in_year, min(p.day) as first_day, max(p.day) as last_day
  from proofs p
  where p.record_id is not null and p.day is not null
  group by 1, 2, 3
), ends as (
  select y.record_type, y.record_id, y.first_day,
         lag((y.last_day + interval 12 month)::date)
           over (partition by y.record_type, y.record_id order by y.in_year) as before,
         max((y.last_day + interval 12 month)::date) over (partition by y.record_type, y.record_id) as until
  from years y
), fresh as (
  select e.record_type, e.record_id, e.first_day as from_day,
         coalesce(lead(e.before) over (partition by e.record_type, e.record_id order by e.first_day), e.until) as to_day
  from ends e
  where e.before is null or e.before < e.first_day
)
select f.record_type, f.record_id, f.from_day, f.to_day, 1 as fresh from fresh f
union all
select f.record_type, f.record_id, f.to_day as from_day,
       lead(f.from_day) over (partition by f.record_type, f.record_id order by f.from_day) as to_day, 0 as fresh
from fresh f
union all
select f.record_type, f.record_id, date '1900-01-01' as from_day, min(f.from_day) as to_day, 0 as fresh
from fresh f
group by 1, 2
