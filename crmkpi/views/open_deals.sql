-- definition_en: Opportunities open at each date: created by then and not closed by then. One that is won, lost or of unknown
--   status, without a closing date, counts as closed at every date. Before the data's own date, stage, amount, probability and
--   signature date are those of the latest row of its history by then; without one, and at the data's own date, the record's.
--   The probability is that one, else its stage's.
-- definition_fr: Opportunités ouvertes à chaque date : créées et pas encore closes. Une affaire gagnée, perdue ou de statut
--   inconnu, sans date de clôture, compte comme close à toute date. Avant la date des données, étape, montant, probabilité et
--   date de signature sont ceux de la dernière ligne de son historique d'alors ; sans elle, et à la date des données, ceux de la
--   fiche. La probabilité est celle-là, sinon celle de l'étape.
-- word: overdue | signature dépassée | signature overdue
-- word: undated | sans date de signature | no signature date
select k.as_of, k.opportunity_id, k.account_id, k.owner_id, k.name, k.stage, k.amount,
       coalesce(k.probability, s.probability) as probability,
       case when k.probability is not null then 'record' when s.probability is not null then 'stage' end as probability_from,
       k.need, k.budget_amount, k.expected_close_date, k.requested_delivery_date, k.competitor, k.product_interest,
       k.next_step, k.created_at,
       case when k.expected_close_date is null then 'undated'
            when k.expected_close_date < k.as_of then 'overdue'
            else substr(cast(k.expected_close_date as varchar), 1, 7) end as signature
from (
  select d.as_of, o.opportunity_id, o.account_id, o.owner_id, o.name, o.need, o.budget_amount, o.requested_delivery_date,
         o.competitor, o.product_interest, o.next_step, o.created_at,
         case when h.opportunity_id is null then o.stage else h.stage end as stage,
         case when h.opportunity_id is null then o.amount else h.amount end as amount,
         case when h.opportunity_id is null then o.probability else h.probability end as probability,
         case when h.opportunity_id is null then o.expected_close_date else h.expected_close_date end as expected_close_date
  from opportunities o
  join dates d on (o.created_at is null or o.created_at::date <= d.as_of)
              and (o.status = 'open' or o.closed_at::date > d.as_of)
  left join deal_history h on h.opportunity_id = o.opportunity_id and h.from_day <= d.as_of and h.to_day > d.as_of
                          and d.as_of < $data_day
) k
left join stages s on s.stage = k.stage
