-- no: 2.2
-- rank: 2
-- fr: Taux de transformation des devis
-- en: Quote conversion rate
-- unit: rate
-- better: up
-- needs: quotes
-- revises: yes
-- definition_en: Of the quotes issued in the period (not drafts, not versions replaced since), the share accepted by the day
--   the question is asked at. An acceptance without a date counts at every day. The amount is that of the accepted ones.
-- definition_fr: Parmi les devis émis dans la période (ni brouillons, ni versions remplacées depuis), la part acceptée au jour
--   où l'on pose la question. Une acceptation sans date compte à tout jour. Le montant est celui des devis acceptés.
-- trap: les devis récents n'ont pas fini d'être décidés : le taux d'un mois monte encore les mois suivants
--   | recent quotes are not all decided: the rate of a month still rises in the months after
-- word: draft | brouillons | drafts
-- word: replaced | versions remplacées | replaced versions
-- word: no_status | {n} devis sans statut | {n} quote[s] without a status
-- example: 2025-11-30 2025-11 -> 0.333333 num=4 den=12 amount=1050 n=12 status=partial because=no_date
-- example: 2025-11-14 2025-11 -> 0.333333 num=2 den=6 amount=250 status=partial because=no_status
-- example: 2025-11-15 2025-11 customer=C5 -> 0 den=1 | replaced on the day
-- example: 2025-11-14 2025-11 customer=C5 -> 0 den=1 | not replaced yet; the one replaced by a quote that is not there is out
-- example: 2025-11-30 2025-10 -> 0.4 num=2 den=5 amount=1300
-- example: 2025-11-10 2025-10 -> 0.4 amount=1300 | accepted on the day
-- example: 2025-11-09 2025-10 -> 0.2 amount=1000
-- example: 2025-11-02 2025-10 -> 0
-- example: 2025-11-30 2025-10-01/2025-10-31 -> 0.25 den=4 | the end of a period is not in it
-- example: 2025-11-30 2025-10-31/2025-11-01 -> 1 den=1 | its start is
-- example: 2025-11-20 2025-11 customer=C1 -> 0 den=1 | issued on the day
-- example: 2025-11-19 2025-11 customer=C1 -> none
-- example: 2025-11-30 2025-11-12 -> none | a draft
select q.issued_at::date as day, p.period, q.account_id, q.owner_id, q.quote_id as id,
       case when q.status = 'accepted' and (q.decided_at is null or q.decided_at::date <= p.seen) then 1 else 0 end as num,
       1 as den,
       case when q.status = 'accepted' and (q.decided_at is null or q.decided_at::date <= p.seen) then q.amount
            else 0 end::decimal(18,2) as amount,
       case when q.status = 'draft' then 'draft'
            when q.replaced_by is not null and (r.issued_at is null or r.issued_at::date <= p.seen) then 'replaced' end as excluded,
       case when q.status is null then 'no_status' when q.issued_at is null then 'no_date' end as missing,
       q.number, q.status, q.valid_until, q.decided_at::date as decided, q.amount as quote_amount, q.opportunity_id
from quotes q
join periods p on coalesce(q.issued_at::date, p.start) >= p.start and coalesce(q.issued_at::date, p.start) <= p.as_of
left join quotes r on r.quote_id = q.replaced_by
