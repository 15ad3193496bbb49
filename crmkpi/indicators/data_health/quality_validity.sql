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
-- definition_fr: Moyenne, sur les fiches au jour dit, des champs valides / champs remplis vérifiables : e-mail,
--   téléphone et mobile ; pour les comptes e-mail, téléphone, code postal, n° de TVA et, pour les comptes français
--   seulement, SIREN ou SIRET (clé de Luhn). Une fiche où rien n'est à vérifier est laissée de côté.
-- trap: Bien formé ne veut pas dire vrai : un e-mail valide peut ne plus exister. |
--   Well formed is not true: a valid e-mail may no longer exist.
-- word: nothing_to_check | fiches où rien n'est à vérifier | records with nothing to check
-- example: 2026-10-15 2026-10 record_type=contact -> 0.871794872 den=13 | six contacts have nothing to check
-- example: 2026-10-15 2026-10 customer=Q04 record_type=contact -> 0.333333333 | a blank in the e-mail, 15 digits, 16 digits
-- example: 2026-10-15 2026-10 customer=X98 record_type=contact -> 0 | a domain without an end
-- example: 2026-10-15 2026-10 customer=Q03 record_type=contact -> 1 | a mobile, with spaces, dots, a dash, a slash, brackets
-- example: 2026-10-15 2026-10 customer=Q02 record_type=contact -> none | nothing to check
-- example: 2026-10-15 2026-10 customer=Q01 record_type=account -> 1 | e-mail, phone, postcode, VAT number and SIRET
-- example: 2026-10-15 2026-10 customer=Q02 record_type=account -> none | zeros, test and dots are empty
-- example: 2026-10-15 2026-10 customer=Q03 record_type=account -> 0 | no end, 5 digits, 4 digits, FR and 3 digits, a wrong checksum
-- example: 2026-10-15 2026-10 customer=Q04 record_type=account -> 1 | German: postcode, VAT number, no SIREN to check
-- example: 2026-10-15 2026-10 customer=Q05 record_type=account -> 0.5 | no country: that of the settings, France; a phone of 6 digits
-- example: 2026-10-15 2026-10 customer=Q05 record_type=account $country=DE -> 1 num=1 | no country: Germany
-- example: 2026-10-15 2026-10 customer=Q06 record_type=account -> 1 | La Poste: a sum of digits of 25
-- example: 2026-10-15 2026-10 customer=Q07 record_type=account -> 0 | of 26
-- example: 2026-10-15 2026-10 customer=Q08 record_type=account -> 1 | a SIREN with dots
-- example: 2026-10-15 2026-10 customer=Q09 record_type=account -> 0 | 8 digits
-- example: 2026-10-15 2026-10 customer=Q00 record_type=account -> 1 | a SIRET with spaces
-- example: 2026-10-15 2026-10 customer=Q16 record_type=account -> 0 | a sum of digits that 5 divides, but not of La Poste
-- example: 2026-10-15 2026-10 customer=P08 record_type=account -> 1
-- example: 2026-10-15 2026-10 customer=P08 record_type=account $country=DE -> 1
-- example: 2026-10-15 2026-10 customer=P09 record_type=account $country=DE -> none | no country: Germany, where no SIREN is checked
-- example: 2026-10-15 2026-10 customer=P10 record_type=account -> 1 | lower case, spaces
-- example: 2026-10-15 2026-10 customer=P16 record_type=account -> 0 | only the e-mail is not empty, and wrong
-- example: 2026-10-14 2026-10 record_type=contact -> 0.861111111 status=partial
select r.as_of as day, r.account_id, r.owner_id, r.record_type || ':' || r.record_id as id,
       (r.valid::double / nullif(r.checkable, 0))::decimal(18,12) as num, 1 as den,
       case when r.checkable = 0 then 'nothing_to_check' end as excluded,
       r.record_type, r.name, r.is_decision_maker, r.missing_codes, r.wrong_codes
from dated_records r
