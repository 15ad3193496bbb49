-- definition_en: Every visit as a fact, on the day it was done (a visit that has that day, or the status done, is done).
--   Planned and cancelled ones are excluded by rule, and so are those done without an account. A past visit of which the
--   source does not say whether it took place is missing, on its planned day.
-- definition_fr: Chaque visite comme un fait, au jour où elle est faite (une visite qui a ce jour, ou le statut « done »,
--   est faite). Prévues et annulées sont exclues par règle, de même que les visites faites sans compte. Une visite
--   passée dont la source ne dit pas si elle a eu lieu est manquante, à son jour prévu.
-- word: cancelled | annulées | cancelled
-- word: not_done | prévues et non faites | planned and not done
-- word: no_account | sans client | without a customer
-- word: unknown_outcome | {n} visite[s] passée[s] d'issue inconnue | {n} past visit[s] of unknown outcome
-- word: no_status | {n} visite[s] sans statut | {n} visit[s] without a status
select case when v.status = 'done' then v.done_at::date else coalesce(v.done_at, v.planned_at)::date end as day,
       v.account_id, v.owner_id, v.activity_id as id,
       case when v.done_at is null and (v.status = 'cancelled' or (v.status is null and v.cancelled_at is not null))
                 then 'cancelled'
            when v.done_at is null and v.status = 'planned' then 'not_done'
            when v.account_id is null and (v.done_at is not null or v.status = 'done') then 'no_account' end as excluded,
       case when v.done_at is null and v.status = 'unknown' then 'unknown_outcome'
            when v.done_at is null and v.status is null then 'no_status' end as missing,
       case when trim(v.report) <> '' or v.reported_at is not null then 1 else 0 end as reported,
       v.done_at, v.subject, v.type, v.planned_at::date as planned, v.outcome, v.report, v.reported_at::date as reported_on
from visits v
