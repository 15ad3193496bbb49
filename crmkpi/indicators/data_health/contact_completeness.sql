-- no: 3.1
-- rank: 2
-- fr: Complétude des contacts
-- en: Contact completeness
-- unit: rate
-- better: up
-- needs: contacts
-- helps: accounts | sans comptes, les contacts n'ont pas de commercial | no accounts: contacts have no rep
-- list: account_revenue
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Filled / expected fields of the contacts at the day, by weight (settings, 1 each): last name, job title,
--   department, e-mail, phone or mobile, account. Blank, -, n/a, test and strings of zeros, dashes or dots count as empty. A
--   contact belongs to the rep of its account. The list has decision makers first and the account's orders of 12 months.
-- definition_fr: Champs remplis / champs attendus des contacts au jour dit, selon leur poids (réglages, 1 chacun) : nom,
--   fonction, service, e-mail, téléphone ou mobile, compte. Vide, -, n/a, test et les suites de zéros, de tirets ou de points
--   comptent comme vides. Un contact relève du commercial de son compte. La liste a les décideurs d'abord et les commandes
--   du compte sur 12 mois.
-- trap: Un champ rempli n'est pas un champ juste : voir la validité. | A filled field is not a right one: see validity.
select r.as_of as day, r.account_id, r.owner_id, r.record_id as id, r.filled::double as num, r.expected::double as den,
       r.name, r.is_decision_maker, r.missing_codes, r.wrong_codes, v.revenue as revenue_12m,
       case when r.is_decision_maker is true then 1 else 0 end as first_in_list
from dated_records r
left join account_revenue v on v.as_of = r.as_of and v.account_id = r.account_id
where r.record_type = 'contact'
