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
-- example: 2025-11-30 2025-11 -> 115.354248 amount=6237 status=partial
-- example: 2025-11-30 2025-11 customer=C15 -> 61 | 200 = 290.03 - 90.03, to the cent: the whole of October
-- example: 2025-11-30 2025-11 customer=C13 -> 0 | owed to the customer
-- example: 2025-11-30 2025-11 customer=C12 -> 731 | the 24th month back, whole
-- example: 2025-11-30 2025-11 customer=C11 -> none because=too_old
-- example: 2025-11-30 2025-11 customer=C10 -> none because=nothing_billed
with billing as (
  select b.period, b.grp, b.back, b.days, coalesce(b.value, 0)::decimal(18,2) as billed
  from billed_with_tax b
), counted as (
  select b.period, b.grp, b.back, b.days, b.billed,
         sum(b.billed) over (partition by b.period, b.grp order by b.back) as so_far,
         sum(b.days) over (partition by b.period, b.grp order by b.back) as days_so_far
  from billing b
), balances as (
  select r.period, r.grp, r.value::decimal(18,2) as owed
  from receivables r
), reached as (
  select r.period, r.grp, min(c.back) as back
  from balances r
  join counted c on c.period = r.period and c.grp = r.grp
  where c.so_far >= r.owed
  group by 1, 2
), active as (
  select b.period, b.grp, sum(abs(b.billed)) as billed
  from billing b
  group by 1, 2
)
select r.period, r.grp, r.owed as amount,
       case when r.owed <= 0 then 0
            else c.days_so_far - c.days * ((c.so_far - r.owed)::double / nullif(c.billed, 0)) end as value,
       case when r.owed > 0 and a.billed = 0 then 'nothing_billed'
            when r.owed > 0 and c.back is null then 'too_old' end as missing
from balances r
left join reached f on f.period = r.period and f.grp = r.grp
left join counted c on c.period = f.period and c.grp = f.grp and c.back = f.back
left join active a on a.period = r.period and a.grp = r.grp
