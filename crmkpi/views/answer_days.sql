-- materialised: yes
-- definition_en: The days on which a customer answered: incoming activities of the account that are done and dated, each
--   with the day of the next one.
-- definition_fr: Les jours où un client a répondu : activités entrantes du compte, faites et datées, chacun avec le jour
--   de la suivante.
with days as (
  select distinct a.account_id, a.done_at::date as day
  from activities a
  where a.direction = 'in' and a.done_at is not null
)
select d.account_id, d.day,
       coalesce(lead(d.day) over (partition by d.account_id order by d.day), date '9999-12-31') as next_day
from days d
