-- definition_en: Action plans running at the day: running, or closed later; one closed without a date is closed at every
--   day, one that starts later is left out by rule. Planned progress is the share of the plan's days that are gone, first
--   and last included, at most 1; unknown without a start, or without a due date on or after it. Progress and actual
--   amount are today's on the data's own date; before it those last recorded by the day, and unknown if none was, in a
--   source that keeps a history (else today's, and the answer says so). Effort = progress / planned; result = actual /
--   (target x planned). Both well from 90 % of plan: on track; one of them: effort without result, or result without
--   effort; none: behind.
-- definition_fr: Plans d'actions en cours au jour dit : en cours, ou clos plus tard ; clos sans date, clos à toute date ; un
--   plan qui commence plus tard est laissé de côté par règle. L'avancement prévu est la part des jours du plan écoulés,
--   premier et dernier compris, au plus 1 ; inconnu sans début, ou sans échéance qui ne le précède pas. Avancement et
--   réalisé sont ceux d'aujourd'hui à la date des données ; avant elle, les derniers enregistrés au jour dit, inconnus s'il
--   n'y en a pas, dans une source qui garde un historique (sinon ceux d'aujourd'hui, et la réponse le dit). Effort =
--   avancement / prévu ; résultat = réalisé / (objectif x prévu). Les deux bons à partir de 90 % du prévu : en bonne voie ;
--   un seul : effort sans résultat, ou résultat sans effort ; aucun : en retard.
-- setting: plan_pace=0.90 | plan en retard sous, part du prévu | plan behind below, share of plan
-- word: not_started | pas encore commencés | not started yet
-- word: on_track | en bonne voie | on track
-- word: effort_no_result | effort sans résultat | effort without result
-- word: result_no_effort | résultat sans effort | result without effort
-- word: behind | en retard | behind
with known as (
  select d.as_of, p.plan_id, p.name, p.owner_id, p.account_id, coalesce(p.team, u.team) as team, p.risk, p.start_date,
         p.due_date, case when p.target_amount > 0 then p.target_amount end as target_amount,
         case when d.as_of >= $data_day or n.steps = 0 then p.progress else h.progress end as progress,
         case when d.as_of >= $data_day or n.steps = 0 then p.actual_amount else h.actual_amount end as actual_amount,
         case when p.updated_at::date <= d.as_of then p.updated_at::date end as updated, h.day as recorded,
         case when p.due_date >= p.start_date
              then greatest(0, least(1, (date_diff('day', p.start_date, d.as_of) + 1)::double
                                        / (date_diff('day', p.start_date, p.due_date) + 1))) end as planned
  from action_plans p
  join dates d on p.status = 'running' or p.closed_at::date > d.as_of
  cross join (select count(*) as steps from action_plan_history) n
  left join plan_steps h on h.plan_id = p.plan_id and h.day <= d.as_of and h.next_day > d.as_of
  left join users u on u.user_id = p.owner_id
), weighed as (
  select k.*, k.progress::double / nullif(k.planned, 0) as effort,
         (k.target_amount * k.planned)::decimal(18,2) as expected,
         k.actual_amount::double / nullif(k.target_amount * k.planned, 0) as result
  from known k
)
select w.as_of, w.plan_id, w.name, w.owner_id, w.account_id, w.team, w.risk, w.start_date, w.due_date, w.target_amount,
       w.progress, w.actual_amount, w.planned, w.expected, w.effort, w.result,
       coalesce(greatest(w.updated, w.recorded), w.start_date) as updated,
       case when w.start_date > w.as_of then 'not_started' end as excluded,
       case when w.effort is null or w.result is null then null
            when w.effort >= $plan_pace and w.result >= $plan_pace then 'on_track'
            when w.effort >= $plan_pace then 'effort_no_result'
            when w.result >= $plan_pace then 'result_no_effort' else 'behind' end as quadrant
from weighed w
