-- no: 2.2
-- rank: 3
-- fr: Devis ouverts
-- en: Open quotes
-- unit: count
-- better: up
-- needs: quotes
-- definition_en: Quotes sent at the day, in their latest version, neither accepted, refused nor cancelled by then, and within their validity (its last day counts). The amount is theirs in full.
-- definition_fr: Devis envoyés au jour dit, dans leur dernière version, ni acceptés, ni refusés, ni annulés à ce jour, et dans leur validité (le dernier jour compte). Le montant est celui des devis, en entier.
select q.as_of as day, q.account_id, q.owner_id, q.quote_id as id, 1 as num, q.amount, q.missing, q.number, q.issued,
       q.valid_until, q.age, q.opportunity_id
from quotes_at q
where q.state in ('open', 'no_status')
