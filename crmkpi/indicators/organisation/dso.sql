-- no: 2.3
-- rank: 8
-- fr: Délai moyen de paiement (DSO)
-- en: Days sales outstanding (DSO)
-- unit: days
-- better: down
-- input: receivables billed_with_tax/24
-- definition_en: How many calendar days of billing the receivables stand for, by count-back: from the balance take the month's
--   billing (tax included, to date), then that of the month before, and so on; each month used up counts its days, the last
--   one in proportion. No balance is 0 days; a balance older than 24 months of billing has no value.
-- definition_fr: Combien de jours (calendaires) de facturation représentent les créances, à rebours : du solde on ôte le
--   facturé TTC du mois (à ce jour), puis celui du mois d'avant, et ainsi de suite ; chaque mois épuisé compte ses jours, le
--   dernier au prorata. Sans solde, 0 jour ; un solde plus vieux que 24 mois de facturation n'a pas de valeur.
-- trap: un gros mois raccourcit le délai et un petit l'allonge, sans que personne ne paie autrement
--   | a big month shortens it and a small one lengthens it, with nobody paying differently
-- word: nothing_billed | un solde et rien de facturé en 24 mois | a balance, and nothing billed in 24 months
-- word: too_old | solde plus vieux que 24 mois de facturation | balance older than 24 months of billing
-- example: 2025-11-30 2025-11 customer=C6 -> 82.428571 amount=2500 | 30 days of November, 31 of October, 500/700 of September's 30
-- example: 2025-10-31 2025-10 customer=C6 -> 61 | 1,500: the whole of October and of September
-- example: 2025-11-15 2025-11 customer=C6 -> 67.428571 | 15 days of November gone
-- example: 2025-11-30 2025-11 -> 116.122543 amount=6437 status=partial
-- example: 2025-11-30 2025-11 customer=C15 -> 61 | 200 = 290.03 - 90.03, to the cent: the whole of October
-- example: 2025-11-30 2025-11 customer=C13 -> 0 | owed to the customer
-- example: 2025-11-30 2025-11 customer=C12 -> 731 | the 24th month back, whole
-- example: 2025-11-30 2025-11 customer=C11 -> none because=too_old
-- example: 2025-11-30 2025-11 customer=C10 -> none because=nothing_billed
-- example: 2025-11-30 2025-11 customer=C9 -> none | a balance that is not known
with billing as (
  select b.period, b.grp, b.back, b.days, b.value::decimal(18,2) as billed
  from billed_with_tax b
), counted as (
  select b.period, b.grp, b.back, b.days, b.billed,
         sum(b.billed) over (partition by b.period, b.grp order by b.back) as so_far,
         sum(b.days) over (partition by b.period, b.grp order by b.back) as days_so_far
  from billing b
), reached as (
  select r.period, r.grp, r.value::decimal(18,2) as owed, sum(abs(c.billed)) as billed,
         min(case when c.so_far >= r.value::decimal(18,2) then c.back end) as back
  from receivables r
  join counted c on c.period = r.period and c.grp = r.grp
  group by 1, 2, 3
)
select r.period, r.grp, r.owed as amount,
       case when r.owed <= 0 then 0 else c.days_so_far - c.days * ((c.so_far - r.owed)::double / c.billed) end as value,
       case when r.owed is not null then case when r.billed = 0 then 'nothing_billed' else 'too_old' end end as missing
from reached r
left join counted c on c.period = r.period and c.grp = r.grp and c.back = r.back
