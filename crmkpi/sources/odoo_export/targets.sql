-- One number per team, which Odoo compares with the month it is looked at: the month of the data. 0 is no target.
with month as (
    select date_trunc('month', coalesce(day, data_day()))::date as period_start,
           last_day(coalesce(day, data_day())) as period_end
    from newest
), target as (
    select 'team' as scope, blank("Équipe commerciale") as scope_id, sum(num("Objectif de facturation")) as value
    from crm_team group by 2 union all
    select 'rep', "ID", num("Facturé dans l'objectif des commandes clients") from res_users
)
select scope, scope_id, 'invoiced_revenue' as metric, period_start, period_end, value
from target, month where value > 0 and scope_id is not null
