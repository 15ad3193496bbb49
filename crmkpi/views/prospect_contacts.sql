-- definition_en: For each account and lead, at the data's own date: the last activity done, the next one planned, and its
--   open opportunities.
-- definition_fr: Pour chaque compte et chaque lead, à la date des données : la dernière activité faite, la prochaine
--   prévue, et ses affaires en cours.
with acted as (
  select v.account_id as id, v.done_at, v.planned_at, v.cancelled_at, v.status from activities v
  union all
  select 'lead:' || v.lead_id as id, v.done_at, v.planned_at, v.cancelled_at, v.status from activities v
), acts as (
  select a.id, max(case when a.done_at::date <= $data_day then a.done_at::date end) as last_action,
         min(case when a.done_at is null and a.cancelled_at is null and a.status = 'planned'
                       and a.planned_at::date >= $data_day then a.planned_at::date end) as next_action
  from acted a
  group by 1
), dealt as (
  select o.account_id as id, o.opportunity_id, o.amount, o.expected_close_date from opportunities o
  where o.status = 'open'
  union all
  select 'lead:' || l.lead_id as id, o.opportunity_id, o.amount, o.expected_close_date from leads l
  join opportunities o on o.opportunity_id = l.opportunity_id
  where o.status = 'open'
), deals as (
  select d.id, sum(d.amount)::decimal(18,2) as open_amount, min(d.expected_close_date) as signature_date
  from dealt d
  group by 1
)
select c.id, a.last_action, a.next_action, d.open_amount, d.signature_date
from company_records c
left join acts a on a.id = c.id
left join deals d on d.id = c.id
