-- definition_en: The states of action plans that the source kept, each from its day up to the next one's.
-- definition_fr: Les états des plans d'actions que la source a gardés, chacun de son jour jusqu'à celui du suivant.
select h.plan_id, h.at::date as day, h.progress, h.actual_amount,
       coalesce(lead(h.at::date) over (partition by h.plan_id order by h.at), date '9999-12-31') as next_day
from action_plan_history h
