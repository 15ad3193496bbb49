-- no: 3.1
-- rank: 8
-- fr: Qualité : fraîcheur
-- en: Quality: freshness
-- unit: rate
-- better: up
-- needs: accounts
-- helps: contacts | sans contacts : les comptes seuls | no contacts: only accounts
-- dimensions: record_type
-- helps: activities | sans activités, la fraîcheur tient aux commandes et aux fiches
--   | no activities: freshness rests on orders and records
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Share of the records at the day with a proof of life in the 12 months before it. For a contact: verified, a
--   done activity with it, or its record changed (not where 95 % of the changes share one day); for an account: a done
--   activity, a confirmed or delivered order, a posted invoice. Where the source has no proof at all for a type of record,
--   its freshness is not measurable.
-- definition_fr: Part des fiches au jour dit ayant une preuve de vie dans les 12 mois d'avant. Pour un contact : vérifié, une
--   activité faite avec lui, ou sa fiche modifiée (pas si 95 % des modifications ont le même jour) ; pour un compte : une
--   activité faite, une commande confirmée ou livrée, une facture comptabilisée. Si la source n'a aucune preuve pour un
--   type de fiche, sa fraîcheur n'est pas mesurable.
-- trap: Une modification en masse ne rafraîchit rien ; une petite, faite par un outil, passe pour une preuve. |
--   A mass update freshens nothing; a small one, made by a tool, passes for a proof.
-- word: nothing_dated | fraîcheur non mesurable : {n} fiche[s] d'un type sans aucune date de preuve
--   | freshness not measurable: {n} record[s] of a type without any dated proof
select r.as_of as day, r.account_id, r.owner_id, r.record_type || ':' || r.record_id as id,
       r.freshness as num, 1 as den,
       case when r.freshness is null then 'nothing_dated' end as missing,
       r.record_type, r.name, r.is_decision_maker, r.missing_codes, r.wrong_codes
from record_scores r
