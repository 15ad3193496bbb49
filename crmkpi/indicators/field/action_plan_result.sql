-- no: 4.2
-- rank: 4
-- company: plans
-- fr: Résultat des plans d'actions
-- en: Result of action plans
-- unit: ratio
-- better: up
-- needs: action_plans
-- dimensions: quadrant risk
-- undated: avancement et réalisé sont ceux d'aujourd'hui | progress and actual amount are today's | action_plan_history
-- definition_en: What the action plans running at the day have brought, against what was expected by then: sum of actual
--   amounts / sum of target x planned progress. 1 is as expected. A plan without a target, an actual amount, a start, or a
--   due date on or after it is missing; one that starts later is left out by rule.
-- definition_fr: Ce que les plans d'actions en cours au jour dit ont rapporté, par rapport à l'attendu à ce jour : somme des
--   réalisés / somme des objectifs x avancement prévu. 1 est conforme à l'attendu. Un plan sans objectif, sans réalisé,
--   sans début ou sans échéance qui ne le précède pas est manquant ; un plan qui commence plus tard est laissé de côté par
--   règle.
-- word: no_target | {n} plan[s] sans objectif | {n} plan[s] without a target
-- word: no_actual | {n} plan[s] sans réalisé | {n} plan[s] without an actual amount
-- word: no_start | {n} plan[s] sans date de début | {n} plan[s] without a start
-- word: no_due | {n} plan[s] sans échéance après le début | {n} plan[s] without a due date after the start
-- trap: l'attendu suppose un résultat régulier : un plan qui vend à la fin paraît en retard jusque-là
--   | what is expected supposes steady results: a plan that sells at its end looks late until then
-- example: 2026-06-30 2026-06 -> 0.604 num=11325 den=18750 amount=31500 n=7 coverage=0.583333
-- example: 2026-06-30 2026-06 -> 0.604 because=no_target
-- example: 2026-06-30 2026-06 -> 0.604 because=no_actual
-- example: 2026-06-30 2026-06 -> 0.604 because=no_start
-- example: 2026-06-30 2026-06 -> 0.604 because=no_due
-- example: 2026-06-30 2026-06 quadrant=effort_no_result -> 0.333333 num=2000 den=6000
-- example: 2026-06-30 2026-06 quadrant=on_track -> 0.995652 num=5725 den=5750
-- example: 2026-06-30 2026-06 customer=K5 -> 0.5
-- example: 2026-06-30 2026-06 customer=K3 -> none because=no_actual
-- example: 2026-06-29 2026-06 risk=low -> 0.444444 num=2000 den=4500 | recorded on the 25th
-- example: 2026-06-24 2026-06 risk=high -> 0.208333 num=1000 den=4800
-- example: 2026-06-30 2026-06 customer=K6 -> none
-- example: 2026-07-01 2026-07 customer=K6 -> 1
select p.as_of as day, p.account_id, p.owner_id, p.team, p.plan_id as id, p.actual_amount as num,
       p.expected as den, p.target_amount as amount, p.excluded,
       case when p.target_amount is null then 'no_target' when p.actual_amount is null then 'no_actual'
            when p.start_date is null then 'no_start' when p.planned is null then 'no_due' end as missing,
       p.name, p.quadrant, p.risk, p.progress, p.planned, p.effort, p.result, p.start_date, p.due_date, p.updated
from running_plans p
