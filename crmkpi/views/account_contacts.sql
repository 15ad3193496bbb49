-- definition_en: For each account and date, how many of its contacts can be used: not opted out, with a valid e-mail, phone
--   or mobile.
-- definition_fr: Pour chaque compte et chaque date, combien de ses contacts sont utilisables : pas désinscrits, avec un
--   e-mail, un téléphone ou un mobile valide.
select d.as_of, c.account_id, sum(c.usable) as usable
from contact_checks c
join dates d on c.created_day is null or c.created_day <= d.as_of
group by 1, 2
