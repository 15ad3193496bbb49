-- no: 1.4
-- rank: 5
-- fr: Taux de réussite en valeur
-- en: Win rate by value
-- unit: rate
-- better: up
-- needs: opportunities
-- heeds: no_archived_opportunities
-- definition_en: Amount of the opportunities won / amount of those won or lost, by closing date.
-- definition_fr: Montant des opportunités gagnées / montant des gagnées et perdues, à leur date de clôture.
-- word: open | ouvertes | open
-- word: no_status | {n} affaire[s] sans statut | {n} deal[s] without a status
-- word: no_amount | {n} affaire[s] sans montant | {n} deal[s] without an amount
-- example: 2026-10-15 2026-10 -> 0.6 num=9000 den=15000 amount=9000
-- example: 2026-10-15 2026-09 -> 1 | won
-- example: 2026-10-15 2026-10-08 -> 0 | lost
-- example: 2026-10-15 2026-10 rep=U4 -> none | open
-- example: 2026-10-15 2026-10 team=Nord -> 0.615385
select o.closed_at::date as day, o.account_id, o.owner_id, o.opportunity_id as id,
       case when o.status = 'won' then o.amount else 0 end as num, o.amount as den,
       case when o.status = 'won' then o.amount else 0 end as amount, o.amount as base,
       case when o.status = 'open' then 'open' end as excluded,
       case when o.status is null then 'no_status' when o.amount is null then 'no_amount' end as missing,
       o.name, o.stage, o.status, o.lost_reason
from opportunities o
