-- no: 3.1
-- rank: 7
-- fr: Qualité : unicité
-- en: Quality: uniqueness
-- unit: rate
-- better: up
-- needs: accounts
-- helps: contacts | sans contacts : les comptes seuls | no contacts: only accounts
-- dimensions: record_type
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Share of the records at the day that are not surplus. Surplus: every record but the first created with
--   the same key. A contact's key is its e-mail, else its name at the same account; an account's is its registration
--   number, else its name and postcode (accents, case and punctuation apart). A record without a key is unique.
-- definition_fr: Part des fiches au jour dit qui ne sont pas en trop. En trop : toute fiche sauf la première créée de même
--   clé. La clé d'un contact est son e-mail, sinon son nom dans le même compte ; celle d'un compte son immatriculation,
--   sinon ses nom et code postal (sans accents, casse ni ponctuation). Une fiche sans clé est unique.
-- trap: Deux personnes sous une même adresse (contact@) passent pour un doublon ; deux établissements (SIRET)
--   n'en sont pas un. |
--   Two people with one shared address (contact@) pass for duplicates; two establishments (SIRET) are none.
-- example: 2026-10-15 2026-10 -> 0.877192982 num=50 den=57
-- example: 2026-10-15 2026-10 record_type=contact -> 0.842105263
-- example: 2026-10-15 2026-10 record_type=account -> 0.894736842
-- example: 2026-10-15 2026-10 customer=Q01 record_type=account -> 1 | the first created of two with one SIRET
-- example: 2026-10-15 2026-10 customer=Q00 record_type=account -> 0 | written otherwise, created later
-- example: 2026-10-15 2026-10 customer=Q15 record_type=account -> 1 | name and postcode: the one created nobody knows when is the first
-- example: 2026-10-15 2026-10 customer=Q12 record_type=account -> 0
-- example: 2026-10-15 2026-10 customer=Q11 record_type=account -> 0 | accents, case, œ
-- example: 2026-10-15 2026-10 customer=Q13 record_type=account -> 1 | another postcode
-- example: 2026-10-15 2026-10 customer=Q14 record_type=account -> 1 | no postcode: no key
-- example: 2026-10-15 2026-10 customer=Q01 record_type=contact -> 1
-- example: 2026-10-15 2026-10 customer=Q00 record_type=contact -> 0 | the same e-mail, later
-- example: 2026-10-15 2026-10 customer=Q05 record_type=contact -> 0.666666667 | no e-mail: the same name at the account
-- example: 2026-10-15 2026-10 customer=Q06 record_type=contact -> 1 | the same name elsewhere
-- example: 2026-10-15 2026-10 customer=Q07 record_type=contact -> 1 | neither e-mail nor last name: no key
-- example: 2026-10-14 2026-10 record_type=contact -> 0.823529412 status=partial
select r.as_of as day, r.account_id, r.owner_id, r.record_type || ':' || r.record_id as id,
       1 - r.surplus as num, 1 as den,
       r.record_type, r.name, r.is_decision_maker, r.missing_codes, r.wrong_codes, r.same_as
from dated_records r
