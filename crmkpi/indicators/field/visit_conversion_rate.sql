-- no: 4.1
-- rank: 5
-- fr: Taux de visites suivies d'une commande
-- en: Visits followed by an order
-- unit: rate
-- better: up
-- needs: activities orders
-- revises: yes
-- definition_en: Visits to which at least one order is credited / visits, over the visits matured in the period (30 days
--   after the visit, a setting). Orders are credited as in the visits per order: to the visit they name, else to the last
--   visit of the account in the 30 days up to the order.
-- definition_fr: Visites auxquelles au moins une commande est attribuée / visites, sur les visites arrivées à maturité dans
--   la période (30 jours après la visite, un réglage). L'attribution est celle des visites par commande : la visite que
--   la commande nomme, sinon la dernière du compte dans les 30 jours jusqu'à la commande.
-- trap: une visite suivie de trois commandes compte une fois : ce taux n'est pas l'inverse des visites par commande
--   | a visit followed by three orders counts once: this rate is not one over the visits per order
-- example: 2026-10-15 2026-09 -> 0.666667 num=6 den=9 n=9 amount=1590
-- example: 2026-10-15 2026-09-04 -> 1 amount=1100 | two orders count once
-- example: 2026-10-11 2026-09-04 -> 1 amount=500
-- example: 2026-10-15 2026-09-11 -> 0.333333
-- example: 2026-10-15 2026-09-19 -> 0 amount=0 | robbed
-- example: 2026-10-15 2026-09-09 $attribution_days=29 -> none | it matured the day before
-- example: 2026-10-15 2026-08 -> 0.5 coverage=0.4 because=unknown_outcome
-- example: 2026-10-15 2026-10 -> 1 amount=90
-- example: 2026-10-14 2026-10 -> none
select m.matured as day, m.period, m.account_id, m.owner_id, m.id, case when m.orders > 0 then 1 else 0 end as num, 1 as den,
       m.amount, m.excluded, m.missing, m.visit_day, m.orders, m.subject, m.type, m.outcome, m.report
from matured_visits m
