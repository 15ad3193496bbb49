-- Stages of one name in several teams are one stage of the charts. Odoo 17 keeps no probability per stage.
select coalesce(translated(name), 'stage ' || id) as stage,
       min(num(sequence)) as position,
       case when bool_or(yes(is_won)) then 'won' else 'open' end as status
from crm_stage group by 1
