-- no: 3.3
-- rank: 6
-- company: churn
-- fr: Clients actifs
-- en: Active customers
-- unit: count
-- better: up
-- needs: orders
-- helps: accounts | ni segment ni cycle fixé sur les comptes | neither segments nor cycles set on accounts
-- helps: activities.direction | silence non vérifiée | silence not checked
-- dimensions: cycle_from
-- list: customer_revenue
-- definition_en: Customers (an order of an amount above zero by the day) whose last order or last incoming activity is not
--   more than one of their own cycles ago. The cycle is the account's setting, else the median of its gaps known at the
--   day (4 order days), else its segment's (5 own cycles), else the default. The amount is the revenue of the 12 months
--   before the last order, that order included.
-- definition_fr: Clients (une commande d'un montant positif au jour dit) dont la dernière commande ou la dernière activité
--   entrante ne remonte pas à plus d'un de leurs propres cycles. Le cycle est celui du compte, sinon la médiane de ses
--   écarts connus au jour dit (4 jours de commande), sinon celui de son segment (5 cycles propres), sinon la valeur par
--   défaut. Le montant est le commandé des 12 mois avant la dernière commande, celle-ci comprise.
-- trap: un seul cycle pour tous change tout : chaque client est jugé sur le sien, et la liste dit d'où il vient
--   | one cycle for everybody changes everything: each customer is judged by its own, and the list says where it comes from
-- example: 2026-03-31 2026-03 -> 4 amount=1450 n=4 status=ok | A3, A5, A7 and X9, who is in no list of accounts
-- example: 2026-03-31 2026-03 cycle_from=default -> 4
-- example: 2026-03-31 2026-03 cycle_from=own -> 0
-- example: 2026-04-01 2026-04 -> 3 | A5's 91st day
-- example: 2026-07-31 2026-07 -> 1 | A1 is back, and 21 days old with a cycle of 25
-- example: 2026-03-31 2026-03 customer=A6 -> 0 | a draft, a cancelled order, one of nothing and one below nothing are no order
-- example: 2026-03-31 2026-03 customer= -> 0 | an order without a customer makes no customer
-- example: 2026-03-31 2026-03 rep= -> 2 | A7 and X9 have no rep
-- example: 2025-12-31 2025-12 -> 3 | on the day of A5's order
-- example: 2025-12-30 2025-12 -> 2 | the day before it: A5's year without an order, and an earlier one two cycles ago
-- example: 2024-10-15 2024-10 -> 1 | the first order of all
-- example: 2024-10-14 2024-10 -> none status=unavailable | before the data begin
-- example: 2026-03-22 2026-03 customer=A1 -> 1 | 20 days, its own cycle is 20
-- example: 2026-03-23 2026-03 customer=A1 -> 0 | 21 days
-- example: 2026-01-05 2026-01 customer=A2 -> 1 | once, on the day of its second answer
-- example: 2026-03-12 2026-03 customer=A2 -> 1 | 40 days, a cycle of 40.5
-- example: 2026-03-13 2026-03 customer=A2 -> 0 | 41 days
-- example: 2026-03-16 2026-03 customer=A4 -> 1 | 15 days, as set on the account (its own gaps are of 5)
-- example: 2026-03-17 2026-03 customer=A4 -> 0
-- example: 2026-02-09 2026-02 customer=A7 -> 0 | 100 days
-- example: 2026-02-10 2026-02 customer=A7 -> 1 | the day it answered; neither our call nor a mail announced answers for it
-- example: 2026-05-11 2026-05 customer=A7 -> 1 | 90 days after the answer
-- example: 2026-05-12 2026-05 customer=A7 -> 0
-- example: 2026-03-01 2026-03 customer=A1 -> 1 | three order days: no cycle of its own yet, whatever comes later
-- example: 2026-03-31 2026-03 $min_order_days=5 -> 5 | A1 has four: the default for it
-- example: 2026-03-31 2026-03 $min_order_days=3 -> 3 | A3 gets a cycle of its own, 13 days
-- example: 2026-03-31 2026-03 $min_segment=2 -> 3 | A3 gets its segment's, 30.25
-- example: 2026-03-31 2026-03 $min_segment=3 -> 4 | two own cycles in the segment are too few
-- example: 2026-03-31 2026-03 $inactive_cycles=0.5 -> 1 | A3's 59 days, A5's 90 and A7's 49 are more than 45
-- example: 2026-03-31 2026-03 $default_cycle=58 -> 2
select s.as_of as day, s.account_id, s.owner_id, s.account_id as id, 1 as num, s.revenue as amount, s.cycle_from,
       s.last_order, s.cycle, s.age, s.quiet, s.last_answer,
       coalesce(r.revenue_12m, 0) as revenue_12m, coalesce(r.revenue_before, 0) as revenue_before
from customer_state s
left join customer_revenue r on r.as_of = s.as_of and r.account_id = s.account_id
where s.state = 'active'
