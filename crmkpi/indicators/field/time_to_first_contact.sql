-- no: 4.3
-- rank: 5
-- fr: Délai de premier contact
-- en: Time to first contact
-- unit: days
-- better: down
-- needs: leads activities
-- revises: yes
-- dimensions: product_interest source campaign
-- beside: median = median(num::double) | médiane | median
-- definition_en: Days from the creation of a lead to the first activity done on it: the mean over
--   the leads created in the period that were contacted by the as-of day. Leads that were not are left out and counted; where no activity
--   of the source names a lead, nothing is said.
-- definition_fr: Jours de la création d'un lead à la première activité faite sur lui : moyenne sur les leads
--   créés dans la période et contactés au jour dit. Les autres sont laissés de côté et comptés ; sans aucune activité rattachée à un lead dans la
--   source, rien n'est dit.
-- word: no_link | {n} lead[s] sans activité rattachée dans toute la source | {n} lead[s], and no activity of the source names one
-- word: not_contacted | jamais contactés | never contacted
-- trap: les leads jamais contactés n'ont pas de délai : lire leur nombre avec la moyenne
--   | leads never contacted have no time: read how many they are beside the mean
-- example: 2026-10-15 2026-09 -> 2 num=4 den=2 median=2 | what was done before the creation is no contact
-- example: 2026-10-15 2026-10 -> 5 num=20 den=4 median=5 coverage=0.8 because=no_date
-- example: 2026-10-14 2026-10 -> 3.333333 den=3 | one is contacted the day after
-- example: 2026-10-15 2026-10-02 -> 0 den=1 | on the very day, by the lead itself
-- example: 2026-10-15 2026-10-06 rep=U3 -> none because=no_date | not contacted; and one has no day of creation
-- example: 2026-10-15 2026-10-03 rep=U2 -> none | not contacted
-- example: 2026-10-15 2026-09 source=Salon -> 2
select l.created_at::date as day, p.period, l.account_id, l.owner_id, l.lead_id as id,
       date_diff('day', l.created_at::date, c.day) as num, 1 as den,
       case when l.lacks is null and coalesce(c.day > p.seen, true) then 'not_contacted' end as excluded, l.lacks as missing,
       l.company as name, l.product_interest, l.source, l.campaign, l.status, c.day as first_contact
from (select e.*, case when e.created_at is null then 'no_date'
                       when (select count(*) from activities a where a.lead_id is not null) = 0 then 'no_link' end as lacks
      from leads e) l
join periods p on coalesce(l.created_at::date, p.start) >= p.start and coalesce(l.created_at::date, p.start) <= p.as_of
left join lead_first_contact c on c.lead_id = l.lead_id
