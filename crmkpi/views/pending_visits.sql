-- definition_en: Visits planned before each date and neither done nor cancelled by then. One that is done or cancelled
--   without a date counts as such at every date. Where no visit of the source was ever done, it has no done flag.
-- definition_fr: Visites prévues avant chaque date, ni faites ni annulées à cette date. Une visite faite ou annulée sans
--   date compte comme telle à toute date. Là où aucune visite n'a jamais été faite, la source ne note pas ce qui est fait.
-- word: unknown_outcome | passées, d'issue inconnue | past, of unknown outcome
-- word: no_done_flag | {n} visite[s] passée[s] d'issue inconnue : la source ne note pas les visites faites
--   | {n} past visit[s] of unknown outcome: the source does not record which visits were done
-- word: no_status | {n} visite[s] sans statut | {n} visit[s] without a status
select d.as_of, v.activity_id, v.account_id, v.owner_id, v.contact_id, v.type, v.subject, v.planned_at::date as planned,
       nullif(trim(v.late_reason), '') as late_reason,
       case when v.status = 'unknown' and v.done_at is null and f.visits > 0 then 'unknown_outcome' end as excluded,
       case when v.status = 'unknown' and v.done_at is null and f.visits = 0 then 'no_done_flag'
            when v.status is null and v.done_at is null and v.cancelled_at is null then 'no_status' end as missing
from visits v
join dates d on d.as_of > v.planned_at::date
            and d.as_of < least(coalesce(v.done_at::date, date '9999-12-31'), coalesce(v.cancelled_at::date, date '9999-12-31'))
left join done_visits f on true
where (coalesce(v.status, '') <> 'done' or v.done_at is not null)
  and (coalesce(v.status, '') <> 'cancelled' or v.cancelled_at is not null)
