-- no: 4.2
-- rank: 3
-- company: plans
-- fr: Rythme des plans d'actions
-- en: Pace of action plans
-- unit: ratio
-- better: up
-- needs: action_plans
-- dimensions: quadrant risk
-- undated: avancement et réalisé sont ceux d'aujourd'hui | progress and actual amount are today's | action_plan_history
-- definition_en: How far the action plans running at the day are against where they should be, each weighing its target: sum
--   of target x progress / sum of target x planned progress. 1 is on plan. Planned progress is the share of the plan's
--   days that are gone. A plan without a target, a progress, a start, or a due date on or after it is missing; one that
--   starts later is left out by rule.
-- definition_fr: Où en sont les plans d'actions en cours au jour dit par rapport au prévu, chacun pesant son objectif : somme
--   des objectifs x avancement / somme des objectifs x avancement prévu. 1 est au rythme prévu. L'avancement prévu est la
--   part des jours du plan écoulés. Un plan sans objectif, sans avancement, sans début ou sans échéance qui ne le précède
--   pas est manquant ; un plan qui commence plus tard est laissé de côté par règle.
-- setting: plan_result=0.50 | résultat d'un plan en alerte sous, part de l'attendu | a plan's result: alert below, share of what is expected
-- setting: plan_time=0.60 | part du temps écoulé à partir de laquelle le résultat alerte | share of the time gone from which the result alerts
-- setting: plan_silence=14 | plan sans mise à jour, jours | plan without an update, days
-- word: no_target | {n} plan[s] sans objectif | {n} plan[s] without a target
-- word: no_progress | {n} plan[s] sans avancement | {n} plan[s] without a progress
-- word: no_start | {n} plan[s] sans date de début | {n} plan[s] without a start
-- word: no_due | {n} plan[s] sans échéance après le début | {n} plan[s] without a due date after the start
-- word: poor_result | le temps passe et le résultat est loin de l'attendu | time goes by and the result is far from expected
-- word: late_plan | le plan avance moins vite que prévu | the plan moves slower than planned
-- word: silent_plan | plan sans mise à jour récente | plan without a recent update
-- word: rethink_plan | revoir le plan avec son responsable : changer d'actions ou d'objectif
--   | review the plan with its owner: other actions, or another target
-- word: catch_up | décider des prochaines actions et de leurs dates | decide the next actions and their dates
-- word: ask_update | demander où en est le plan | ask how far the plan is
-- trap: un plan dont l'échéance est passée reste en cours tant qu'il n'est pas clos : son prévu est 100 %
--   | a plan past its due date keeps running until it is closed: its planned progress is 100 %
-- example: 2026-06-30 2026-06 -> 0.908696 num=15675 den=17250 amount=27000 n=7 coverage=0.583333 status=partial
-- example: 2026-06-30 2026-06 -> 0.908696 because=no_start
-- example: 2026-06-30 2026-06 -> 0.908696 because=no_due
-- example: 2026-06-30 2026-06 -> 0.908696 because=no_target
-- example: 2026-06-30 2026-06 -> 0.908696 because=no_progress
-- example: 2026-06-30 2026-06 rep=U1 -> 0.995652 num=5725 den=5750 alert=none
-- example: 2026-06-30 2026-06 team=South -> 0.98 num=7350 den=7500
-- example: 2026-06-30 2026-06 risk=high -> 1 alert=P1:poor_result:rethink_plan | a third of what is expected, three quarters of the time gone
-- example: 2026-06-30 2026-06 risk=high $plan_result=0.33 -> 1 alert=none
-- example: 2026-06-30 2026-06 risk=high $plan_time=0.76 -> 1 alert=none
-- example: 2026-06-30 2026-06 team=West -> 0.5 alert=P2:late_plan:catch_up
-- example: 2026-06-30 2026-06 customer=K5 -> 0.8 den=2000 alert=P2:late_plan:catch_up | half of what is expected is not below half
-- example: 2026-06-30 2026-06 customer=K5 $plan_result=0.51 -> 0.8 alert=P1:poor_result:rethink_plan
-- example: 2026-07-05 2026-07 customer=K5 -> 0.8 den=2000 | past due, planned stays all
-- example: 2026-06-30 2026-06 customer=K3 -> 0.9 alert=P3:silent_plan:ask_update | 15 days since its record
-- example: 2026-06-29 2026-06 customer=K3 -> 0.931034 den=1450 alert=none | 14 days; nine tenths of plan are no delay
-- example: 2026-06-30 2026-06 customer=K1 -> 1 alert=none | 14 days since its update
-- example: 2026-07-01 2026-07 customer=K1 -> 0.967736 num=500 den=516.67 alert=P3:silent_plan:ask_update
-- example: 2026-06-30 2026-06 customer=K2 -> 0.9 alert=none | never updated: 14 days since its start
-- example: 2026-06-30 2026-06 customer=K2 $plan_silence=13 -> 0.9 alert=P3:silent_plan:ask_update
-- example: 2026-06-30 2026-06 customer=K2 $plan_pace=0.91 -> 0.9 alert=P2:late_plan:catch_up
-- example: 2026-06-24 2026-06 risk=high -> 0.333333 den=4800 alert=P1:poor_result:rethink_plan | 24 of 40 days are six tenths
-- example: 2026-06-23 2026-06 risk=high -> 0.347826 den=4600 alert=P2:late_plan:catch_up | 23 are not
-- example: 2026-06-22 2026-06 customer=K4 -> 0.5 num=500 den=1000 | the second of 20 days
-- example: 2026-07-09 2026-07 customer=K4 -> 0.526316 den=9500
-- example: 2026-07-10 2026-07 customer=K4 -> 0.5 den=10000 | its last day
-- example: 2026-07-01 2026-07 customer=K6 -> 1 den=500 | its first
-- example: 2026-07-02 2026-07 customer=K7 quadrant=effort_no_result -> 1 den=1 | a plan of one day; half of an expected 1
-- example: 2026-07-01 2026-07 customer=K7 -> none | the day before
-- example: 2026-06-30 2026-06 customer=K6 -> none
with judged as (
  select p.*,
         case when p.result < $plan_result and p.planned >= $plan_time then 'poor_result'
              when p.effort < $plan_pace then 'late_plan'
              when date_diff('day', p.updated, p.as_of) > $plan_silence then 'silent_plan' end as alert_reason
  from running_plans p
)
select j.as_of as day, j.account_id, j.owner_id, j.team, j.plan_id as id,
       (j.target_amount * j.progress)::decimal(18,2) as num, j.expected as den, j.target_amount as amount, j.excluded,
       case when j.target_amount is null then 'no_target' when j.progress is null then 'no_progress'
            when j.start_date is null then 'no_start' when j.planned is null then 'no_due' end as missing,
       j.name, j.quadrant, j.risk, j.progress, j.planned, j.effort, j.result, j.actual_amount, j.expected, j.start_date,
       j.due_date, j.updated,
       case when j.alert_reason = 'poor_result' then 'P1' when j.alert_reason = 'late_plan' then 'P2'
            when j.alert_reason = 'silent_plan' then 'P3' end as severity,
       j.alert_reason, j.due_date as due,
       case when j.alert_reason = 'poor_result' then 'rethink_plan' when j.alert_reason = 'late_plan' then 'catch_up'
            when j.alert_reason = 'silent_plan' then 'ask_update' end as action
from judged j
