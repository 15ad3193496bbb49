-- no: 3.3
-- rank: 7
-- company: churn
-- fr: Fausses alertes de la règle des cycles
-- en: False alarms of the rule of cycles
-- unit: rate
-- better: down
-- needs: orders
-- dimensions: cycles cycle_from
-- definition_en: How often the rule is wrong. Of the gaps between a customer's order days that were longer than 1 cycle by
--   the day (and again of those longer than 2), still open ones included, the share that ended in an order by the day.
--   The cycle of a gap is the one known on the day it began: the account's setting, else the median of the gaps before it
--   (4 order days), else the segment's of that day (5 own cycles), else the default. Answers are not looked at. Read it
--   by `cycles`; without, it is the share over both alarms together.
-- definition_fr: Combien de fois la règle se trompe. Parmi les écarts entre jours de commande d'un client qui avaient
--   dépassé 1 cycle au jour dit (et de même 2), ceux encore ouverts compris, la part qui a fini par une commande au jour
--   dit. Le cycle d'un écart est celui connu le jour où il a commencé : celui du compte, sinon la médiane des écarts
--   d'avant (4 jours de commande), sinon celui du segment ce jour-là (5 cycles propres), sinon la valeur par défaut. Les
--   réponses ne sont pas regardées. À lire par `cycles` ; sans cela, la part sur les deux alertes ensemble.
-- word: 1 | plus d'un cycle | more than one cycle
-- word: 2 | plus de deux cycles | more than two cycles
-- trap: un taux élevé ne condamne pas la liste des inactifs : la plupart des clients reviennent, et la question est de
--   savoir lesquels
--   | a high rate does not condemn the list of inactive customers: most customers come back; which ones is the question
-- trap: les écarts récents encore ouverts comptent comme vraies alertes : le taux d'une entreprise jeune est trop bas
--   | recent gaps still open count as true alarms: the rate of a young company is too low
-- example: 2026-03-31 2026-03 -> 0.428571 num=3 den=7 | both alarms together
-- example: 2026-03-31 2026-03 cycles=1 -> 0.333333 num=2 den=6 | ended: A2's 41 days of 40, A5's 364 of 90; open: A1, A2, A4, A7
-- example: 2026-03-31 2026-03 cycles=2 -> 1 num=1 den=1 | A5's
-- example: 2026-04-01 2026-04 cycles=1 -> 0.285714 den=7 | and A5's 91 days
-- example: 2026-04-01 2026-04 cycles=2 -> 0.5 den=2 | and A4's 31 days of 15
-- example: 2026-03-31 2026-03 cycles=1 cycle_from=own -> 0.333333 num=1 den=3
-- example: 2026-03-31 2026-03 cycles=1 cycle_from=account -> 0 den=1
-- example: 2026-03-31 2026-03 cycles=1 cycle_from=default -> 0.5 den=2
-- example: 2026-01-30 2026-01 cycles=1 -> 1 den=1 | A2's 40 days and A7's 90 have not passed
-- example: 2026-01-31 2026-01 cycles=1 -> 0.666667 num=2 den=3 | A2's 41st is the day it orders
-- example: 2025-04-01 2025-04 cycles=1 -> none | A5's 90 days
-- example: 2025-04-02 2025-04 cycles=1 -> 0 den=1 | 91, and the order to come is not known
-- example: 2025-06-30 2025-06 cycles=2 -> none | 180
-- example: 2025-07-01 2025-07 cycles=2 -> 0 den=1
-- example: 2026-07-31 2026-07 cycles=2 customer=A1 -> 1 den=1 | 130 days with a cycle of 20
-- example: 2026-07-31 2026-07 customer=A1 $min_order_days=5 -> 1 num=1 den=1 | 130 days with the default of 90
-- example: 2026-03-31 2026-03 cycles=1 cycle_from=segment $min_segment=1 -> 0 den=1 | A3: 59 days, the segment's cycle was 40.5 that day
-- example: 2026-03-31 2026-03 cycles=1 cycle_from=segment $min_segment=2 -> none | A2 alone has a cycle that day
-- example: 2026-04-22 2026-04 cycles=2 cycle_from=segment $min_segment=1 -> none | 81 days
-- example: 2026-04-23 2026-04 cycles=2 cycle_from=segment $min_segment=1 -> 0 den=1
-- example: 2026-03-31 2026-03 rep=U2 -> 0 den=1 | A4
with alarms as (
  select g.account_id, g.owner_id, g.day, g.next_day, g.cycle, g.cycle_from, t.cycles,
         (g.day + interval 1 day * (floor(t.times * g.cycle)::integer + 1))::date as rings_on
  from order_gaps g
  join (select '1' as cycles, 1 as times union all select '2' as cycles, 2 as times) t on true
)
select d.as_of as day, a.account_id, a.owner_id, a.account_id || ':' || cast(a.day as varchar) || ':' || a.cycles as id,
       case when a.next_day <= d.as_of then 1 else 0 end as num, 1 as den, a.cycles, a.cycle_from, a.cycle,
       a.day as last_order, case when a.next_day <= d.as_of then a.next_day end as next_order,
       date_diff('day', a.day, least(a.next_day, d.as_of)) as gap
from alarms a
join dates d on d.as_of >= a.rings_on and a.rings_on <= a.next_day
