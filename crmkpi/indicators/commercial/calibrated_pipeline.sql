-- no: 1.4
-- rank: 2
-- fr: Pipeline calibré
-- en: Calibrated pipeline
-- unit: money
-- better: up
-- needs: opportunities opportunity_history
-- dimensions: stage signature
-- definition_en: Open opportunities at the day, amount x the share of deals that went through the same stage and were
--   won. Refused for a stage under 20 closed deals.
-- definition_fr: Opportunités ouvertes au jour dit, montant x la part des affaires passées par la même étape qui ont été
--   gagnées. Refusé pour une étape de moins de 20 affaires closes.
-- word: no_amount | {n} affaire[s] sans montant | {n} deal[s] without amount
-- example: 2026-10-15 2026-10 -> none because=few_closed
-- example: 2026-10-15 2026-10 $closed_deals_needed=1 -> 14000 amount=43000 | half of what was in Proposition is won, nothing of Négociation
-- example: 2026-10-15 2026-10 $closed_deals_needed=2 -> 14000 amount=28000 | Négociation has one closed deal
-- example: 2026-10-15 2026-10 stage=Négociation $closed_deals_needed=1 -> 0 | known, and worth nothing
-- example: 2026-10-15 2026-10 stage=Découverte $closed_deals_needed=0 -> none because=no_amount
-- example: 2026-10-15 2026-10 stage=Autre $closed_deals_needed=1 -> none because=few_closed | nobody closed there
-- example: 2026-10-14 2026-10 $closed_deals_needed=1 stage=Proposition -> 0 | the deal won on the 15th is not closed yet
select o.as_of as day, o.account_id, o.owner_id, o.opportunity_id as id,
       -- in whole cents, since a double can fall on the wrong side of a half
       round(sign(o.amount) * floor((2 * (abs(o.amount) * 100)::bigint * s.won + s.closed)::double / (2 * s.closed)) / 100, 2)::decimal(18,2)
         as num, o.amount, o.amount as base,
       case when o.amount is null then 'no_amount'
            when s.stage is null then 'few_closed' else s.too_few end as missing,
       o.name, o.stage, o.signature, o.probability, s.won::double / s.closed as realised, s.closed as closed_deals
from open_deals o
left join stage_outcomes s on s.as_of = o.as_of and s.stage = o.stage
