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
-- example: 2026-10-15 2026-10 -> 3 coverage=0.6 because=unknown_outcome alert=P1:late:do_it,P2:today:do_it,P3:late:do_it
-- example: 2026-10-15 2026-10 type=visit -> 1 because=no_status alert=P1:late:do_it
-- example: 2026-10-15 2026-10 type=call -> 1 alert=P2:today:do_it | on its day it is due, and not late
-- example: 2026-10-15 2026-10 type=call $urgent_words=normale -> 1 alert=P1:today:do_it
-- example: 2026-10-15 2026-10 type=email $low_words=none -> 1 alert=P2:late:do_it
-- example: 2026-10-15 2026-10 rep=U3 -> none because=unknown_outcome
-- example: 2026-10-14 2026-10 -> 2 alert=P1:late:do_it,P3:today:do_it
-- example: 2026-10-16 2026-10-16 type=task -> 1 alert=P1:today:do_it
-- example: 2026-10-13 2026-10 -> 1 | one is cancelled on that day
-- example: 2026-10-12 2026-10 -> 2 | the day before
-- example: 2026-10-10 2026-10 -> 2 | one is done on that day
-- example: 2026-10-09 2026-10 -> 3 | the day before
-- example: 2026-10-07 2026-10 -> 3 | done two days late
-- example: 2026-10-06 2026-10 -> 4 | and one is cancelled on the day it was planned for
-- example: 2026-10-03 2026-10 rep=U4 -> 3 coverage=1 | no status or an unknown one, and the day they were done or cancelled
-- example: 2026-10-04 2026-10 rep=U4 -> 0 | that day
-- example: 2026-10-02 2026-10 type=task -> 2 | done or cancelled without a date: never due
-- example: 2026-10-01 2026-10 -> 1
-- example: 2026-07-05 2026-07 -> 0
-- example: 2026-10-15 2026-09 -> none because=unknown_outcome
select d.as_of as day, a.account_id, a.owner_id, a.activity_id as id, 1 as num,
       case when a.done_at is null and a.status = 'unknown' then 'unknown_outcome'
            when a.done_at is null and a.cancelled_at is null and a.status is null then 'no_status' end as missing,
       a.subject as name, a.type, a.planned_at::date as planned, a.priority, a.late_reason, a.opportunity_id, a.lead_id,
       case when ' ' || $urgent_words || ' ' like '% ' || lower(trim(a.priority)) || ' %' then 'P1'
            when ' ' || $low_words || ' ' like '% ' || lower(trim(a.priority)) || ' %' then 'P3'
            else 'P2' end as severity,
       case when a.planned_at::date < d.as_of then 'late' else 'today' end as alert_reason, 'do_it' as action,
       a.planned_at::date as due
from activities a
join dates d on d.as_of >= a.planned_at::date
            and (a.done_at is null or a.done_at::date > d.as_of) and (a.cancelled_at is null or a.cancelled_at::date > d.as_of)
where (a.status is distinct from 'done' or a.done_at is not null)
  and (a.status is distinct from 'cancelled' or a.cancelled_at is not null)
