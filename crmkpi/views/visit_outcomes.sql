-- definition_en: Every visit with the day it was done and the day it was cancelled: long ago where the source says so
--   without a date, never (9999) where it does not. One of unknown outcome is set apart by rule; it is missing where the
--   source never says of any visit of that type that it was done, since it then records none.
-- definition_fr: Chaque visite avec le jour où elle a été faite et celui où elle a été annulée : il y a longtemps là où la
--   source le dit sans date, jamais (9999) là où elle ne le dit pas. Une visite d'issue inconnue est mise à part par règle ;
--   elle est manquante là où la source ne dit d'aucune visite de ce type qu'elle est faite, car alors elle ne le note pas.
-- word: unknown_outcome | passées, d'issue inconnue | past, of unknown outcome
-- word: no_done_flag | {n} visite[s] passée[s] d'issue inconnue : la source ne note pas les visites faites
--   | {n} past visit[s] of unknown outcome: the source does not record which visits were done
-- word: no_status | {n} visite[s] sans statut | {n} visit[s] without a status
select v.activity_id, v.account_id, v.owner_id, v.contact_id, v.type, v.subject, v.planned_at::date as planned,
       v.late_reason,
       case when v.done_at is not null then v.done_at::date when v.status = 'done' then date '1900-01-01'
            else date '9999-12-31' end as done_day,
       case when v.cancelled_at is not null then v.cancelled_at::date when v.status = 'cancelled' then date '1900-01-01'
            else date '9999-12-31' end as cancelled_day,
       case when v.status = 'unknown' and v.done_at is null and t.type is not null then 'unknown_outcome' end as excluded,
       case when v.status = 'unknown' and t.type is null then 'no_done_flag'
            when v.status is null and v.done_at is null and v.cancelled_at is null then 'no_status' end as missing
from visits v
left join done_visits t on t.type = v.type
