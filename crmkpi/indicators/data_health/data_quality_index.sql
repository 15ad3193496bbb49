-- no: 3.1
-- rank: 1
-- fr: Indice de qualité des données
-- en: Data quality index
-- unit: index
-- better: up
-- needs: accounts
-- helps: contacts | sans contacts : les comptes seuls sont notés | no contacts: only accounts are scored
-- helps: activities.done_at | sans activité faite, la fraîcheur tient aux commandes, aux factures et aux fiches
--   | no done activity: freshness rests on orders, invoices and records
-- dimensions: record_type created_quarter
-- list: account_revenue account_contacts
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Mean score, 0 to 100, of the records at the day: contacts, and accounts that are not of type other. A
--   record's score is 100 x sum(w s) / sum(w) over the dimensions that can be measured for it: completeness (weight
--   40), validity (20), uniqueness (15), freshness (15), consistency (10); the weights are settings. The mean of each
--   dimension stands beside; one that can not be measured has none. The list names what is missing or wrong and the
--   account's orders of 12 months.
-- definition_fr: Note moyenne, de 0 à 100, des fiches au jour dit : contacts, et comptes qui ne sont pas de type autre.
--   La note d'une fiche est 100 x somme(p n) / somme(p) sur les dimensions mesurables pour elle : complétude (poids
--   40), validité (20), unicité (15), fraîcheur (15), cohérence (10) ; les poids sont des réglages. La moyenne de
--   chaque dimension est à côté ; une dimension non mesurable n'en a pas. La liste dit ce qui manque ou est faux, et
--   les commandes du compte sur 12 mois.
-- trap: Les champs sont ceux d'aujourd'hui : l'indice du passé ne change que par l'âge des fiches et par les nouvelles. |
--   Fields are today's: the index of the past only changes by the age of records and by new ones.
-- trap: Par trimestre de création, chaque fiche est vue avec ses champs d'aujourd'hui : les plus vieilles ont eu le
--   temps d'être corrigées, ou de se périmer. | By quarter of creation each record is seen with its fields of today:
--   the older ones had the time to be corrected, or to go stale.
-- trap: Deux sources sans les mêmes dimensions mesurables ne se comparent pas : regarder les dimensions à côté. |
--   Two sources without the same measurable dimensions do not compare: look at the dimensions beside.
-- setting: weight_completeness=40 | poids de la complétude | weight of completeness
-- setting: weight_validity=20 | poids de la validité | weight of validity
-- setting: weight_uniqueness=15 | poids de l'unicité | weight of uniqueness
-- setting: weight_freshness=15 | poids de la fraîcheur | weight of freshness
-- setting: weight_consistency=10 | poids de la cohérence | weight of consistency
-- setting: index_drop=3 | baisse de l'indice à signaler, points | fall of the index to report, points
-- setting: top_revenue=5 | gros clients : un sur | big customers: one in
-- beside: completeness = avg(completeness) | complétude | completeness | rate
-- beside: validity = avg(validity) | validité | validity | rate
-- beside: uniqueness = avg(uniqueness) | unicité | uniqueness | rate
-- beside: freshness = avg(freshness) | fraîcheur | freshness | rate
-- beside: consistency = avg(consistency) | cohérence | consistency | rate
-- word: no_weight | fiches sans poids | records without a weight
-- word: no_usable_contact | gros client sans contact utilisable | big customer without a usable contact
-- word: find_contact | trouver un contact joignable | find a contact who can be reached
-- alert: P2 team, rep: value <= previous - $index_drop
--   | l'indice de qualité a perdu {index_drop} points ou plus en un mois
--   | the quality index lost {index_drop} points or more in a month
--   | corriger les fiches de la liste
--   | correct the records in the list
-- example: 2026-10-15 2026-10 $weight_completeness=1 $weight_validity=0 $weight_uniqueness=0 $weight_freshness=0 $weight_consistency=0 -> 48.421052632 num=2760 | one point in all: completeness alone, 27.6 of 57
-- example: 2026-10-15 2026-10 rep=U77 -> 62.833333333 n=2 completeness=0.633333333 validity=0.5 uniqueness=1 freshness=0.5 consistency=0.5 status=ok
-- example: 2026-10-15 2026-10 customer=Q01 record_type=contact -> 100
-- example: 2026-10-15 2026-10 customer=Q04 record_type=contact -> 73.333333333 | 2/3 filled, 1/3 valid
-- example: 2026-10-15 2026-10 customer=Q00 record_type=account -> 69 | surplus
-- example: 2026-10-15 2026-10 customer= -> 48.333333333 | neither fresh nor consistent
-- example: 2026-10-15 2026-10 customer=Q02 record_type=account -> 60 validity=none | nothing to check: over the other four weights
-- example: 2026-10-15 2026-10 customer=Q02 record_type=contact -> 39.583333333
-- example: 2026-10-15 2026-10 customer=Q04 record_type=contact $weight_completeness=1 $weight_validity=2 $weight_uniqueness=3 $weight_freshness=4 $weight_consistency=5 -> 88.888888889 | other weights
-- example: 2026-10-15 2026-10 customer=Q00 record_type=account $weight_completeness=1 $weight_validity=2 $weight_uniqueness=3 $weight_freshness=4 $weight_consistency=5 -> 77.333333333
-- example: 2026-10-15 2026-10 customer= $weight_completeness=1 $weight_validity=2 $weight_uniqueness=3 $weight_freshness=4 $weight_consistency=5 -> 35.555555556
-- example: 2026-10-15 2026-10 customer=Q02 record_type=account $weight_completeness=1 $weight_validity=2 $weight_uniqueness=3 $weight_freshness=4 $weight_consistency=5 -> 93.846153846
-- example: 2026-10-15 2026-10 created_quarter= -> 57.972222222 n=3 uniqueness=1 freshness=0 | no creation date: (65 + 61 + 47.916667) / 3
-- example: 2026-10-15 2026-10 created_quarter=2026-Q4 -> 59.583333333 n=7 freshness=0.428571429 | (3 x 70 + 65 + 2 x 51.25 + 39.583333) / 7
-- example: 2026-10-15 2026-10 created_quarter=2024-Q2 record_type=account -> 58.666666667 n=3 | (69 + 61 + 46) / 3; Q13 began on July 1st
-- example: 2026-10-15 2026-10 customer=Q01 $weight_completeness=0 $weight_validity=0 $weight_uniqueness=0 $weight_freshness=0 $weight_consistency=0 -> none | no weight
-- example: 2026-10-15 2026-10 customer= $weight_contact_last_name=0 $weight_contact_job_title=0 $weight_contact_department=0 $weight_contact_email=0 $weight_contact_phone=0 $weight_contact_account=0 -> 58.333333333 completeness=none | no expected field
-- example: 2026-10-14 2026-10 customer=Q05 record_type=account -> 90 alert=P1:no_usable_contact:find_contact status=partial | second of 8 buyers, two contacts without e-mail or phone
-- example: 2026-10-15 2026-10 customer=Q05 record_type=account -> 90 alert=none | a third one was created, with a phone
-- example: 2026-10-14 2026-10 customer=Q05 record_type=contact -> 38.541666667 alert=none
-- example: 2026-10-14 2026-10 customer=Q05 record_type=account $top_revenue=8 -> 90 alert=none | one in 8 of 8
-- example: 2026-10-14 2026-10 customer=Q05 record_type=account $top_revenue=7 -> 90 alert=P1:no_usable_contact:find_contact | two in 8
-- example: 2026-10-15 2026-10 customer=Q09 record_type=account -> 54 alert=none | fifth of 9
-- example: 2026-10-15 2026-10 customer=Q09 record_type=account $top_revenue=2 -> 54 alert=P1:no_usable_contact:find_contact | fifth with another; its contact opted out
-- example: 2026-10-15 2026-10 customer=P04 record_type=account $top_revenue=1 -> 70 alert=none | a mobile
-- example: 2026-10-15 2026-10 customer=P06 record_type=account $top_revenue=1 -> 70 alert=none | an e-mail
-- example: 2026-10-15 2026-10 customer=P19 record_type=account $top_revenue=1 -> 70 alert=P1:no_usable_contact:find_contact | no contact
-- example: 2026-10-15 2026-10 customer=Q11 record_type=account $top_revenue=1 -> 61 alert=none | an order of zero is no revenue
-- example: 2026-09-11 2026-09 customer=Q05 record_type=account -> 90 alert=P1:no_usable_contact:find_contact | second of 6 buyers
-- example: 2026-10-15 2026-10 rep= -> 45.729166667 groups=P2:rep: | two of four are no longer fresh since the 15th
-- example: 2026-10-15 2026-10 rep= $index_drop=9 -> 45.729166667 groups=none
-- example: 2026-10-15 2026-10 rep= $weight_freshness=5 -> 48.029100529 groups=P2:rep: | fell by 3.17
-- example: 2026-10-15 2026-10 rep=U77 -> 62.833333333 groups=none
-- example: 2026-10-15 2026-10 customer=Q02 record_type=contact $weight_completeness=0 $weight_validity=0 $index_drop=37.5 -> 62.5 previous=100 groups=P2:rep:,P2:team: | no longer fresh: 15 of 40 points, exactly the fall to report
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
       (100 * s.points::double / nullif(s.possible, 0))::decimal(18,12) as num, 1 as den,
       case when s.possible = 0 then 'no_weight' end as excluded,
       case when s.from_day > date '1900-01-01'
            then cast(extract(year from s.from_day) as varchar) || '-Q'
                 || cast(extract(quarter from s.from_day) as varchar) end as created_quarter,
       s.record_type, s.record_id, s.name, s.is_decision_maker, s.missing_codes, s.wrong_codes, s.same_as,
       s.completeness, s.validity, s.uniqueness, s.freshness, s.consistency, r.revenue as revenue_12m, r.revenue as at_stake,
       case when s.is_decision_maker is true then 1 else 0 end as first_in_list,
       case when s.record_type = 'account' and r.place <= ceil(r.buyers::double / $top_revenue)
                 and coalesce(c.usable, 0) = 0 and (select count(*) from contacts) > 0 then 'P1' end as severity,
       'no_usable_contact' as alert_reason, s.as_of as due, 'find_contact' as action
from scored s
left join account_revenue r on r.as_of = s.as_of and r.account_id = s.account_id
left join account_contacts c on c.as_of = s.as_of and c.account_id = s.account_id
