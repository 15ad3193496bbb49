-- definition_en: The leads qualified in each period, by the day they were, each with the day that the period is seen from. A
--   lead that is qualified or converted without a day of qualification is missing in every period.
-- definition_fr: Les leads qualifiés dans chaque période, au jour où ils l'ont été, chacun avec le jour d'où la période est
--   vue. Un lead qualifié ou converti sans jour de qualification manque dans chaque période.
-- word: no_date | {n} lead[s] qualifié[s] sans jour de qualification | {n} qualified lead[s] without a day of qualification
select l.qualified_at::date as day, p.period, p.seen, l.account_id, l.owner_id, l.lead_id,
       case when l.qualified_at is null then 'no_date' end as missing,
       l.company as name, l.product_interest, l.source, l.campaign, l.status, l.opportunity_id, l.converted_at,
       l.potential_amount
from leads l
join periods p on coalesce(l.qualified_at::date, p.start) >= p.start and coalesce(l.qualified_at::date, p.start) <= p.as_of
where l.qualified_at is not null or l.status in ('qualified', 'converted')
