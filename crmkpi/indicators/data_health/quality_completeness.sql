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
select r.as_of as day, r.account_id, r.owner_id, r.record_type || ':' || r.record_id as id,
       r.filled::double / nullif(r.expected, 0) as num, 1 as den,
       case when r.expected = 0 then 'no_weight' end as excluded,
       r.record_type, r.name, r.is_decision_maker, r.missing_codes, r.wrong_codes
from dated_records r
