-- no: 1.4
-- rank: 3
-- fr: Opportunités ouvertes
-- en: Open opportunities
-- unit: count
-- better: up
-- needs: opportunities
-- dimensions: stage signature competitor
-- moves: deal_ends expected_close_date opportunity_history
-- beside: signature_filled = avg(case when expected_close_date is not null then 1.0 else 0.0 end)::double
--   | date de signature renseignée | signature date filled | rate
-- beside: need_filled = avg(case when need is not null then 1.0 else 0.0 end)::double | besoin renseigné | need filled | rate
-- beside: budget_filled = avg(case when budget_amount is not null then 1.0 else 0.0 end)::double
--   | budget renseigné | budget filled | rate
-- beside: delivery_filled = avg(case when requested_delivery_date is not null then 1.0 else 0.0 end)::double
--   | livraison souhaitée renseignée | wished delivery filled | rate
-- beside: competitor_filled = avg(case when competitor is not null then 1.0 else 0.0 end)::double
--   | concurrence renseignée | competitor filled | rate
-- beside: stage_filled = avg(case when stage is not null then 1.0 else 0.0 end)::double | étape renseignée | stage filled | rate
-- definition_en: How many opportunities are open at the day, and what they amount to, unweighted; beside it the share of
--   them whose need, budget, signature date, wished delivery, competitor and stage are filled.
-- definition_fr: Nombre d'opportunités ouvertes au jour dit, et leur montant non pondéré ; à côté, la part de celles dont
--   le besoin, le budget, la signature, la livraison souhaitée, la concurrence et l'étape sont renseignés.
-- example: 2026-10-15 2026-10 -> 6 amount=46000 signature_filled=0.833333 need_filled=0.5 budget_filled=0.333333 competitor_filled=0.333333
-- example: 2026-10-15 2026-10 signature=overdue -> 1 amount=5000 delivery_filled=1 stage_filled=1
-- example: 2026-10-15 2026-10 signature=undated -> 1 amount=8000
-- example: 2026-10-15 2026-10 stage=Découverte -> 1 amount=none | no amount
-- example: 2026-10-15 2026-10 rep=U4 -> 1
-- example: 2026-10-15 2026-09 -> 9 | at the end of September: some were not created, others not closed
-- example: 2026-10-01 2026-10 -> 8 | closed on the day: closed
select o.as_of as day, o.account_id, o.owner_id, o.opportunity_id as id, 1 as num, o.amount,
       o.name, o.stage, o.signature, o.probability, o.expected_close_date, o.need, o.budget_amount,
       o.requested_delivery_date, o.competitor, o.next_step
from open_deals o
