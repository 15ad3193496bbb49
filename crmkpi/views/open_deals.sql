-- definition_en: Opportunities open at each date: created by then and not closed by then. One that is won or lost
--   without a closing date counts as closed at every date. The probability is the record's, else its stage's.
-- definition_fr: Opportunités ouvertes à chaque date : créées et pas encore closes. Une affaire gagnée ou perdue
--   sans date de clôture compte comme close à toute date. Probabilité de la fiche, sinon celle de l'étape.
-- word: overdue | signature dépassée | signature overdue
-- word: undated | sans date de signature | no signature date
select d.as_of, o.opportunity_id, o.account_id, o.owner_id, o.name, o.stage, o.amount,
       coalesce(o.probability, s.probability) as probability,
       case when o.probability is not null then 'record' when s.probability is not null then 'stage' end as probability_from,
       o.need, o.budget_amount, o.expected_close_date, o.requested_delivery_date, o.competitor, o.product_interest,
       o.next_step, o.created_at,
       case when o.expected_close_date is null then 'undated'
            when o.expected_close_date < d.as_of then 'overdue'
            else substr(cast(o.expected_close_date as varchar), 1, 7) end as signature
from opportunities o
join dates d on (o.created_at is null or o.created_at::date <= d.as_of)
            and (o.status = 'open' or (o.status in ('won', 'lost') and o.closed_at::date > d.as_of))
left join stages s on s.stage = o.stage
