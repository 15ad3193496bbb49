-- What the chatter tracked. Each moment holds what changed; what did not change is carried forward.
with change as (
    select g.res_id as opportunity_id, local_time(g.date) as "at",
           max(case when f.name = 'stage_id' then blank(v.new_value_char) end) as stage,
           max(case when f.name = 'probability' then num(v.new_value_float) / 100 end) as probability,
           max(case when f.name = 'expected_revenue' then num(v.new_value_float) end) as amount,
           max(case when f.name = 'date_deadline' then local_time(v.new_value_datetime)::date end) as close_date
    from mail_tracking_value v
    join mail_message g on g.id = v.mail_message_id and g.model = 'crm.lead'
    join ir_model_fields f on f.id = v.field_id
        and f.name in ('stage_id', 'probability', 'expected_revenue', 'date_deadline')
    join crm_lead l on l.id = g.res_id and l.type = 'opportunity'
    group by 1, 2
)
select opportunity_id, "at",
       last_value(stage ignore nulls) over past as stage,
       last_value(probability ignore nulls) over past as probability,
       last_value(amount ignore nulls) over past as amount,
       last_value(close_date ignore nulls) over past as expected_close_date
from change
window past as (partition by opportunity_id order by "at" rows between unbounded preceding and current row)
