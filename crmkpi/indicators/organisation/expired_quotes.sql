-- no: 2.2
-- rank: 4
-- fr: Devis périmés à clore
-- en: Expired quotes to close
-- unit: count
-- better: down
-- needs: quotes
-- definition_en: Quotes sent whose validity ended before the day and which nobody closed: to clean up, renewed or closed as lost.
-- definition_fr: Devis envoyés dont la validité est finie avant le jour dit et que personne n'a clos : à nettoyer, à renouveler ou à clore.
select q.as_of as day, q.account_id, q.owner_id, q.quote_id as id, 1 as num, q.amount, q.missing, q.number, q.issued,
       q.valid_until, q.age, q.opportunity_id
from quotes_at q
where q.state in ('expired', 'no_status')
