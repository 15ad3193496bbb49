-- Records of type lead, and opportunities that were one (date_conversion). Conversion is what dates the
-- qualification; a lead that only stands in a stage called qualified has no date for it.
with qualified as (
    select min(num(sequence)) as position from crm_stage
    where regexp_matches(lower(name), '\bqualif') and not regexp_matches(lower(name), '(not|non)[ -]qualif')
)
select l.id as lead_id,
       local_time(l.create_date) as created_at,
       case when l.type = 'opportunity' then 'converted'
            when l.is_lost then 'disqualified'
            when l.stage_position >= (select position from qualified) then 'qualified'
            when blank(l.user_id) is not null then 'working'
            else 'new' end as status,
       local_time(l.date_open) as assigned_at,
       local_time(l.date_conversion) as qualified_at,
       local_time(l.date_conversion) as converted_at,
       case when l.type <> 'opportunity' and l.is_lost then local_time(l.date_closed) end as disqualified_at,
       translated(s.name) as source,
       c.name as campaign,
       blank(l.partner_name) as company,
       blank(l.email_from) as email,
       coalesce(blank(l.phone), blank(l.mobile)) as phone,
       blank(l.user_id) as owner_id,
       blank(l.create_uid) as created_by,
       l.account_id,
       t.tags as product_interest,
       l.potential as potential_amount,
       case when l.type = 'opportunity' then l.id end as opportunity_id,
       case when l.type <> 'opportunity' then translated(r.name) end as disqualified_reason,
       not yes(l.active) and not l.is_lost and not l.in_won_stage as is_deleted
from crm_record l
left join utm_source s on s.id = l.source_id
left join campaign c on c.id = l.campaign_id
left join lead_tags t on t.lead_id = l.id
left join crm_lost_reason r on r.id = l.lost_reason_id
where l.type = 'lead' or blank(l.date_conversion) is not null
