-- no: 4.2
-- rank: 1
-- company: plans
-- fr: Avancement des plans d'actions
-- en: Progress of action plans
-- unit: rate
-- better: up
-- needs: action_plans
-- dimensions: quadrant risk
-- undated: avancement et réalisé sont ceux d'aujourd'hui | progress and actual amount are today's | action_plan_history
-- definition_en: How far the action plans running at the day are, each weighing its target: sum of target x progress / sum
--   of targets. A plan without a target or a progress is counted as missing: the coverage is the share of plans that
--   have both. A plan that starts later is left out by rule.
-- definition_fr: Où en sont les plans d'actions en cours au jour dit, chacun pesant son objectif : somme des objectifs x
--   avancement / somme des objectifs. Un plan sans objectif ou sans avancement est compté comme manquant : la couverture
--   est la part des plans qui ont les deux. Un plan qui commence plus tard est laissé de côté par règle.
-- word: no_target | {n} plan[s] sans objectif | {n} plan[s] without a target
-- word: no_progress | {n} plan[s] sans avancement | {n} plan[s] without a progress
-- trap: un avancement est une déclaration : le regarder avec le résultat
--   | progress is a statement: look at it together with the result
select p.as_of as day, p.account_id, p.owner_id, p.team, p.plan_id as id,
       round(p.target_amount * p.progress, 2)::decimal(18,2) as num, p.target_amount as den, p.target_amount as amount,
       p.excluded, case when p.target_amount is null then 'no_target' when p.progress is null then 'no_progress' end as missing,
       p.name, p.quadrant, p.risk, p.progress, p.planned, p.effort, p.result, p.actual_amount, p.start_date, p.due_date,
       p.updated
from running_plans p
