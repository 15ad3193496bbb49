-- no: 3.1
-- rank: 9
-- fr: Qualité : cohérence
-- en: Quality: consistency
-- unit: rate
-- better: up
-- needs: accounts
-- helps: contacts | sans contacts : les comptes seuls | no contacts: only accounts
-- dimensions: record_type
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Share of the records at the day that agree with the others. Not so: a contact without an account, or whose
--   account is not in the source or is closed (not active); an account whose parent or whose owner is not in the source
--   (owners are not checked where the source has no users).
-- definition_fr: Part des fiches au jour dit qui s'accordent aux autres. Ne le font pas : un contact sans compte, ou
--   dont le compte est absent de la source ou fermé (inactif) ; un compte dont la maison mère ou le commercial est
--   absent de la source (les commerciaux ne sont pas vérifiés si la source n'en a pas).
-- trap: Une extraction partielle des comptes fait des orphelins qui n'en sont pas. |
--   A partial extract of the accounts makes orphans that are none.
-- example: 2026-10-15 2026-10 -> 0.912280702 num=52 den=57
-- example: 2026-10-15 2026-10 record_type=contact -> 0.842105263
-- example: 2026-10-15 2026-10 record_type=account -> 0.947368421
-- example: 2026-10-15 2026-10 customer= -> 0 | a contact without an account
-- example: 2026-10-15 2026-10 customer=X98 -> 0 | at an account that is not there
-- example: 2026-10-15 2026-10 customer=Q16 record_type=contact -> 0 | at a closed account
-- example: 2026-10-15 2026-10 customer=Q16 record_type=account -> 1
-- example: 2026-10-15 2026-10 customer=Q08 record_type=account -> 0 | a parent that is not there
-- example: 2026-10-15 2026-10 customer=Q09 record_type=account -> 0 | a parent that is there, a rep who is not
-- example: 2026-10-15 2026-10 customer=Q02 record_type=account -> 1 | no rep
-- example: 2026-10-14 2026-10 record_type=contact -> 0.823529412 status=partial
select r.as_of as day, r.account_id, r.owner_id, r.record_type || ':' || r.record_id as id,
       1 - r.inconsistent as num, 1 as den,
       r.record_type, r.name, r.is_decision_maker, r.missing_codes, r.wrong_codes
from dated_records r
