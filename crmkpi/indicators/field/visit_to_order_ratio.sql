-- no: 4.1
-- rank: 4
-- fr: Visites par commande
-- en: Visits per order
-- unit: ratio
-- better: down
-- needs: activities orders
-- revises: yes
-- definition_en: Visits / orders credited to them, over the visits matured in the period: a visit matures 30 days after
--   (a setting), when no later order can be credited to it but one that names it. An order, confirmed or delivered, is
--   credited to the visit it names; else to the last visit of the same account, by anyone, in the 30 days up to the
--   order, both ends included: an estimate, unless the order names its visit. Lower is better.
-- definition_fr: Visites / commandes qui leur sont attribuées, sur les visites arrivées à maturité dans la période : 30
--   jours après (un réglage), quand plus aucune commande ne peut leur revenir, sauf une qui les nomme. Une commande,
--   confirmée ou livrée, revient à la visite qu'elle nomme ; sinon à la dernière visite du même compte, par qui que ce
--   soit, dans les 30 jours jusqu'à la commande, bornes comprises : une estimation, sauf si la commande nomme sa visite.
-- setting: visits_per_order_times=2 | visites par commande : fois la médiane de l'équipe | visits per order: times the team's median
-- setting: mature_visits=20 | visites à maturité pour juger | mature visits needed to judge
-- beside: named = (sum(named)::double / nullif(sum(den), 0))::double
--   | part des commandes qui nomment leur visite | share of the orders that name their visit
-- trap: le ratio d'un mois est celui des visites faites 30 jours plus tôt ; la liste montre le jour de la visite
--   | the ratio of a month is that of the visits made 30 days before; the list shows the day of the visit
-- trap: une commande passée après une visite n'est pas forcément due à la visite
--   | an order that follows a visit is not always due to the visit
-- alert: P2 rep: num >= $mature_visits and (value > $visits_per_order_times * peer_median or (den = 0 and peer_median > 0))
--   | plus de {visits_per_order_times} fois les visites par commande de l'équipe
--   | over {visits_per_order_times} times the team's visits per order
--   | revoir le ciblage et la préparation des visites
--   | review whom to visit and how visits are prepared
select (m.day + interval 1 day * $attribution_days)::date as day, m.account_id, m.owner_id, m.id,
       1 as num, coalesce(c.orders, 0) as den, case when c.id is null then 0 else c.amount end as amount,
       m.excluded, m.missing, m.day as visit_day, coalesce(c.named, 0) as named, m.subject, m.type, m.outcome, m.report
from visits_made m
left join visit_orders c on c.id = m.id
