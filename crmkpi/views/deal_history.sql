-- materialised: yes
-- definition_en: What each deal was from a day to the next change, by its history (the last row of a day counts). A field that
--   no row of the deal ever fills is not followed there: it is the record's.
-- definition_fr: Ce qu'était chaque affaire d'un jour au changement suivant, par son historique (la dernière ligne d'un jour
--   compte). Un champ qu'aucune ligne de l'affaire ne remplit n'y est pas suivi : c'est celui de la fiche.
select h.opportunity_id, h.at::date as from_day,
       coalesce(lead(h.at::date) over (partition by h.opportunity_id order by h.at), date '9999-12-31') as to_day,
       case when count(h.stage) over (partition by h.opportunity_id) > 0 then h.stage else o.stage end as stage,
       case when count(h.probability) over (partition by h.opportunity_id) > 0 then h.probability else o.probability end
         as probability,
       case when count(h.amount) over (partition by h.opportunity_id) > 0 then h.amount else o.amount end as amount,
       case when count(h.expected_close_date) over (partition by h.opportunity_id) > 0 then h.expected_close_date
            else o.expected_close_date end as expected_close_date
from opportunity_history h
join opportunities o on o.opportunity_id = h.opportunity_id
