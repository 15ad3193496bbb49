-- One number per team, which Odoo compares with the month it is looked at: the month of the data. 0 is no target.
with month as (
    select date_trunc('month', coalesce(day, data_day()))::date as period_start,
           last_day(coalesce(day, data_day())) as period_end
    from newest
), target as (
    select 'team' as scope, name as scope_id, target as value from team where active union all
    select 'rep', id, num(target_sales_invoiced) from res_users where yes(active)
)
select scope, scope_id, 'invoiced_revenue' as metric, period_start, period_end, value
from target, month where value > 0
