-- no: 3.1
-- rank: 4
-- fr: Complétude champ par champ
-- en: Completeness by field
-- unit: rate
-- better: up
-- needs: accounts
-- helps: contacts | sans contacts : les champs des comptes seuls | no contacts: only the fields of accounts
-- dimensions: field record_type
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Filled / expected, by weight, one row for each expected field of each record at the day: by field, the
--   share of records that have it. The fields are those of contact and account completeness.
-- definition_fr: Rempli / attendu, selon le poids, une ligne par champ attendu de chaque fiche au jour dit : par champ, la
--   part des fiches qui l'ont. Les champs sont ceux de la complétude des contacts et des comptes.
-- trap: Un champ que la source ne connaît pas est à 0 %, comme un champ que personne ne remplit. |
--   A field that the source does not know is at 0 %, like a field that nobody fills.
-- setting: field_floor=0.60 | part minimale de fiches où un champ est rempli | least share of records with a field filled
-- alert: P3 field: value < $field_floor
--   | champ rempli dans moins de {field_floor} des fiches
--   | field filled in under {field_floor} of the records
--   | demander ce champ à la création de la fiche
--   | ask for this field when a record is made
select r.as_of as day, r.account_id, r.owner_id, r.record_type || ':' || r.record_id || ':' || f.field as id,
       (f.filled * f.weight)::double as num, f.weight::double as den, r.name, r.record_type, f.field
from dated_records r
join quality_fields f on f.record_type = r.record_type and f.record_id = r.record_id
