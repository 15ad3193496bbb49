-- no: 2.1
-- rank: 4
-- fr: Part des documents en jeu qui sont reliés
-- en: Share of documents at risk that are linked
-- unit: rate
-- better: up
-- needs: orders
-- helps: quotes | sans les devis | without the quotes
-- helps: deliveries | livraisons absentes : une commande est livrée en entier ou pas du tout
--   | no deliveries: an order is delivered whole or not at all
-- undated: les liens sont ceux d'aujourd'hui | the links are today's
-- definition_en: Of the money at risk in undelivered orders and open quotes, the share in documents that carry a link to a
--   quote or an opportunity. The money at risk of a deal counts only its most advanced document, and knows the deal by
--   these links alone: what carries none may count twice. An opportunity is where a deal begins: it is left out here.
-- definition_fr: De l'argent en jeu dans le reste à livrer et les devis ouverts, la part des documents qui portent un lien
--   vers un devis ou une opportunité. L'argent en jeu d'une affaire n'en compte que le document le plus avancé, et ne
--   reconnaît l'affaire que par ces liens : ce qui n'en porte pas peut compter deux fois. Une opportunité est le début
--   d'une affaire : elle n'est pas comptée ici.
-- trap: une part faible veut dire que l'argent en jeu des visites est surestimé
--   | a low share means that the money at risk of visits is overstated
-- word: deal | opportunités, où commence l'affaire | opportunities, where a deal begins
-- word: no_amount | {n} document[s] sans montant | {n} document[s] without an amount
-- example: 2025-11-30 2025-11 -> 0.734694 num=9000 den=12250 amount=12250 n=8
-- example: 2025-11-30 2025-11 customer=C1 -> 1 den=5600 | the order names its quote, the quote its opportunity
-- example: 2025-11-30 2025-11 customer=C2 -> 0 den=2000 | a quote alone; the opportunity is not counted
-- example: 2025-11-30 2025-11 customer=C5 -> 0 den=1050 | orders alone
-- example: 2025-11-30 2025-11 customer=C3 -> 0.9375 num=3000 den=3200
-- example: 2025-11-30 2025-11 customer=C4 -> 1 den=400
-- example: 2025-11-17 2025-11 customer=C3 -> 0.5 num=800 den=1600 | the order names its opportunity
-- example: 2025-11-19 2025-11 customer=C2 -> 0.2 num=500 den=2500 | an order that is cancelled on the 20th
-- example: 2025-11-17 2025-11 customer=C5 -> 0 den=2550 | orders 1,300, quotes 1,200 and 50
-- example: 2025-11-18 2025-11 customer=C5 -> 0 den=2500 | the quote of 50 has an order
-- example: 2025-11-03 2025-11 customer=C3 -> 0.113737 num=77 den=677 | a quote of an opportunity without an order
-- example: 2025-11-04 2025-11 customer=C3 -> 0.571429 num=800 den=1400 | on the day of the order
-- example: 2025-11-05 2025-11 customer=C5 -> 0 den=800 | the quote of 1,100 has an order, cancelled on the 6th
-- example: 2025-11-06 2025-11 customer=C5 -> 0 den=1900
-- example: 2025-11-05 2025-11 team=Est -> none because=no_status
-- example: 2025-10-21 2025-10 customer=C2 -> none because=no_amount | a quote without an amount
select r.as_of as day, r.account_id, r.owner_id, r.kind || ':' || r.id as id,
       case when r.linked = 1 then r.amount else 0 end as num, r.amount as den, r.amount, r.amount as base,
       case when r.kind = 'deal' then 'deal' end as excluded,
       coalesce(r.missing, case when r.amount is null then 'no_amount' end) as missing,
       r.label as number
from risk_documents r
