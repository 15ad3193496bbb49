-- Records of type lead, and opportunities with a date of conversion. See odoo/leads.sql for the statuses.
with qualified as (
    select min(num("Séquence")) as position from crm_stage
    where regexp_matches(lower("Nom de l'étape"), '\bqualif')
      and not regexp_matches(lower("Nom de l'étape"), '(not|non)[ -]qualif')
)
select l."ID" as lead_id,
       l."Créé le" as created_at,
       case when l.is_opportunity then 'converted'
            when s.is_lost then 'disqualified'
            when l.stage_position >= (select position from qualified) then 'qualified'
            when blank(l."Vendeur") is not null then 'working'
            else 'new' end as status,
       blank(l."Date d'attribution") as assigned_at,
       blank(l."Date de conversion") as qualified_at,
       blank(l."Date de conversion") as converted_at,
       case when not l.is_opportunity and s.is_lost then blank(l."Date de clôture") end as disqualified_at,
       blank(l."Source") as source,
       blank(l."Campagne") as campaign,
       blank(l."Nom de la société") as company,
       blank(l."E-mail") as email,
       blank(l."Téléphone") as phone,
       u.user_id as owner_id,
       c.account_id,
       blank(l."Étiquettes") as product_interest,
       blank(l."Revenu attendu") as potential_amount,
       case when l.is_opportunity then l."ID" end as opportunity_id,
       case when not l.is_opportunity then blank(l."Motif de perte") end as disqualified_reason,
       l.archived and not s.is_lost and not l.in_won_stage as is_deleted
from crm_record l
join crm_state s on s.id = l."ID"
left join customer_name c on c.name = blank(l."Client")
left join user_name u on u.name = blank(l."Vendeur")
where not l.is_opportunity or blank(l."Date de conversion") is not null
