-- definition_en: How opportunities ended: won or lost.
-- definition_fr: Comment les opportunités se sont terminées : gagnées ou perdues.
select o.opportunity_id as id, o.status as became
from opportunities o
where o.status in ('won', 'lost')
