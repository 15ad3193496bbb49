-- no: 4.1
-- rank: 6
-- fr: Activités à faire
-- en: Activities due
-- unit: count
-- better: down
-- needs: activities
-- dimensions: type
-- definition_en: Activities of any type planned on the day or before, and neither done nor cancelled by then. One that is
--   done or cancelled without a date counts as such at every day. A past activity whose outcome the source does not say is
--   missing. Urgent ones (words of the priority, a setting) come first, those of low priority last.
-- definition_fr: Activités de tout type prévues au jour dit ou avant, ni faites ni annulées à ce jour. Une activité faite ou
--   annulée sans date compte comme telle à tout jour. Une activité passée dont la source ne dit pas l'issue est manquante.
--   Les urgentes (mots de la priorité, un réglage) viennent d'abord, les peu prioritaires à la fin.
-- setting: urgent_words=high urgent haute urgente élevée | mots d'une priorité urgente | words of an urgent priority
-- setting: low_words=low basse faible | mots d'une priorité basse | words of a low priority
-- word: unknown_outcome | {n} activité[s] passée[s] d'issue inconnue | {n} past event[s] of unknown outcome
-- word: no_status | {n} activité[s] sans statut | {n} event[s] without a status
-- word: late | prévue et pas faite | planned and not done
-- word: today | prévue ce jour | planned for the day
-- word: do_it | la faire, ou fixer une nouvelle date | do it, or set a new date
-- trap: une activité jamais close reste due pour toujours : clore ou annuler ce qui ne sera pas fait
--   | an activity that is never closed stays due for ever: close or cancel what will not be done
select d.as_of as day, a.account_id, a.owner_id, a.activity_id as id, 1 as num,
       case when a.status = 'unknown' then 'unknown_outcome' when a.status is null then 'no_status' end as missing,
       a.subject as name, a.type, a.planned_at::date as planned, a.priority, a.late_reason, a.opportunity_id, a.lead_id,
       case when ' ' || $urgent_words || ' ' like '% ' || lower(trim(a.priority)) || ' %' then 'P1'
            when ' ' || $low_words || ' ' like '% ' || lower(trim(a.priority)) || ' %' then 'P3'
            else 'P2' end as severity,
       case when a.planned_at::date < d.as_of then 'late' else 'today' end as alert_reason, 'do_it' as action,
       a.planned_at::date as due
from activities a
join dates d on d.as_of >= a.planned_at::date
            and d.as_of < least(coalesce(a.done_at::date, date '9999-12-31'), coalesce(a.cancelled_at::date, date '9999-12-31'))
where (coalesce(a.status, '') <> 'done' or a.done_at is not null)
  and (coalesce(a.status, '') <> 'cancelled' or a.cancelled_at is not null)
