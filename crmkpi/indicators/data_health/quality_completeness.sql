-- no: 3.1
-- rank: 5
-- fr: Qualité : complétude
-- en: Quality: completeness
-- unit: rate
-- better: up
-- needs: accounts
-- helps: contacts | sans contacts : les comptes seuls | no contacts: only accounts
-- dimensions: record_type
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Mean over the records at the day (contacts, accounts but other) of each record's filled / expected
--   weight of fields: every record counts alike.
-- definition_fr: Moyenne, sur les fiches au jour dit (contacts, comptes sauf autres), du poids rempli / attendu des
--   champs de chaque fiche : toutes les fiches comptent autant.
-- trap: Différente de la complétude des contacts et des comptes, où un champ attendu compte autant qu'un autre. |
--   Not the completeness of contacts and accounts, where one expected field counts like another.
-- word: no_weight | fiches sans champ attendu | records without an expected field
-- example: 2026-10-15 2026-10 -> 0.484210526 num=27.6 den=57
-- example: 2026-10-15 2026-10 record_type=contact -> 0.473684211
-- example: 2026-10-15 2026-10 record_type=account -> 0.489473684
-- example: 2026-10-15 2026-10 record_type=contact $weight_contact_last_name=0 $weight_contact_job_title=0 $weight_contact_department=0 $weight_contact_email=0 $weight_contact_phone=0 $weight_contact_account=0 -> none | no expected field
-- example: 2026-10-15 2026-10 $weight_contact_last_name=0 $weight_contact_job_title=0 $weight_contact_department=0 $weight_contact_email=0 $weight_contact_phone=0 $weight_contact_account=0 -> 0.489473684 n=38
-- example: 2026-10-15 2026-10 record_type=contact $weight_contact_last_name=1 $weight_contact_job_title=0 $weight_contact_department=0 $weight_contact_email=0 $weight_contact_phone=0 $weight_contact_account=0 -> 0.842105263 num=16 | all but K02 (a dash), K12 and K13
-- example: 2026-10-14 2026-10 record_type=account -> 0.491891892 status=partial
select r.as_of as day, r.account_id, r.owner_id, r.record_type || ':' || r.record_id as id,
       (r.filled::double / nullif(r.expected, 0))::decimal(18,12) as num, 1 as den,
       case when r.expected = 0 then 'no_weight' end as excluded,
       r.record_type, r.name, r.is_decision_maker, r.missing_codes, r.wrong_codes
from dated_records r
