-- definition_en: The usual number of days from a quote to its acceptance: the median of those accepted by each date. A
--   decision dated before its quote (an import) is left out.
-- definition_fr: Délai habituel, en jours, du devis à son acceptation : médiane des devis acceptés à chaque date. Une
--   décision datée d'avant son devis (une reprise) est laissée de côté.
select d.as_of, median(date_diff('day', q.issued_at::date, q.decided_at::date)::double) as days
from quotes q
join dates d on q.decided_at::date <= d.as_of
where q.status = 'accepted' and q.decided_at::date >= q.issued_at::date
group by 1
