-- no: 3.3
-- rank: 7
-- company: churn
-- fr: Fausses alertes d'inactivité
-- en: False inactivity alarms
-- unit: rate
-- better: down
-- needs: orders
-- helps: accounts | ni segment ni cycle fixé sur les comptes | neither segments nor cycles set on accounts
-- dimensions: cycles cycle_from
-- definition_en: How often the rule is wrong. Of the gaps between a customer's order days that were longer than 1 cycle by
--   the day (and again of those longer than 2), still open ones included, the share that ended in an order by the day.
--   The cycle of a gap is the one known on the day it began: the account's setting, else the median of the gaps before it
--   (4 order days), else the segment's of that day (5 own cycles). A gap that began without a known cycle (the rule took
--   the default) is left out by rule and counted. Answers are not looked at. Read it by `cycles`; without, it is the
--   share over both alarms together.
-- definition_fr: Combien de fois la règle se trompe. Parmi les écarts entre jours de commande d'un client qui avaient
--   dépassé 1 cycle au jour dit (et de même 2), ceux encore ouverts compris, la part qui a fini par une commande au jour
--   dit. Le cycle d'un écart est celui connu le jour où il a commencé : celui du compte, sinon la médiane des écarts
--   d'avant (4 jours de commande), sinon celui du segment ce jour-là (5 cycles propres). Un écart commencé sans cycle connu
--   (la règle prend la valeur par défaut) est laissé de côté par règle, et compté. Les réponses ne sont pas regardées. À
--   lire par `cycles` ; sans cela, la part sur les deux alertes ensemble.
-- word: 1 | plus d'un cycle | more than one cycle
-- word: 2 | plus de deux cycles | more than two cycles
-- word: no_known_cycle | commencés sans cycle connu | begun without a known cycle
-- trap: un taux élevé ne condamne pas la liste des inactifs : la plupart des clients reviennent, et la question est de
--   savoir lesquels
--   | a high rate does not condemn the list of inactive customers: most customers come back; which ones is the question
-- trap: les écarts récents encore ouverts comptent comme vraies alertes : le taux d'une entreprise jeune est trop bas
--   | recent gaps still open count as true alarms: the rate of a young company is too low
-- example: 2026-03-31 2026-03 -> 0.25 num=1 den=4 | all alarms together
-- example: 2026-03-31 2026-03 cycles=1 -> 0.25 num=1 den=4 | ended: A2's 41 days of 40; open: A1, A2, A4
-- example: 2026-03-31 2026-03 cycles=2 -> none | A5's 364 days began without a known cycle
-- example: 2026-04-01 2026-04 cycles=1 -> 0.25 den=4
-- example: 2026-04-01 2026-04 cycles=2 -> 0 den=1 | A4's 31 days of 15
-- example: 2026-03-31 2026-03 cycle_from=own -> 0.333333 num=1 den=3
-- example: 2026-03-31 2026-03 cycle_from=account -> 0 den=1
-- example: 2026-03-31 2026-03 cycle_from=default -> none | left out by rule
-- example: 2026-01-30 2026-01 -> none | A2's 40 days have not passed
-- example: 2026-01-31 2026-01 -> 1 num=1 den=1 | its 41st is the day it orders
-- example: 2026-07-09 2026-07 cycles=2 customer=A1 -> 0 den=1 | 129 days with a cycle of 20, and the order to come is not known
-- example: 2026-07-10 2026-07 cycles=2 customer=A1 -> 1 num=1 den=1
-- example: 2026-07-31 2026-07 customer=A1 $min_order_days=5 -> none | no known cycle on 2 March
-- example: 2026-03-31 2026-03 cycles=1 cycle_from=segment $min_segment=1 -> 0 den=1 | A3: 59 days, the segment's cycle was 40.5 that day
-- example: 2026-03-31 2026-03 cycle_from=segment $min_segment=2 -> none | A2 alone has a cycle that day
-- example: 2026-04-22 2026-04 cycles=2 cycle_from=segment $min_segment=1 -> none | 81 days
-- example: 2026-04-23 2026-04 cycles=2 cycle_from=segment $min_segment=1 -> 0 den=1
-- example: 2026-03-31 2026-03 rep=U2 -> 0 den=1 | A4
-- example: 2026-03-12 2026-03 customer=A2 -> 1 den=1 | 40 days of 40.5
-- example: 2026-03-13 2026-03 customer=A2 -> 0.5 den=2
-- example: 2026-08-03 2026-08 customer=A8 -> 0 den=1 | two days, a cycle of one set on the account
-- example: 2026-09-02 2026-09 customer=A9 $min_segment=2 -> none | 32 days, the segment's cycle was 32.75
-- example: 2026-09-03 2026-09 customer=A9 $min_segment=2 -> 0 den=1
with alarms as (
  select g.account_id, g.owner_id, g.day, g.next_day, g.cycle, g.cycle_from, t.cycles,
         (g.day + interval 1 day * (floor(t.times * g.cycle)::integer + 1))::date as rings_on
  from order_gaps g
  join (select '1' as cycles, 1 as times union all select '2' as cycles, 2 as times) t on true
)
select d.as_of as day, a.account_id, a.owner_id, a.account_id || ':' || cast(a.day as varchar) || ':' || a.cycles as id,
       case when a.next_day <= d.as_of then 1 else 0 end as num, 1 as den, a.cycles, a.cycle_from, a.cycle,
       case when a.cycle_from = 'default' then 'no_known_cycle' end as excluded,
       a.day as last_order, case when a.next_day <= d.as_of then a.next_day end as next_order,
       date_diff('day', a.day, least(a.next_day, d.as_of)) as gap
from alarms a
join dates d on d.as_of >= a.rings_on and a.rings_on <= a.next_day
