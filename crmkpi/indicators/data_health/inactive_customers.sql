-- no: 3.3
-- rank: 1
-- company: churn
-- fr: Clients inactifs
-- en: Inactive customers
-- unit: count
-- better: down
-- needs: orders
-- helps: accounts | ni segment ni cycle fixé sur les comptes | neither segments nor cycles set on accounts
-- helps: activities.direction | silence non vérifiée | silence not checked
-- dimensions: cycle_from
-- list: customer_revenue
-- definition_en: Customers whose last order and last incoming activity are both more than one of their own cycles ago, and
--   not both more than two (those are lost). The cycle is the account's setting, else the median of its gaps known at the
--   day (4 order days), else its segment's (5 own cycles), else the default. An answer shields a customer for one cycle,
--   not for ever. The amount is the revenue of the 12 months before the last order, that order included. Alerts: among
--   the inactive and lost of the company, the tenth with most of it; and who passed the cycle in the last 30 days. Due:
--   the last day before the customer is lost.
-- definition_fr: Clients dont la dernière commande et la dernière activité entrante remontent toutes deux à plus d'un de
--   leurs propres cycles, sans dépasser deux (ceux-là sont perdus). Le cycle est celui du compte, sinon la médiane de ses
--   écarts connus au jour dit (4 jours de commande), sinon celui de son segment (5 cycles propres), sinon la valeur par
--   défaut. Une réponse protège un client pendant un cycle, pas pour toujours. Le montant est le commandé des 12 mois
--   avant la dernière commande, celle-ci comprise. Alertes : parmi les inactifs et perdus de l'entreprise, le dixième qui
--   en a le plus ; et qui a passé son cycle dans les 30 derniers jours. Échéance : le dernier jour avant d'être perdu.
-- trap: une réponse reçue compte comme un signe de vie : sans historique de contacts, le silence n'est pas vérifié
--   | an answer counts as a sign of life: without a history of contacts silence is not checked
-- trap: le cycle est celui connu au jour dit : une commande ultérieure ne change pas un état passé
--   | the cycle is the one known at the day: a later order does not change a state of the past
-- word: big_silent | gros client sans commande ni réponse depuis plus d'un cycle
--   | big customer without an order or an answer for more than a cycle
-- word: newly_inactive | vient de dépasser son cycle de commande | has just passed its order cycle
-- word: call_back | rappeler le client avant qu'il ne soit perdu | call the customer before it is lost
-- word: ask_news | prendre des nouvelles et proposer un rendez-vous | ask for news and offer a meeting
-- example: 2026-03-31 2026-03 -> 3 amount=5600 n=3 alert=P1:big_silent:call_back,P2:newly_inactive:ask_news | A1, A2, A4
-- example: 2026-03-31 2026-03 rep=U1 -> 2 amount=5400
-- example: 2026-03-31 2026-03 cycle_from=account -> 1 amount=200 alert=P2:newly_inactive:ask_news
-- example: 2026-03-31 2026-03 customer=A2 -> 1 alert=P1:big_silent:call_back | the first of three
-- example: 2026-03-31 2026-03 customer=A1 -> 1 alert=P2:newly_inactive:ask_news | 9 days past its cycle
-- example: 2026-03-31 2026-03 customer=A1 $top_customers=2 -> 1 alert=P1:big_silent:call_back | the second of three, half of them rounded up
-- example: 2026-03-31 2026-03 customer=A4 $top_customers=2 -> 1 alert=P2:newly_inactive:ask_news | the third
-- example: 2026-04-01 2026-04 customer=A5 -> 1 | 91 days, by default 90 (0 on the account is not a cycle)
-- example: 2026-04-30 2026-04 customer=A5 -> 1 alert=P2:newly_inactive:ask_news | 30 days past its cycle
-- example: 2026-05-01 2026-05 customer=A5 -> 1 alert=none | 31
-- example: 2026-05-01 2026-05 customer=A5 $inactive_cycles=1.1 -> 1 alert=P2:newly_inactive:ask_news | 22 past 1.1 cycles
-- example: 2026-04-11 2026-04 customer=A1 -> 1 | 40 days, two cycles
-- example: 2026-04-12 2026-04 customer=A1 -> 0 | 41
-- example: 2026-03-31 2026-03 customer=A4 -> 1 | 30 days, two cycles of 15
-- example: 2026-04-01 2026-04 customer=A4 -> 0
-- example: 2026-04-01 2026-04 customer=A4 $lost_cycles=3 -> 1
-- example: 2026-03-31 2026-03 cycle_from=segment $min_segment=2 -> 1 | A3: 59 days, and 2 x 30.25 are 60.5
-- example: 2026-04-02 2026-04 cycle_from=segment $min_segment=2 -> 0 | 61
-- example: 2026-07-31 2026-07 -> 2 amount=450 alert=none | A7 and X9, long past their cycles
-- example: 2026-07-31 2026-07 customer=A7 $top_customers=2 -> 1 alert=P1:big_silent:call_back | third with A3, of six
-- example: 2026-07-31 2026-07 customer=X9 $top_customers=2 -> 1 alert=none | sixth
-- example: 2026-02-28 2026-02 -> 0 alert=none
-- example: 2026-08-03 2026-08 customer=A8 -> 1 amount=0.5 | two days, a cycle of one set on the account
select s.as_of as day, s.account_id, s.owner_id, s.account_id as id, 1 as num, s.revenue as amount, s.cycle_from,
       s.last_order, s.cycle, s.age, s.quiet, s.last_answer,
       coalesce(r.revenue_12m, 0) as revenue_12m, coalesce(r.revenue_before, 0) as revenue_before,
       case when s.is_big = 1 then 'P1' when s.quiet - $inactive_cycles * s.cycle <= $alert_days then 'P2' end as severity,
       case when s.is_big = 1 then 'big_silent'
            when s.quiet - $inactive_cycles * s.cycle <= $alert_days then 'newly_inactive' end as alert_reason,
       s.lost_after as due,
       case when s.is_big = 1 then 'call_back'
            when s.quiet - $inactive_cycles * s.cycle <= $alert_days then 'ask_news' end as action
from silent_customers s
left join customer_revenue r on r.as_of = s.as_of and r.account_id = s.account_id
where s.state = 'inactive'
