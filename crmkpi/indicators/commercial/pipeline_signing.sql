-- no: 1.4
-- rank: 6
-- fr: Pipeline à signer dans la période
-- en: Pipeline signing in the period
-- unit: money
-- better: up
-- needs: opportunities
-- undated: montant et date de signature sont ceux d'aujourd'hui | amount and signature date are today's | opportunity_history
-- definition_en: Amount, unweighted, of the open opportunities at the day whose signature is expected in the period and is
--   not overdue.
-- definition_fr: Montant, non pondéré, des opportunités ouvertes au jour dit dont la signature est prévue dans la période
--   et n'est pas en retard.
-- word: no_amount | {n} affaire[s] sans montant | {n} deal[s] without an amount
-- example: 2026-10-15 2026-10 -> 20000 | the overdue one is left out
-- example: 2026-10-15 2026-10-01/2026-10-28 -> 0 | the end of a period is not in it
-- example: 2026-10-15 2026-Q4 -> 33000 n=3 status=partial | one without an amount
-- example: 2026-10-15 2026-Q4 rep=U2 -> none because=no_amount
-- example: 2026-10-28 2026-10 -> 20000 | signature on the day
-- example: 2026-10-29 2026-10 -> 0 | overdue
-- example: 2026-10-14 2026-10 -> 21000 | one that closes on the 15th
select p.as_of as day, p.period, o.account_id, o.owner_id, o.opportunity_id as id, o.amount as num, o.amount,
       o.amount as base, case when o.amount is null then 'no_amount' end as missing,
       o.name, o.stage, o.probability, o.expected_close_date
from open_deals o
join periods p on p.as_of = o.as_of and o.expected_close_date >= p.as_of and o.expected_close_date < p.finish
