-- no: 2.2
-- rank: 4
-- fr: Devis périmés à clore
-- en: Expired quotes to close
-- unit: count
-- better: down
-- needs: quotes
-- definition_en: Quotes sent whose validity ended before the day and which nobody closed: to clean up, renewed or closed as lost.
-- definition_fr: Devis envoyés dont la validité est finie avant le jour dit et que personne n'a clos : à nettoyer, à renouveler ou à clore.
-- example: 2025-11-30 2025-11 -> 1 amount=800
-- example: 2025-10-31 2025-10 -> 0 | the last day of validity
-- example: 2025-11-01 2025-11 -> 1 amount=900
-- example: 2025-11-25 2025-11 -> 2 amount=1700
-- example: 2025-11-26 2025-11 -> 1 amount=800 | refused on the day
-- example: 2025-11-05 2025-11 -> 1 status=partial because=no_status
select q.as_of as day, q.account_id, q.owner_id, q.quote_id as id, 1 as num, q.amount, q.missing, q.number, q.issued,
       q.valid_until, q.age, q.opportunity_id
from quotes_at q
where q.state in ('expired', 'no_status')
