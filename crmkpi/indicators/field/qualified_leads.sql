-- no: 4.3
-- rank: 1
-- fr: Leads qualifiés
-- en: Qualified leads
-- unit: count
-- better: up
-- needs: leads
-- target: qualified_leads
-- dimensions: product_interest source campaign
-- heeds: qualified_when_converted
-- list: lead_first_contact
-- definition_en: Leads that entered the qualified status in the period, by the day they did, with what they may be worth.
--   One that was refused or converted afterwards was qualified all the same. A lead that is qualified or converted
--   without a day of qualification is missing.
-- definition_fr: Leads entrés au statut qualifié dans la période, au jour où ils y sont entrés, avec leur potentiel. Un
--   lead écarté ou converti ensuite a été qualifié quand même. Un lead qualifié ou converti sans jour de qualification
--   est manquant.
-- word: no_date | {n} lead[s] qualifié[s] sans jour de qualification | {n} qualified lead[s] without a day of qualification
-- word: not_qualified | non qualifiés | not qualified
-- word: no_status | {n} lead[s] sans statut | {n} lead[s] without a status
-- word: no_interest | lead qualifié sans produit d'intérêt | qualified lead without a product of interest
-- word: ask_interest | demander le produit d'intérêt et le noter | ask for the product of interest and note it
-- trap: un statut « qualifié » sans date d'entrée ne dit pas dans quel mois compter le lead
--   | a status "qualified" without the day it was entered does not say in which month the lead counts
-- trap: le potentiel est une promesse, pas un montant d'opportunité : ne pas l'ajouter au pipeline
--   | the potential is a promise, not the amount of a deal: do not add it to the pipeline
-- example: 2026-10-15 2026-10 -> 7 amount=1300 coverage=0.7 target=4 target_to_date=2 previous=3 because=no_date
-- example: 2026-10-15 2026-10-09 rep=U3 -> none because=no_status
-- example: 2026-10-11 2026-10 -> 5 amount=960
-- example: 2026-10-15 2026-09 -> 4 amount=3650 coverage=0.666667 alert=P3:no_interest:ask_interest | one was refused afterwards, two were converted
-- example: 2026-10-15 2026-09 rep=U2 -> 2 amount=650 alert=none
-- example: 2026-10-15 2026-09 source=Salon -> 3
-- example: 2026-10-15 2026-09 campaign='Salon 2026' -> 2
-- example: 2026-10-15 2026-09 product_interest= -> 1
-- example: 2026-10-15 2026-10-14 source=Salon -> 0 | refused, never qualified
-- example: 2026-10-15 2026-10-05 source='Site web' -> 0 | new
-- example: 2026-10-15 2026-10-06 source='Site web' -> 0 | working
-- example: 2026-10-15 2026-10 rep=U2 -> 4 coverage=1 | qualified whatever the status is: working, converted, none
select case when l.qualified_at is not null then l.qualified_at::date
            when l.status in ('qualified', 'converted') then null
            else l.created_at::date end as day,
       l.account_id, l.owner_id, l.lead_id as id, 1 as num, l.potential_amount as amount,
       case when l.qualified_at is null and l.status in ('new', 'working', 'disqualified') then 'not_qualified' end as excluded,
       case when l.qualified_at is null then coalesce(case when l.status is null then 'no_status' end, 'no_date') end as missing,
       l.company as name, l.product_interest, l.source, l.campaign, l.status, l.created_at::date as created,
       c.day as first_contact, l.opportunity_id, l.disqualified_reason,
       case when coalesce(trim(l.product_interest), '') = '' then 'P3' end as severity, 'no_interest' as alert_reason,
       'ask_interest' as action, l.qualified_at::date as due
from leads l
left join lead_first_contact c on c.lead_id = l.lead_id
