-- no: 1.4
-- rank: 6
-- fr: Pipeline à signer dans la période
-- en: Pipeline signing in the period
-- unit: money
-- better: up
-- needs: opportunities
-- definition_en: Amount, unweighted, of the open opportunities at the day whose signature is expected in the period and is
--   not overdue.
-- definition_fr: Montant, non pondéré, des opportunités ouvertes au jour dit dont la signature est prévue dans la période
--   et n'est pas en retard.
-- word: no_amount | {n} affaire[s] sans montant | {n} deal[s] without an amount
select p.as_of as day, p.period, o.account_id, o.owner_id, o.opportunity_id as id, o.amount as num, o.amount,
       o.amount as base, case when o.amount is null then 'no_amount' end as missing,
       o.name, o.stage, o.probability, o.expected_close_date
from open_deals o
join periods p on p.as_of = o.as_of and o.expected_close_date >= p.as_of and o.expected_close_date >= p.start
              and o.expected_close_date < p.stop
