-- definition_en: The usual number of days from a quote to its acceptance: the median of those accepted by each date. A
--   decision dated before its quote (an import) is left out.
-- definition_fr: Délai habituel, en jours, du devis à son acceptation : médiane des devis acceptés à chaque date. Une
--   décision datée d'avant son devis (une reprise) est laissée de côté.
with accepted as (
  select q.decided_at::date as day, date_diff('day', q.issued_at::date, q.decided_at::date) as days, count(*) as quotes
  from quotes q
  where q.status = 'accepted' and q.decided_at::date >= q.issued_at::date
  group by 1, 2
), known as (
  select d.as_of, a.days, sum(a.quotes) as quotes
  from accepted a
  join dates d on a.day <= d.as_of
  group by 1, 2
), counted as (
  select k.as_of, k.days, sum(k.quotes) over (partition by k.as_of order by k.days) as up_to,
         sum(k.quotes) over (partition by k.as_of) as quotes
  from known k
)
-- the median from how many took how long, since each date has nearly all the quotes: the middle one, or the mean of the two
select c.as_of, (min(case when 2 * c.up_to >= c.quotes then c.days end)
                 + min(case when 2 * c.up_to > c.quotes then c.days end))::double / 2 as days
from counted c
group by 1
