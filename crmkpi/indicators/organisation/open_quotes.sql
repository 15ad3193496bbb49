-- no: 2.2
-- rank: 3
-- fr: Devis ouverts
-- en: Open quotes
-- unit: count
-- better: up
-- needs: quotes
-- definition_en: Quotes sent at the day, in their latest version, neither accepted, refused nor cancelled by then, and within their validity (its last day counts). The amount is theirs in full.
-- definition_fr: Devis envoyés au jour dit, dans leur dernière version, ni acceptés, ni refusés, ni annulés à ce jour, et dans leur validité (le dernier jour compte). Le montant est celui des devis, en entier.
-- example: 2025-11-30 2025-11 -> 4 amount=10400
-- example: 2025-11-14 2025-11 -> 3 amount=2100 status=partial because=no_status
-- example: 2025-11-15 2025-11 -> 3 amount=2200 status=ok | replaced on the day, by a larger one
-- example: 2025-11-10 2025-11 customer=C5 -> 2 amount=1900 | the last day of validity
-- example: 2025-11-11 2025-11 customer=C5 -> 1 amount=1100 | past it
-- example: 2025-11-09 2025-11 customer=C2 -> 1 amount=300
-- example: 2025-11-10 2025-11 customer=C2 -> 0 | accepted on the day
-- example: 2025-11-22 2025-11 customer=C5 -> 1 amount=50 | refused on the day
-- example: 2025-11-18 2025-11 customer=C4 -> 2 amount=650 | issued on the day, cancelled the day after
-- example: 2025-11-19 2025-11 customer=C4 -> 1 amount=400
-- example: 2025-11-05 2025-11 customer=C3 -> 2 amount=677 | accepted before its issue: never open
-- example: 2025-11-08 2025-11 customer=C5 -> 2 amount=1900 | replaced by one that is not there: never open
-- example: 2025-11-03 2025-11 customer=C4 -> 0 | accepted without a date, or a draft: never open
select q.as_of as day, q.account_id, q.owner_id, q.quote_id as id, 1 as num, q.amount, q.missing, q.number, q.issued,
       q.valid_until, q.age, q.opportunity_id
from quotes_at q
where q.state in ('open', 'no_status')
