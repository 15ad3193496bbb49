-- no: 3.3
-- rank: 2
-- company: churn
-- fr: Clients perdus
-- en: Lost customers
-- unit: count
-- better: down
-- needs: orders
-- helps: accounts | ni segment ni cycle fixé sur les comptes | neither segments nor cycles set on accounts
-- helps: activities.direction | silence non vérifiée | silence not checked
-- dimensions: cycle_from
-- list: customer_revenue
-- definition_en: Customers whose last order and last incoming activity are both more than two of their own cycles ago, all
--   of them, whenever they were lost. The cycle is the account's setting, else the median of its gaps known at the day (4
--   order days), else its segment's (5 own cycles), else the default. The amount is the revenue of the 12 months before
--   the last order, that order included. Alert: among the inactive and lost of the company, the tenth with most of it.
--   Due: the last day before the customer was lost.
-- definition_fr: Clients dont la dernière commande et la dernière activité entrante remontent toutes deux à plus de deux de
--   leurs propres cycles, tous, quel que soit le jour où ils ont été perdus. Le cycle est celui du compte, sinon la médiane
--   de ses écarts connus au jour dit (4 jours de commande), sinon celui de son segment (5 cycles propres), sinon la valeur
--   par défaut. Le montant est le commandé des 12 mois avant la dernière commande, celle-ci comprise. Alerte : parmi les
--   inactifs et perdus de l'entreprise, le dixième qui en a le plus. Échéance : le dernier jour avant d'être perdu.
-- trap: perdus au jour dit, et non perdus pendant la période : voir les clients nouvellement perdus
--   | lost at the day, not lost in the period: see newly lost customers
-- word: big_lost | gros client perdu | big customer lost
-- word: win_back | préparer une offre de reconquête | prepare an offer to win the customer back
-- example: 2026-07-31 2026-07 -> 4 amount=6200 n=4 alert=P1:big_lost:win_back | A2, A3, A4, A5
-- example: 2026-07-31 2026-07 rep=U2 -> 2 amount=500 alert=none
-- example: 2026-07-31 2026-07 customer=A5 -> 1 amount=700 alert=none | the 12 months before its last order: not the order of a year to the day
-- example: 2026-07-31 2026-07 customer=A5 $top_customers=4 -> 1 alert=P1:big_lost:win_back | a quarter of six is two, rounded up
-- example: 2026-07-31 2026-07 customer=A3 $top_customers=4 -> 1 alert=none
-- example: 2026-07-30 2026-07 -> 3 | A3's 180 days are two cycles
-- example: 2026-07-09 2026-07 -> 4 | A1 too
-- example: 2026-07-10 2026-07 -> 3 | A1 orders again
-- example: 2026-04-22 2026-04 customer=A2 -> 0 | 81 days, two cycles of 40.5
-- example: 2026-04-23 2026-04 customer=A2 -> 1
-- example: 2026-04-12 2026-04 cycle_from=own -> 1 | A1
-- example: 2026-04-12 2026-04 cycle_from=account -> 1 | A4
-- example: 2026-06-29 2026-06 customer=A5 -> 0 | 180 days
-- example: 2026-06-30 2026-06 customer=A5 -> 1
-- example: 2026-08-09 2026-08 customer=A7 -> 0 | 180 days after its answer
-- example: 2026-08-10 2026-08 customer=A7 -> 1
-- example: 2026-03-31 2026-03 -> 0
-- example: 2026-04-01 2026-04 $min_segment=2 customer=A3 -> 0 | 60 days of 60.5
-- example: 2026-04-02 2026-04 $min_segment=2 customer=A3 -> 1
-- example: 2026-03-31 2026-03 $min_order_days=3 -> 1 | A3, 59 days with a cycle of 13
select s.as_of as day, s.account_id, s.owner_id, s.account_id as id, 1 as num, s.revenue as amount, s.cycle_from,
       s.last_order, s.cycle, s.age, s.quiet, s.last_answer,
       coalesce(r.revenue_12m, 0) as revenue_12m, coalesce(r.revenue_before, 0) as revenue_before,
       case when s.is_big = 1 then 'P1' end as severity, 'big_lost' as alert_reason, s.lost_after as due,
       'win_back' as action
from silent_customers s
left join customer_revenue r on r.as_of = s.as_of and r.account_id = s.account_id
where s.state = 'lost'
