-- no: 2.3
-- rank: 1
-- fr: Commandes restant à livrer
-- en: Order backlog
-- unit: count
-- better: none
-- needs: orders
-- helps: deliveries | livraisons absentes : une commande est livrée en entier ou pas du tout, promise à la date souhaitée
--   | no deliveries: an order is delivered whole or not at all, promised for the wished date
-- dimensions: delivery
-- definition_en: Orders confirmed by the day, not cancelled and not wholly delivered by then; the amount is what is left to
--   deliver, excluding tax: the order less its deliveries done. Promised is the earliest planned day of a delivery not done,
--   else the wished delivery date. An order said to be delivered without a date counts as delivered at every day. Where the
--   source tells nothing about deliveries there is no value.
-- definition_fr: Commandes confirmées au jour dit, ni annulées ni livrées en entier ; le montant est le reste à livrer, hors
--   taxes : la commande moins ses livraisons faites. Promis : la première date prévue d'une livraison pas encore faite,
--   sinon la livraison souhaitée. Une commande dite livrée sans date l'est à tout jour. Là où la source ne dit rien des
--   livraisons, il n'y a pas de valeur.
-- trap: des livraisons sans montant n'allègent le reste qu'une fois toutes faites
--   | deliveries without an amount lighten the backlog only once all are done
-- word: awaited | livraison prévue | delivery planned
-- word: none | pas de livraison prévue | no delivery planned
select u.as_of as day, u.account_id, u.owner_id, u.team, u.business_unit, u.order_id as id, 1 as num,
       u.undelivered as amount, u.missing, u.number, u.order_date, u.ordered, u.delivered, u.promised, u.delivery
from undelivered_orders u
