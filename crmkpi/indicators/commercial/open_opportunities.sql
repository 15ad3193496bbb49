-- no: 1.4
-- rank: 3
-- fr: Opportunités ouvertes
-- en: Open opportunities
-- unit: count
-- better: up
-- needs: opportunities
-- dimensions: stage signature competitor
-- beside: signature_filled = avg(case when expected_close_date is not null then 1.0 else 0.0 end)::double
--   | date de signature renseignée | signature date filled
-- beside: need_filled = avg(case when need is not null then 1.0 else 0.0 end)::double | besoin renseigné | need filled
-- beside: budget_filled = avg(case when budget_amount is not null then 1.0 else 0.0 end)::double
--   | budget renseigné | budget filled
-- beside: delivery_filled = avg(case when requested_delivery_date is not null then 1.0 else 0.0 end)::double
--   | livraison souhaitée renseignée | wished delivery filled
-- beside: competitor_filled = avg(case when competitor is not null then 1.0 else 0.0 end)::double
--   | concurrence renseignée | competitor filled
-- beside: stage_filled = avg(case when stage is not null then 1.0 else 0.0 end)::double | étape renseignée | stage filled
-- definition_en: How many opportunities are open at the day, and what they amount to, unweighted; beside it the share of
--   them whose need, budget, signature date, wished delivery, competitor and stage are filled.
-- definition_fr: Nombre d'opportunités ouvertes au jour dit, et leur montant non pondéré ; à côté, la part de celles dont
--   le besoin, le budget, la signature, la livraison souhaitée, la concurrence et l'étape sont renseignés.
select o.as_of as day, o.account_id, o.owner_id, o.opportunity_id as id, 1 as num, o.amount,
       o.name, o.stage, o.signature, o.probability, o.expected_close_date, o.need, o.budget_amount,
       o.requested_delivery_date, o.competitor, o.next_step
from open_deals o
