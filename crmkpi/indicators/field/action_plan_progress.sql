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
-- example: 2026-06-30 2026-06 -> 0.483108 num=17875 den=37000 amount=37000 n=9 coverage=0.75 status=partial because=no_target
-- example: 2026-06-30 2026-06 quadrant=on_track -> 0.497826 den=11500 | P1, P14, P16 at exactly nine tenths of plan
-- example: 2026-06-30 2026-06 quadrant=effort_no_result -> 0.75 den=8000 | P2
-- example: 2026-06-30 2026-06 quadrant=result_no_effort -> 0.25 den=4000 | P3
-- example: 2026-06-30 2026-06 quadrant=behind -> 0.8 den=2000 | P4
-- example: 2026-06-30 2026-06 quadrant=effort_no_result $plan_pace=1 -> 0.75 den=8000 | P2's effort is exactly 1
-- example: 2026-06-30 2026-06 quadrant=result_no_effort $plan_pace=1 -> 0.25 den=4000 | P3's result is
-- example: 2026-06-30 2026-06 quadrant= -> 0.308696 den=11500 coverage=0.5 | without a planned progress or a result: P7, P11, P12
-- example: 2026-06-30 2026-06 risk=high -> 0.75
-- example: 2026-06-30 2026-06 team=North -> 0.368605 num=7925 den=21500 | the plan of the team, and those of its rep that name no team: P1, P7, P11, P14, P16
-- example: 2026-06-30 2026-06 team=West -> 0.25 | the plan's own team, not its rep's
-- example: 2026-06-30 2026-06 team= -> 0.8 | neither
-- example: 2026-06-30 2026-06 rep=U2 -> 0.618519 num=8350 den=13500
-- example: 2026-06-30 2026-06 customer=K6 -> none | starts the day after
-- example: 2026-07-01 2026-07 customer=K6 -> 0.1 den=5000
-- example: 2026-06-29 2026-06 -> 0.241463 num=4950 den=20500 because=no_progress | what the history knew: P1, P2, P12, P14
-- example: 2026-06-28 2026-06 -> 0.253488 num=5450 den=21500 | and P9, closed the day after
-- example: 2026-06-25 2026-06 -> 0.253488 | the last record of the day
-- example: 2026-06-24 2026-06 -> 0.183721 num=3950 | the one before
-- example: 2026-06-21 2026-06 customer=K4 -> none because=no_progress | begun, and nothing recorded yet
-- example: 2026-06-20 2026-06 -> 0.3 num=3450 den=11500 | P2, P9, P12, P14; P1 has not begun
-- example: 2026-06-19 2026-06 -> 0.280952 num=2950 den=10500 | P9 is not recorded yet
select p.as_of as day, p.account_id, p.owner_id, p.team, p.plan_id as id,
       (p.target_amount * p.progress)::decimal(18,2) as num, p.target_amount as den, p.target_amount as amount,
       p.excluded, case when p.target_amount is null then 'no_target' when p.progress is null then 'no_progress' end as missing,
       p.name, p.quadrant, p.risk, p.progress, p.planned, p.effort, p.result, p.actual_amount, p.start_date, p.due_date,
       p.updated
from running_plans p
