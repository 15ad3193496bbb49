-- no: 2.2
-- rank: 3
-- fr: Devis ouverts
-- en: Open quotes
-- unit: count
-- better: up
-- needs: quotes
-- dimensions: ageing
-- definition_en: Quotes sent at the day, in their latest version, neither accepted, refused nor cancelled by then, and within
--   their validity (its last day counts). The amount is theirs in full. By age in days since the issue: 0 to 7 (just sent),
--   8 to 14 (to follow up), 15 to 30 (it drags on), 31 to 60 (it cools), more than 60 (to win or to close); "not filled" where
--   the day of issue is not known.
-- definition_fr: Devis envoyés au jour dit, dans leur dernière version, ni acceptés, ni refusés, ni annulés à ce jour, et dans
--   leur validité (le dernier jour compte). Le montant est celui des devis, en entier. Par âge en jours depuis l'émission :
--   0 à 7 (vient de partir), 8 à 14 (à relancer), 15 à 30 (traîne), 31 à 60 (refroidit), plus de 60 (à conclure ou à clore) ;
--   « non renseigné » si le jour d'émission n'est pas connu.
-- example: 2025-11-30 2025-11 -> 4 amount=10400
-- example: 2025-11-14 2025-11 -> 3 amount=2100 status=partial because=no_status
-- example: 2025-11-15 2025-11 -> 3 amount=2200 status=ok | replaced on the day, by a larger one
-- example: 2025-11-10 2025-11 customer=C5 -> 2 amount=1900 | the last day of validity
-- example: 2025-11-11 2025-11 customer=C5 -> 1 amount=1100 | past it
-- example: 2025-11-09 2025-11 customer=C2 -> 1 amount=300
-- example: 2025-11-10 2025-11 customer=C2 -> 0 | accepted on the day
-- example: 2025-11-22 2025-11 customer=C5 -> 1 amount=50 | refused on the day
-- example: 2025-11-18 2025-11 customer=C4 -> 2 amount=650 | issued on the day, cancelled the day after
-- example: 2025-11-19 2025-11 customer=C4 -> 1 amount=400
-- example: 2025-11-05 2025-11 customer=C3 -> 2 amount=677 | accepted before its issue: never open
-- example: 2025-11-08 2025-11 customer=C5 -> 2 amount=1900 | replaced by one that is not there: never open
-- example: 2025-11-03 2025-11 customer=C4 -> 0 | accepted without a date, or a draft: never open
-- example: 2025-11-30 2025-11 ageing=8-14 -> 3 amount=10000
-- example: 2025-11-17 2025-11 customer=C4 ageing=0-7 -> 1 | issued on the 10th
-- example: 2025-11-18 2025-11 customer=C4 ageing=8-14 -> 1 amount=400
-- example: 2025-11-24 2025-11 customer=C4 ageing=8-14 -> 1
-- example: 2025-11-25 2025-11 customer=C4 ageing=15-30 -> 1
-- example: 2025-12-10 2025-12 customer=C4 ageing=15-30 -> 1
-- example: 2025-12-11 2025-12 customer=C4 ageing=31-60 -> 1
-- example: 2026-01-09 2026-01 customer=C4 ageing=31-60 -> 1
-- example: 2026-01-10 2026-01 customer=C4 ageing=60+ -> 1
-- example: 2026-01-10 2026-01 customer=C4 ageing= -> 0 | each has its day of issue
select q.as_of as day, q.account_id, q.owner_id, q.quote_id as id, 1 as num, q.amount, q.missing, q.number, q.issued,
       q.valid_until, q.age, q.opportunity_id,
       case when q.age <= 7 then '0-7' when q.age <= 14 then '8-14' when q.age <= 30 then '15-30'
            when q.age <= 60 then '31-60' when q.age is not null then '60+' end as ageing
from quotes_at q
where q.state in ('open', 'no_status')
