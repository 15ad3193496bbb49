-- Lost is archived with a lost reason or a probability of 0; archived otherwise is put away: deleted.
with next_activity as (
    select a.res_id, min_by(coalesce(blank(a.summary), translated(t.name)), (a.date_deadline, a.id::bigint)) as step
    from mail_activity a left join mail_activity_type t on t.id = a.activity_type_id
    where a.res_model = 'crm.lead' and not no(a.active) group by 1
)
select l.id as opportunity_id,
       l.account_id,
       blank(l.user_id) as owner_id,
       blank(l.name) as name,
       coalesce(l.stage_name, '(no stage)') as stage,
       case when l.is_lost then 'lost' when l.in_won_stage then 'won' else 'open' end as status,
       num(l.probability) / 100 as probability,
       case when num(l.probability) is null then 'none'
            when num(l.probability) = num(l.automated_probability) then 'stage' else 'manual' end as probability_source,
       l.potential as amount,
       plain(l.description) as need,
       blank(l.date_deadline) as expected_close_date,
       t.tags as product_interest,
       n.step as next_step,
       local_time(l.begun) as created_at,
       case when l.is_lost or l.in_won_stage then local_time(l.date_closed) end as closed_at,
       local_time(l.date_last_stage_update) as stage_since,
       translated(r.name) as lost_reason,
       not yes(l.active) and not l.is_lost and not l.in_won_stage as is_deleted
from crm_record l
left join lead_tags t on t.lead_id = l.id
left join crm_lost_reason r on r.id = l.lost_reason_id
left join next_activity n on n.res_id = l.id
where l.type = 'opportunity'
