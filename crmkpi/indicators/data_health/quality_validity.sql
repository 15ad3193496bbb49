-- no: 3.1
-- rank: 6
-- fr: Qualité : validité
-- en: Quality: validity
-- unit: rate
-- better: up
-- needs: accounts
-- helps: contacts | sans contacts : les comptes seuls | no contacts: only accounts
-- dimensions: record_type
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Mean over the records at the day of each record's valid / filled fields that can be checked: e-mail, phone
--   and mobile; for accounts e-mail, phone, postcode, VAT number and, of French accounts only, SIREN or SIRET (Luhn
--   checksum). A record with nothing to check is left out.
-- definition_fr: Moyenne, sur les fiches au jour dit, des champs valides / champs remplis vérifiables : e-mail, téléphone et
--   mobile ; pour les comptes e-mail, téléphone, code postal, n° de TVA et, pour les comptes français seulement, SIREN ou
--   SIRET (clé de Luhn). Une fiche où rien n'est à vérifier est laissée de côté.
-- trap: Bien formé ne veut pas dire vrai : un e-mail valide peut ne plus exister. |
--   Well formed is not true: a valid e-mail may no longer exist.
-- word: nothing_to_check | fiches où rien n'est à vérifier | records with nothing to check
select r.as_of as day, r.account_id, r.owner_id, r.record_type || ':' || r.record_id as id,
       r.valid::double / nullif(r.checkable, 0) as num, 1 as den,
       case when r.checkable = 0 then 'nothing_to_check' end as excluded,
       r.record_type, r.name, r.is_decision_maker, r.missing_codes, r.wrong_codes
from dated_records r
