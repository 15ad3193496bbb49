-- no: 2.3
-- rank: 3
-- fr: Demandes clients en cours
-- en: Customer requests in progress
-- unit: count
-- better: down
-- needs: tickets
-- dimensions: priority
-- beside: oldest = max(days_open) | la plus ancienne | the oldest | days
-- beside: past_due = sum(past_due) | en retard | past due
-- definition_en: Requests opened by the day and not closed by then; one that is closed without a date counts as closed at
--   every day. Beside it the age of the oldest in days, and how many are past their due date (due before the day).
-- definition_fr: Demandes ouvertes au jour dit et pas encore closes ; une demande close sans date l'est à tout jour. À côté,
--   l'âge de la plus ancienne en jours, et combien ont dépassé leur échéance (échéance avant le jour dit).
-- trap: une demande sans échéance n'est jamais en retard | a request without a due date is never late
-- word: past_due | demande en retard | request past its due date
-- word: answer | répondre au client et convenir d'une date | answer the customer and agree on a date
-- word: no_status | {n} demande[s] sans statut | {n} request[s] without a status
-- example: 2025-11-30 2025-11 -> 4 oldest=27 past_due=1 status=partial because=no_status
-- example: 2025-11-30 2025-11 team=Nord -> 1 oldest=27 past_due=1 alert=P2:past_due:answer
-- example: 2025-11-30 2025-11 customer=C3 -> 2 oldest=10 past_due=0 alert=none | opened on the day; due on the day
-- example: 2025-12-01 2025-12 customer=C3 -> 2 past_due=1 alert=P2:past_due:answer
-- example: 2025-11-17 2025-11 customer=C2 -> 1
-- example: 2025-11-06 2025-11 customer=C5 -> 1 status=ok | closed on the 7th, without a status
-- example: 2025-11-03 2025-11 customer=C5 -> 1 | opened nobody knows when, closed on the 4th
-- example: 2025-11-04 2025-11 customer=C5 -> 0
-- example: 2025-11-18 2025-11 customer=C2 -> 0 | closed on the day, or without a date
-- example: 2025-11-30 2025-11 customer=C5 -> 1 status=partial | opened again; one has no status
-- example: 2025-11-04 2025-11 priority=normale -> 0
-- example: 2025-11-05 2025-11 priority=normale -> 2
-- example: 2025-11-30 2025-11 priority=haute -> 2
select d.as_of as day, t.account_id, t.owner_id, t.ticket_id as id, 1 as num,
       case when t.status is null and t.closed_at is null then 'no_status' end as missing,
       t.number, t.subject, t.priority, t.opened_at::date as opened, t.due_at::date as due,
       date_diff('day', t.opened_at::date, d.as_of) as days_open,
       case when t.due_at::date < d.as_of then 1 else 0 end as past_due,
       case when t.due_at::date < d.as_of then 'P2' end as severity, 'past_due' as alert_reason, 'answer' as action
from tickets t
join dates d on (t.opened_at is null or t.opened_at::date <= d.as_of)
            and (t.status = 'open' or t.closed_at::date > d.as_of or (t.status is null and t.closed_at is null))
