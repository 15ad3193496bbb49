-- no: 3.1
-- rank: 1
-- fr: Indice de qualité des données
-- en: Data quality index
-- unit: index
-- better: up
-- needs: accounts
-- helps: contacts | sans contacts : les comptes seuls sont notés | no contacts: only accounts are scored
-- dimensions: record_type
-- list: account_revenue account_contacts
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Mean score, 0 to 100, of the records at the day: contacts, and accounts that are not of type other. A record's
--   score is 100 x sum(w s) / sum(w) over the dimensions that can be measured for it: completeness (weight 40), validity
--   (20), uniqueness (15), freshness (15), consistency (10); the weights are settings. The mean of each dimension stands
--   beside; one that can not be measured has none. The list names what is missing or wrong and the account's orders of 12
--   months.
-- definition_fr: Note moyenne, de 0 à 100, des fiches au jour dit : contacts, et comptes qui ne sont pas de type autre. La note
--   d'une fiche est 100 x somme(p n) / somme(p) sur les dimensions mesurables pour elle : complétude (poids 40), validité
--   (20), unicité (15), fraîcheur (15), cohérence (10) ; les poids sont des réglages. La moyenne de chaque dimension est à
--   côté ; une dimension non mesurable n'en a pas. La liste dit ce qui manque ou est faux, et les commandes du compte
--   sur 12 mois.
-- trap: Les champs sont ceux d'aujourd'hui : l'indice du passé ne change que par l'âge des fiches et par les nouvelles. |
--   Fields are today's: the index of the past only changes by the age of records and by new ones.
-- trap: Deux sources sans les mêmes dimensions mesurables ne se comparent pas : regarder les dimensions à côté. |
--   Two sources without the same measurable dimensions do not compare: look at the dimensions beside.
-- setting: weight_completeness=40 | poids de la complétude | weight of completeness
-- setting: weight_validity=20 | poids de la validité | weight of validity
-- setting: weight_uniqueness=15 | poids de l'unicité | weight of uniqueness
-- setting: weight_freshness=15 | poids de la fraîcheur | weight of freshness
-- setting: weight_consistency=10 | poids de la cohérence | weight of consistency
-- setting: index_drop=3 | baisse de l'indice à signaler, points | fall of the index to report, points
-- setting: top_revenue=5 | gros clients : un sur | big customers: one in
-- beside: completeness = avg(completeness) | complétude | completeness
-- beside: validity = avg(validity) | validité | validity
-- beside: uniqueness = avg(uniqueness) | unicité | uniqueness
-- beside: freshness = avg(freshness) | fraîcheur | freshness
-- beside: consistency = avg(consistency) | cohérence | consistency
-- word: no_weight | fiches sans poids | records without a weight
-- word: no_usable_contact | gros client sans contact utilisable | big customer without a usable contact
-- word: find_contact | trouver un contact joignable | find a contact who can be reached
-- alert: P2 team, rep: value <= previous - $index_drop
--   | l'indice de qualité a perdu {index_drop} points ou plus en un mois
--   | the quality index lost {index_drop} points or more in a month
--   | corriger les fiches de la liste
--   | correct the records in the list
with scored as (
  select s.*,
         coalesce(s.completeness * $weight_completeness, 0) + coalesce(s.validity * $weight_validity, 0)
         + s.uniqueness * $weight_uniqueness + coalesce(s.freshness * $weight_freshness, 0)
         + s.consistency * $weight_consistency as points,
         case when s.completeness is null then 0 else $weight_completeness end
         + case when s.validity is null then 0 else $weight_validity end + $weight_uniqueness
         + case when s.freshness is null then 0 else $weight_freshness end + $weight_consistency as possible
  from record_scores s
)
select s.as_of as day, s.account_id, s.owner_id, s.record_type || ':' || s.record_id as id,
       100 * s.points::double / nullif(s.possible, 0) as num, 1 as den,
       case when s.possible = 0 then 'no_weight' end as excluded,
       s.record_type, s.name, s.is_decision_maker, s.missing_codes, s.wrong_codes, s.completeness, s.validity, s.uniqueness,
       s.freshness, s.consistency, r.revenue as revenue_12m, r.revenue as at_stake,
       case when s.is_decision_maker is true then 1 else 0 end as first_in_list,
       case when s.record_type = 'account' and r.revenue > 0 and r.place <= ceil(r.buyers::double / $top_revenue)
                 and coalesce(c.usable, 0) = 0 then 'P1' end as severity,
       'no_usable_contact' as alert_reason, s.as_of as due, 'find_contact' as action
from scored s
left join account_revenue r on r.as_of = s.as_of and r.account_id = s.account_id
left join account_contacts c on c.as_of = s.as_of and c.account_id = s.account_id
