-- definition_en: A name as it is compared: lower case, without accents, letters a-z and digits only (œ is oe, æ is ae).
--   A name that is empty, or has none of these, has no key. A contact's is the last name and the first name.
-- definition_fr: Un nom tel qu'on le compare : minuscules, sans accents, seulement a-z et chiffres (œ vaut oe, æ vaut ae).
--   Un nom vide, ou qui n'en a aucun, n'a pas de clé. Pour un contact : le nom puis le prénom.
with named as (
  select 'account' as record_type, a.account_id as record_id, a.name, cast(null as varchar) as more from accounts a
  union all
  select 'lead' as record_type, l.lead_id as record_id, l.company as name, cast(null as varchar) as more from leads l
  union all
  select 'contact' as record_type, c.contact_id as record_id, c.last_name as name, c.first_name as more from contacts c
), filled as (
  select n.record_type, n.record_id,
         case when not regexp_matches(trim(n.name), '(?i)^([-.]*|0+|n/a|test)$') then n.name end as name,
         case when not regexp_matches(trim(n.more), '(?i)^([-.]*|0+|n/a|test)$') then n.more end as more
  from named n
)
select f.record_type, f.record_id,
       nullif(regexp_replace(translate(
         regexp_replace(regexp_replace(lower(coalesce(f.name || f.more, f.name)), 'œ', 'oe', 'g'), 'æ', 'ae', 'g'),
         'àáâãäåāăąçćčďđèéêëēėęěğìíîïīıłñńňòóôõöøőōřśšşťùúûüūůűýÿžźż',
         'aaaaaaaaacccddeeeeeeeegiiiiiilnnnoooooooorssstuuuuuuuyyzzz'), '[^a-z0-9]', '', 'g'), '') as name_key
from filled f
