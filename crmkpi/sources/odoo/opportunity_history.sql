-- What the chatter tracked. Each moment holds what changed; what did not change is carried forward. What a field held
-- before its first change, it held from the beginning.
with tracked as (
    select g.res_id as opportunity_id, local_time(g.date) as "at", f.name as field,
           local_time(l.begun) as begun,
           row_number() over (partition by g.res_id, f.name order by local_time(g.date)) = 1 as is_first,
           blank(v.new_value_char) as text, num(v.new_value_float) as number, local_time(v.new_value_datetime)::date as day,
           blank(v.old_value_char) as old_text, num(v.old_value_float) as old_number,
           local_time(v.old_value_datetime)::date as old_day
    from mail_tracking_value v
    join mail_message g on g.id = v.mail_message_id and g.model = 'crm.lead'
    join ir_model_fields f on f.id = v.field_id
        and f.name in ('stage_id', 'probability', 'expected_revenue', 'date_deadline')
    join crm_record l on l.id = g.res_id and l.type = 'opportunity'
), held as (
    select opportunity_id, "at", field, text, number, day from tracked
    union all
    select opportunity_id, begun, field, old_text, old_number, old_day from tracked where is_first and begun < "at"
), change as (
    select opportunity_id, "at",
           max(case when field = 'stage_id' then text end) as stage,
           max(case when field = 'probability' then number / 100 end) as probability,
           max(case when field = 'expected_revenue' then number end) as amount,
           max(case when field = 'date_deadline' then day end) as close_date
    from held
    group by 1, 2
)
select opportunity_id, "at",
       last_value(stage ignore nulls) over past as stage,
       last_value(probability ignore nulls) over past as probability,
       last_value(amount ignore nulls) over past as amount,
       last_value(close_date ignore nulls) over past as expected_close_date
from change
window past as (partition by opportunity_id order by "at" rows between unbounded preceding and current row)
