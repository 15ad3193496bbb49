-- no: 3.3
-- rank: 4
-- company: churn
-- fr: Taux d'attrition
-- en: Churn rate
-- unit: rate
-- better: down
-- needs: orders
-- helps: activities | silence non vérifiée | silence not checked
-- dimensions: cycle_from
-- definition_en: Of the customers that were active or inactive the day before the period began, the share that is lost at
--   the day it is seen at (its last day, or the as-of day). The amount is what they ordered in the 12 months up to the
--   day before the period.
-- definition_fr: Parmi les clients actifs ou inactifs la veille du début de la période, la part qui est perdue au jour où
--   elle est vue (son dernier jour, ou le jour de l'état). Le montant est ce qu'ils avaient commandé dans les 12 mois
--   jusqu'à la veille de la période.
-- trap: les taux des mois ne s'ajoutent pas et ne se moyennent pas : le taux d'une année se demande pour l'année
--   | months' rates neither add up nor average: ask the year for the year's rate
-- trap: une période plus courte que deux cycles ne perd que des clients déjà silencieux à son début
--   | a period shorter than two cycles only loses customers that were already silent at its start
select k.as_of as day, k.period, k.account_id, k.owner_id, k.account_id as id, k.is_lost as num, 1 as den,
       k.opening_revenue as amount, k.cycle_from, k.opening_state, k.state, k.last_order, k.cycle, k.age, k.quiet,
       k.last_answer
from customers_kept k
