-- no: 4.3
-- rank: 2
-- fr: Leads qualifiés à contacter
-- en: Qualified leads to contact
-- unit: count
-- better: down
-- needs: leads activities
-- dimensions: product_interest source campaign
-- definition_en: Leads qualified by the day, neither converted nor refused by then, without any activity done on the lead or
--   its account since. Compared as days: an activity of the very day of the qualification is a contact. After 2 days (a
--   setting) they are to be called at once. A qualified lead without a day of qualification is missing, and so are all
--   where no activity of the source names a lead.
-- definition_fr: Leads qualifiés au jour dit, ni convertis ni écartés à ce jour, sans aucune activité faite depuis sur le
--   lead ou son compte. Comparé en jours : une activité du jour même de la qualification est un contact. Passé 2 jours (un
--   réglage), ils sont à appeler aussitôt. Un lead qualifié sans jour de qualification est manquant, et tous le sont là
--   où aucune activité de la source ne nomme un lead.
-- setting: lead_contact_days=2 | lead qualifié à contacter sous, jours | qualified lead to contact within, days
-- word: no_date | {n} lead[s] qualifié[s] sans jour de qualification | {n} qualified lead[s] without a day of qualification
-- word: no_link | {n} lead[s] sans activité rattachée dans toute la source | {n} lead[s], and no activity of the source names one
-- word: untouched | lead qualifié que personne n'a contacté | qualified lead that nobody has contacted
-- word: call_lead | appeler le lead aujourd'hui | call the lead today
-- trap: une activité rattachée ni au lead ni à son compte ne se voit pas : le lead paraît oublié
--   | an activity that is linked neither to the lead nor to its account is not seen: the lead looks forgotten
-- example: 2026-10-15 2026-10 -> 3 amount=2340 coverage=0.75 because=no_date alert=P1:untouched:call_lead
-- example: 2026-10-15 2026-10 product_interest=Vis -> 1 alert=P1:untouched:call_lead | three days
-- example: 2026-10-14 2026-10 product_interest=Vis -> 1 alert=none | two days
-- example: 2026-10-15 2026-10 product_interest=Vis $lead_contact_days=3 -> 1 alert=none
-- example: 2026-10-13 2026-10 rep=U2 -> 1 | without a status; others were contacted on the very day, or are converted
-- example: 2026-10-12 2026-10 rep=U2 -> 0
-- example: 2026-10-10 2026-10 -> 1 | contacted on the very day; and one whose account was, two days after
-- example: 2026-10-09 2026-10 -> 2 | the day before; and one is refused on that day
-- example: 2026-10-08 2026-10 -> 3 | qualified on the day, refused the day after
-- example: 2026-10-07 2026-10-07 rep=U3 -> none because=no_date | qualified on an unknown day, from its creation on
-- example: 2026-10-06 2026-10-06 rep=U3 -> 0 | the day before
-- example: 2026-09-20 2026-09 -> 1 | what was done before the qualification is no contact since
-- example: 2026-09-07 2026-09 -> 0 | contacted on that day
-- example: 2026-09-06 2026-09 -> 1 alert=none
-- example: 2026-09-05 2026-09 -> 1
-- example: 2026-09-04 2026-09 -> 0
with entered as (
  select l.*, l.qualified_at::date as qualified, (l.qualified_at::date + interval 1 day * $lead_contact_days)::date as due
  from leads l
  where (l.status = 'qualified' or l.qualified_at is not null)
    and (l.status is distinct from 'converted' or l.converted_at is not null)
    and (l.status is distinct from 'disqualified' or l.disqualified_at is not null)
), touched as (
  select t.lead_id, min(t.day) as day
  from (select e.lead_id, a.done_at::date as day from entered e
        join activities a on a.lead_id = e.lead_id and a.done_at::date >= e.qualified
        union all
        select e.lead_id, a.done_at::date from entered e
        join activities a on a.account_id = e.account_id and a.done_at::date >= e.qualified) t
  group by 1
)
select d.as_of as day, e.account_id, e.owner_id, e.lead_id as id, 1 as num, e.potential_amount as amount,
       case when e.qualified is null then 'no_date'
            when (select count(*) from activities a where a.lead_id is not null) = 0 then 'no_link' end as missing,
       e.company as name, e.product_interest, e.source, e.campaign, e.qualified, e.phone, e.email,
       case when e.due < d.as_of then 'P1' end as severity, 'untouched' as alert_reason, 'call_lead' as action, e.due
from entered e
left join touched t on t.lead_id = e.lead_id
join dates d on d.as_of >= coalesce(e.qualified, e.created_at::date, d.as_of)
            and (e.converted_at is null or e.converted_at::date > d.as_of)
            and (e.disqualified_at is null or e.disqualified_at::date > d.as_of) and (t.day is null or t.day > d.as_of)
