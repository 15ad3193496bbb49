-- Every sale order is a quote. date_order is overwritten at confirmation: it then dates the decision.
with follow_up as (
    select res_id, max(moment) as moment from (
        select res_id, local_time(date_done) as moment from mail_activity
        where res_model = 'sale.order' and blank(date_done) is not null
        union all
        select res_id, local_time(date) from mail_message
        where model = 'sale.order' and message_type in ('comment', 'email', 'email_outgoing'))
    group by 1
)
select o.id as quote_id,
       blank(o.name) as number,
       o.account_id,
       blank(o.opportunity_id) as opportunity_id,
       blank(o.user_id) as owner_id,
       local_time(case when o.outcome in ('accepted', 'cancelled') then coalesce(blank(o.create_date), o.date_order)
                       else o.date_order end) as issued_at,
       blank(o.validity_date) as valid_until,
       case when o.outcome = 'accepted' then local_time(o.date_order) end as decided_at,
       o.outcome as status,
       converted(num(o.amount_untaxed), o.rate) as amount,
       f.moment as last_follow_up_at
from sale o
left join follow_up f on f.res_id = o.id
