-- materialised: yes
-- definition_en: The days on which a customer answered: incoming activities of the account, each with the day of the next
--   one (the same day where there were two: such a row is at no date, nor is one that is not done).
-- definition_fr: Les jours où un client a répondu : activités entrantes du compte, chacune avec le jour de la suivante
--   (le même jour s'il y en eut deux : une telle ligne n'est à aucune date, ni celle d'une activité qui n'est pas faite).
select a.account_id, a.done_at::date as day,
       coalesce(lead(a.done_at::date) over (partition by a.account_id order by a.done_at nulls last), date '9999-12-31')
         as next_day
from activities a
where a.direction = 'in'
