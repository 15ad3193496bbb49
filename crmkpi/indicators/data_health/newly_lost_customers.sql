-- no: 3.3
-- rank: 3
-- company: churn
-- fr: Clients nouvellement perdus
-- en: Newly lost customers
-- unit: count
-- better: down
-- needs: orders
-- helps: activities | silence non vérifiée | silence not checked
-- dimensions: cycle_from
-- definition_en: Customers that were active or inactive the day before the period began and are lost at the day it is seen
--   at (its last day, or the as-of day). Who first ordered in the period was nobody's customer at its start and is not
--   counted. The amount is the revenue of the 12 months before the last order, that order included.
-- definition_fr: Clients actifs ou inactifs la veille du début de la période et perdus au jour où elle est vue (son dernier
--   jour, ou le jour de l'état). Qui a commandé pour la première fois dans la période n'était pas client à son début et
--   n'est pas compté. Le montant est le commandé des 12 mois avant la dernière commande, celle-ci comprise.
-- trap: les mois ne s'ajoutent pas : un client perdu en mars et revenu en mai est perdu en mars, pas sur l'année
--   | months do not add up: a customer lost in March and back in May is lost in March, not over the year
select k.as_of as day, k.period, k.account_id, k.owner_id, k.account_id as id, 1 as num, k.revenue as amount, k.cycle_from,
       k.last_order, k.cycle, k.age, k.quiet, k.last_answer, k.lost_after
from customers_kept k
where k.is_lost = 1
