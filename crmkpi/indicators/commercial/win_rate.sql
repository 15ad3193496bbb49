-- no: 1.4
-- rank: 4
-- fr: Taux de réussite
-- en: Win rate
-- unit: rate
-- better: up
-- needs: opportunities
-- heeds: no_archived_opportunities
-- definition_en: Opportunities won / opportunities won or lost, by closing date.
-- definition_fr: Opportunités gagnées / opportunités gagnées ou perdues, à leur date de clôture.
-- word: open | ouvertes | open
-- word: no_status | {n} affaire[s] sans statut | {n} deal[s] without a status
-- example: 2026-10-15 2026-10 -> 0.5 num=2 den=4 amount=9000
-- example: 2026-10-15 2026-09 -> 1 amount=6000 | won
-- example: 2026-10-15 2026-10-08 -> 0 amount=0 | lost
-- example: 2026-10-15 2026-10 rep=U4 -> none | open
-- example: 2026-10-15 2026-10 team=Sud -> 0.5
select o.closed_at::date as day, o.account_id, o.owner_id, o.opportunity_id as id,
       case when o.status = 'won' then 1 else 0 end as num, 1 as den,
       case when o.status = 'won' then o.amount else 0 end as amount,
       case when o.status = 'open' then 'open' end as excluded,
       case when o.status is null then 'no_status' end as missing,
       o.name, o.stage, o.status, o.amount as deal_amount, o.lost_reason
from opportunities o
