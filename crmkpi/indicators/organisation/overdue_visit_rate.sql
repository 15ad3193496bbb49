-- no: 2.1
-- rank: 2
-- fr: Part des visites en retard
-- en: Overdue visit rate
-- unit: rate
-- better: down
-- needs: activities
-- definition_en: Of the visits planned in the period, whose outcome is known and which were not cancelled by its end: the
--   share not done at its end (of an unfinished period, at the day). A visit planned on that very day is not late yet.
-- definition_fr: Parmi les visites prévues dans la période, d'issue connue et non annulées à la fin : la part qui n'est pas
--   faite à la fin (au jour dit, si la période n'est pas finie). Une visite prévue ce jour même n'est pas encore en retard.
-- trap: une visite faite après la fin du mois reste en retard dans ce mois-là
--   | a visit done after the end of the month stays overdue in that month
-- setting: overdue_share=0.20 | part de visites en retard à surveiller | share of overdue visits to watch
-- word: cancelled | annulées | cancelled
-- alert: P3 rep: value > $overdue_share
--   | plus de {overdue_share} des visites prévues ne sont pas faites
--   | more than {overdue_share} of the planned visits are not done
--   | revoir le planning de visites avec le commercial
--   | review the plan of visits with the rep
-- example: 2025-11-30 2025-11 -> 0.5 num=4 den=8 n=8 coverage=0.888889 status=partial because=no_done_flag
-- example: 2025-11-30 2025-11 rep=U1 $small_n=3 -> 0.666667 groups=P3:rep:U1
-- example: 2025-11-30 2025-11 rep=U2 $small_n=2 $overdue_share=0.5 -> 0.5 groups=none
-- example: 2025-11-30 2025-09 -> 0.214286 num=3 den=14 groups=P3:rep:U4 | done in October: late at the end of September
-- example: 2025-11-30 2025-11-05 -> none because=no_done_flag
-- example: 2025-11-30 2025-11 rep=U1 -> 0.666667 num=2 den=3 status=ok | a cancelled one is in neither; one is done without a date
-- example: 2025-11-30 2025-11 rep=U2 -> 0.5 num=1 den=2 | one done late, one cancelled, one of unknown outcome
-- example: 2025-11-20 2025-11 rep=U2 -> 1 num=1 den=1 | before it was done
-- example: 2025-11-13 2025-11 rep=U2 -> 1 num=2 den=2 | before one was cancelled
-- example: 2025-11-14 2025-11 rep=U2 -> 1 num=1 den=1 | cancelled on the day
-- example: 2025-11-25 2025-11 rep=U2 -> 0 num=0 den=1 | done on the day
-- example: 2025-11-19 2025-11 rep=U1 -> 0 num=0 den=2 | planned on the day: due, not late yet
-- example: 2025-11-18 2025-11 rep=U1 -> 0 num=0 den=1 | planned later: not in it
-- example: 2025-11-30 2025-11-10/2025-11-12 -> 1 num=1 den=1 | seen at its last day, the 11th
-- example: 2025-11-30 2025-11-11/2025-11-12 -> none | the one of the 10th is not in it
-- example: 2025-11-30 2025-11-06 rep=U2 -> none | of unknown outcome
-- example: 2025-12-02 2025-12 -> 0 den=1
-- example: 2025-12-03 2025-12 -> 1 den=1
-- example: 2025-11-30 2025-11 rep=U4 -> 0 den=1 | done, whatever its status
-- example: 2025-12-30 2025-12 rep=U4 -> none because=no_status
select v.planned as day, p.period, v.account_id, v.owner_id, v.activity_id as id,
       case when v.planned < p.as_of and v.done_day > p.as_of then 1 else 0 end as num, 1 as den,
       case when v.cancelled_day <= p.as_of then 'cancelled' else v.excluded end as excluded, v.missing,
       v.subject, v.type, v.late_reason
from visit_outcomes v
join periods p on v.planned >= p.start and v.planned <= p.as_of
