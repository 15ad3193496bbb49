-- no: 4.2
-- rank: 2
-- company: plans
-- fr: Avancement des plans d'actions, à poids égaux
-- en: Progress of action plans, equal weights
-- unit: rate
-- better: up
-- needs: action_plans
-- dimensions: quadrant risk
-- undated: avancement et réalisé sont ceux d'aujourd'hui | progress and actual amount are today's | action_plan_history
-- definition_en: How far the action plans running at the day are, each weighing the same, with or without a target: sum of
--   progress / number of plans. A plan without a progress is counted as missing; one that starts later is left out by
--   rule. The amount is the sum of the known targets.
-- definition_fr: Où en sont les plans d'actions en cours au jour dit, chacun pesant autant, avec ou sans objectif : somme
--   des avancements / nombre de plans. Un plan sans avancement est compté comme manquant ; un plan qui commence plus tard
--   est laissé de côté par règle. Le montant est la somme des objectifs connus.
-- word: no_progress | {n} plan[s] sans avancement | {n} plan[s] without a progress
-- trap: un petit plan y pèse autant qu'un grand : un écart avec l'avancement pondéré montre lesquels avancent
--   | a small plan weighs as much as a big one here: a gap to the weighted progress shows which of them move
-- example: 2026-06-30 2026-06 -> 0.495455 num=5.45 den=11 amount=37000 coverage=0.916667 because=no_progress
-- example: 2026-06-30 2026-06 quadrant=on_track -> 0.483333 num=1.45 den=3
-- example: 2026-06-30 2026-06 rep=U2 -> 0.55 den=4 | P2, P3, P12 and P13, whose target is nothing
-- example: 2026-06-30 2026-06 team= -> 0.8
-- example: 2026-06-30 2026-06 customer=K6 -> none | not begun
-- example: 2026-06-30 2026-06 risk=low -> 0.5
-- example: 2026-06-29 2026-06 -> 0.325 num=1.3 den=4 | 0.2, 0.2, 0.9 and 0
select p.as_of as day, p.account_id, p.owner_id, p.team, p.plan_id as id, p.progress as num, 1 as den,
       p.target_amount as amount, p.excluded, case when p.progress is null then 'no_progress' end as missing,
       p.name, p.quadrant, p.risk, p.planned, p.effort, p.result, p.actual_amount, p.start_date, p.due_date, p.updated
from running_plans p
