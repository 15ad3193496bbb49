select blank("Nom de l'étape") as stage,
       min(num("Séquence")) as position,
       case when bool_or(yes("Est en étape gagné ?")) then 'won' else 'open' end as status
from crm_stage group by 1
