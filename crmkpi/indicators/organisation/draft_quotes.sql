-- no: 2.2
-- rank: 5
-- fr: Devis en brouillon
-- en: Draft quotes
-- unit: count
-- better: none
-- needs: quotes
-- definition_en: Quotes that exist at the day and were not sent: apart from the open ones, since the customer knows nothing of them.
-- definition_fr: Devis qui existent au jour dit et ne sont pas envoyés : à part des devis ouverts, puisque le client n'en sait rien.
-- example: 2025-11-30 2025-11 -> 1 amount=700
-- example: 2025-11-02 2025-11 -> 0
-- example: 2025-11-03 2025-11 -> 1 amount=650
-- example: 2025-11-11 2025-11 -> 1 amount=650 status=partial because=no_status
-- example: 2025-11-12 2025-11 -> 1 amount=700 | replaced by the next version on the day
select q.as_of as day, q.account_id, q.owner_id, q.quote_id as id, 1 as num, q.amount, q.missing, q.number, q.issued,
       q.valid_until, q.age, q.opportunity_id
from quotes_at q
where q.state in ('draft', 'no_status')
