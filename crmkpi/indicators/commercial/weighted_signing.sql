-- no: 1.4
-- rank: 7
-- fr: Pipeline pondéré à signer dans la période
-- en: Weighted pipeline signing in the period
-- unit: money
-- better: up
-- needs: opportunities
-- undated: étape, montant et probabilité sont ceux d'aujourd'hui | stage, amount and probability are today's | opportunity_history
-- definition_en: Open opportunities at the day whose signature is expected in the rest of the period (after the day,
--   before its end), amount x probability, deals that already have an order left out.
-- definition_fr: Opportunités ouvertes au jour dit, à signer dans le reste de la période, montant x probabilité ; les
--   affaires déjà commandées sont laissées de côté.
-- word: ordered | déjà commandées | already ordered
-- word: no_amount | {n} affaire[s] sans montant, non pondérée[s] | {n} deal[s] without amount not weighted
-- word: no_probability | {n} affaire[s] sans probabilité, non pondérée[s] | {n} deal[s] without probability not weighted
-- example: 2026-10-15 2026-10 -> 10000 amount=20000
-- example: 2026-10-15 2026-Q4 -> 18000 amount=30000 status=partial | one without an amount, one without a probability
-- example: 2026-10-15 2026-Q4 rep=U2 -> none because=no_amount
-- example: 2026-10-15 2026-Q4 rep=U4 -> none because=no_probability
-- example: 2026-09-23 2026-09 -> 10000 | one was to sign in September, and was put off in October
-- example: 2026-09-24 2026-09 -> 4000 | the other has an order from that day
-- example: 2026-10-28 2026-10 -> 0 | signature on the day: not in the rest of the period
with signing as (
  select o.*, p.period
  from open_deals o
  join periods p on p.as_of = o.as_of and o.expected_close_date > p.as_of and o.expected_close_date < p.finish
)
select s.as_of as day, s.period, s.account_id, s.owner_id, s.opportunity_id as id,
       round(s.amount * s.probability, 2)::decimal(18,2) as num, s.amount, s.amount as base,
       case when c.first_order <= s.as_of then 'ordered' end as excluded,
       case when s.amount is null then 'no_amount' when s.probability is null then 'no_probability' end as missing,
       s.name, s.stage, s.probability, s.expected_close_date
from signing s
left join (select q.opportunity_id, min(q.order_date) as first_order from orders q
           where q.opportunity_id in (select d.opportunity_id from signing d) and q.status in ('confirmed', 'delivered')
           group by 1) c on c.opportunity_id = s.opportunity_id
