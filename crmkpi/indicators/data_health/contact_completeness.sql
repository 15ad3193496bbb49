-- no: 3.1
-- rank: 2
-- fr: Complétude des contacts
-- en: Contact completeness
-- unit: rate
-- better: up
-- needs: contacts
-- helps: accounts | sans comptes, les contacts n'ont pas de commercial | no accounts: contacts have no rep
-- helps: contacts.job_title | la source n'a aucune fonction : champ vide partout | the source has no job title: empty
--   everywhere 
-- helps: contacts.department | la source n'a aucun service : champ vide partout | the source has no department: empty
--   everywhere 
-- helps: contacts.email | la source n'a aucun e-mail : champ vide partout | the source has no e-mail: empty everywhere
-- list: account_revenue
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Filled / expected fields of the contacts at the day, by weight (settings, 1 each): last name, job
--   title, department, e-mail, phone or mobile, account. Blank, -, n/a, test and strings of zeros, dashes or dots count
--   as empty. A contact belongs to the rep of its account. The list has decision makers first and the account's orders
--   of 12 months.
-- definition_fr: Champs remplis / champs attendus des contacts au jour dit, selon leur poids (réglages, 1 chacun) :
--   nom, fonction, service, e-mail, téléphone ou mobile, compte. Vide, -, n/a, test et les suites de zéros, de tirets
--   ou de points comptent comme vides. Un contact relève du commercial de son compte. La liste a les décideurs d'abord
--   et les commandes du compte sur 12 mois.
-- trap: Un champ rempli n'est pas un champ juste : voir la validité. | A filled field is not a right one: see validity.
-- example: 2026-10-15 2026-10 -> 0.473684211 num=54 den=114 n=19 status=ok
-- example: 2026-10-15 2026-10 customer=Q01 -> 1
-- example: 2026-10-15 2026-10 customer=Q02 -> 0.166666667 | -, n/a, TEST, a dot, zeros: only its account is there
-- example: 2026-10-15 2026-10 customer=Q03 -> 0.666666667 | a mobile is a phone
-- example: 2026-10-15 2026-10 customer= -> 0.333333333 | without an account
-- example: 2026-10-15 2026-10 customer=X98 -> 0.5 | at an account that is not there
-- example: 2026-10-15 2026-10 rep=U1 -> 0.666666667 | a contact belongs to the rep of its account
-- example: 2026-10-15 2026-10 rep= -> 0.333333333 num=6
-- example: 2026-10-14 2026-10 -> 0.490196078 status=partial | two were created the next day
-- example: 2024-01-04 2024-01 -> 0.416666667 den=12 | created nobody knows when: always there
-- example: 2024-01-05 2024-01 -> 0.444444444 den=18 | created on the day
-- example: 2026-10-15 2026-10 $weight_contact_last_name=2 $weight_contact_job_title=3 $weight_contact_department=5 $weight_contact_email=7 $weight_contact_phone=11 $weight_contact_account=13 -> 0.541720154 num=422 den=779 | other weights
-- example: 2026-10-15 2026-10 $weight_contact_last_name=0 $weight_contact_job_title=0 $weight_contact_department=0 $weight_contact_email=0 $weight_contact_phone=0 $weight_contact_account=0 -> none
select r.as_of as day, r.account_id, r.owner_id, r.record_id as id, r.filled::double as num, r.expected::double as den,
       r.name, r.is_decision_maker, r.missing_codes, r.wrong_codes, v.revenue as revenue_12m,
       case when r.is_decision_maker is true then 1 else 0 end as first_in_list
from dated_records r
left join account_revenue v on v.as_of = r.as_of and v.account_id = r.account_id
where r.record_type = 'contact'
