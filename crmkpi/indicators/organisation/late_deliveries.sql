-- no: 2.3
-- rank: 2
-- fr: Livraisons en retard
-- en: Late deliveries
-- unit: count
-- better: down
-- needs: orders
-- helps: deliveries | livraisons absentes : retard compté sur la date souhaitée de la commande
--   | no deliveries: lateness counted from the order's wished date
-- list: hoping_customers
-- definition_en: Orders not wholly delivered at the day that were promised for before it; the amount is what is left to
--   deliver of them. Promised is the earliest planned day of a delivery not done, else the wished delivery date. The list
--   also has, counted for nothing, the orders that are on time; an order without a promised date is missing.
-- definition_fr: Commandes pas livrées en entier au jour dit et promises pour avant ; le montant est ce qu'il en reste à
--   livrer. Promis : la première date prévue d'une livraison pas encore faite, sinon la livraison souhaitée. La liste a
--   aussi, comptées pour rien, les commandes à l'heure ; une commande sans date promise est manquante.
-- trap: replanifier une livraison efface son retard : la date promise est la date prévue d'aujourd'hui
--   | planning a delivery again wipes out its lateness: the promised day is today's planned day
-- undated: les dates prévues sont celles d'aujourd'hui | the planned days are today's
-- word: no_promise | {n} commande[s] sans date promise | {n} order[s] without a promised date
-- word: hoping | livraison en retard chez un client dont on attend une commande
--   | delivery late at a customer from whom an order is hoped for
-- word: late | livraison en retard | delivery late
-- word: call_logistics | obtenir une date de la logistique et appeler le client aujourd'hui
--   | get a date from logistics and call the customer today
-- word: tell_customer | annoncer une nouvelle date au client | tell the customer a new date
-- example: 2025-11-30 2025-11 -> 2 amount=750 n=4 status=ok
-- example: 2025-11-30 2025-11 customer=C1 -> 1 amount=600 alert=P1:hoping:call_logistics
-- example: 2025-11-30 2025-11 customer=C5 -> 1 amount=150 alert=P2:late:tell_customer | delivered in part is not delivered
-- example: 2025-11-21 2025-11 customer=C5 -> 1 amount=400 alert=P1:hoping:call_logistics | an open quote, refused on the 22nd and 24th
-- example: 2025-11-24 2025-11 customer=C5 -> 1 amount=150 alert=P2:late:tell_customer
-- example: 2025-11-30 2025-11 customer=C3 -> 0 amount=0 alert=none | wished for December
-- example: 2025-12-01 2025-12 customer=C5 -> 1 amount=150 | promised for the day
-- example: 2025-12-02 2025-12 customer=C5 -> 2 amount=1050
-- example: 2025-11-19 2025-11 -> 2 amount=1200 | a wished date
-- example: 2025-11-16 2025-11 customer=C2 -> 1 amount=500 alert=P1:hoping:call_logistics | an open opportunity
-- example: 2025-11-15 2025-11 customer=C2 -> 0 | wished for the day
-- example: 2025-11-10 2025-11 customer=C1 -> 0 | planned for the day
-- example: 2025-11-11 2025-11 customer=C1 -> 1 amount=1000
-- example: 2025-11-12 2025-11 customer=C1 -> 0 | the late part is delivered
-- example: 2025-11-25 2025-11 customer=C1 -> 0 | the next is planned for the day
-- example: 2025-11-20 2025-11 customer=C4 -> 0 | a cancelled delivery promises nothing
-- example: 2025-11-05 2025-11 customer= -> none because=no_promise
-- example: 2025-11-05 2025-11 team=Est -> 1 because=no_status
select u.as_of as day, u.account_id, u.owner_id, u.team, u.business_unit, u.order_id as id,
       case when u.promised < u.as_of then 1 else 0 end as num,
       case when u.promised < u.as_of then u.undelivered else 0 end::decimal(18,2) as amount,
       coalesce(u.missing, case when u.promised is null then 'no_promise' end) as missing,
       u.number, u.order_date, u.promised, date_diff('day', u.promised, u.as_of) as days_late, u.undelivered,
       case when u.promised < u.as_of then case when h.account_id is not null then 'P1' else 'P2' end end as severity,
       case when h.account_id is not null then 'hoping' else 'late' end as alert_reason, u.promised as due,
       case when h.account_id is not null then 'call_logistics' else 'tell_customer' end as action
from undelivered_orders u
left join hoping_customers h on h.as_of = u.as_of and h.account_id = u.account_id
