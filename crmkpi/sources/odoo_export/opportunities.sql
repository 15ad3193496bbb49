-- Lost is archived with a lost reason or a probability of 0; archived otherwise is put away: deleted.
select l."ID" as opportunity_id,
       c.account_id,
       u.user_id as owner_id,
       l.name,
       coalesce(blank(l."Étape"), '(no stage)') as stage,
       case when s.is_lost then 'lost' when l.in_won_stage then 'won' else 'open' end as status,
       num(l."Probabilité") / 100 as probability,
       case when num(l."Probabilité") is not null then 'manual' else 'none' end as probability_source,
       blank(l."Revenu attendu") as amount,
       plain(l."Notes") as need,
       blank(l."Date de clôture prévue") as expected_close_date,
       blank(l."Étiquettes") as product_interest,
       blank(l."Résumé de l'activité suivante") as next_step,
       blank(l."Créé le") as created_at,
       case when s.is_lost or l.in_won_stage then blank(l."Date de clôture") end as closed_at,
       blank(l."Dernière mise à jour de l'étape") as stage_since,
       blank(l."Motif de perte") as lost_reason,
       l.archived and not s.is_lost and not l.in_won_stage as is_deleted
from crm_record l
join crm_state s on s.id = l."ID"
left join customer_name c on c.name = blank(l."Client")
left join user_name u on u.name = blank(l."Vendeur")
where l.is_opportunity
