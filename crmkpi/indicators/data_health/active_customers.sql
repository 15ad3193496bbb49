-- no: 3.3
-- rank: 6
-- company: churn
-- fr: Clients actifs
-- en: Active customers
-- unit: count
-- better: up
-- needs: orders
-- helps: activities | silence non vérifiée | silence not checked
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
select s.as_of as day, s.account_id, s.owner_id, s.account_id as id, 1 as num, s.revenue as amount, s.cycle_from,
       s.last_order, s.cycle, s.age, s.quiet, s.last_answer,
       coalesce(r.revenue_12m, 0) as revenue_12m, coalesce(r.revenue_before, 0) as revenue_before
from customer_state s
left join customer_revenue r on r.as_of = s.as_of and r.account_id = s.account_id
where s.state = 'active'
