-- no: 2.3
-- rank: 7
-- fr: Clients au-dessus de leur encours autorisé
-- en: Customers over their credit limit
-- unit: count
-- better: down
-- needs: invoices accounts
-- undated: les encours autorisés sont ceux d'aujourd'hui | credit limits are today's
-- definition_en: Customers whose receivables at the day (signed, tax included) exceed their credit limit (tax included); the
--   amount is the excess. One with a balance and no limit is set aside; while no customer of the source has a limit,
--   there is no value.
-- definition_fr: Clients dont les créances au jour dit (signées, TTC) dépassent l'encours autorisé (TTC) ; le montant est le
--   dépassement. Un client qui doit et n'a pas d'encours autorisé est mis à part ; tant qu'aucun client de la source n'en
--   a, il n'y a pas de valeur.
-- trap: un encours autorisé de 0 est une limite ; vide, il n'y en a pas | a limit of 0 is a limit; empty is none
-- word: no_limit | sans encours autorisé | without a credit limit
-- word: no_limits | la source n'a pas d'encours autorisé ({n} client[s] facturé[s])
--   | the source has no credit limits ({n} customer[s] invoiced)
-- word: unknown_balance | {n} client[s] dont une pièce n'a pas de reste dû connu
--   | {n} customer[s] with a document of unknown open amount
-- word: over | encours autorisé dépassé | over the credit limit
-- word: hold | obtenir un paiement avant toute nouvelle livraison | get a payment before any new delivery
-- example: 2025-11-30 2025-11 -> 1 amount=100 status=partial because=unknown_balance
-- example: 2025-11-30 2025-11 customer=C1 -> 1 amount=100 alert=P1:over:hold
-- example: 2025-11-30 2025-11 customer=C2 -> 0 | at the limit
-- example: 2025-11-30 2025-11 customer=C6 -> 0 | without a limit
-- example: 2025-11-19 2025-11 customer=C1 -> 1 amount=300 status=partial | before the credit note
-- example: 2025-11-14 2025-11 customer=C1 -> 0
-- example: 2025-11-30 2025-11 customer=C9 -> none because=unknown_balance
with balances as (
  select o.as_of, o.account_id, sum(o.balance) as balance, count(o.missing) as unknown
  from open_invoices o
  group by 1, 2
), limits as (
  select count(a.credit_limit) as known
  from accounts a
)
select b.as_of as day, b.account_id, a.owner_id, b.account_id as id, 1 as num,
       (b.balance - a.credit_limit)::decimal(18,2) as amount,
       case when a.credit_limit is null and l.known > 0 then 'no_limit' end as excluded,
       case when l.known = 0 then 'no_limits' when b.unknown > 0 then 'unknown_balance' end as missing,
       b.balance::decimal(18,2) as balance, a.credit_limit,
       'P1' as severity, 'over' as alert_reason, b.as_of as due, 'hold' as action
from balances b
join limits l on true
join accounts a on a.account_id = b.account_id
where b.balance > coalesce(a.credit_limit, 0) or b.unknown > 0 or l.known = 0
