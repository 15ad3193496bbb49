-- definition_en: The records that exist at each date: created by then, or nobody knows when.
-- definition_fr: Les fiches qui existent à chaque date : créées alors, ou on ne sait quand.
select d.as_of, r.*
from quality_records r
join dates d on r.from_day <= d.as_of
