-- no: 1.2
-- rank: 6
-- fr: Lignes de commande sur un an
-- en: Order lines, year on year
-- unit: ratio
-- better: up
-- needs: orders order_lines
-- company: products
-- dimensions: product_family product
-- definition_en: How often a product is ordered: lines of confirmed and delivered orders of the last whole months (six) / those of the
--   same months a year before; 1 is as often. A month is whole at its last day: seen on 15 October 2026, April to September 2026
--   against April to September 2025. Lines and not money, because one large order hides a fall; the amount is the difference in
--   money. An order without lines and a line without an amount are missing; an order without a date is on neither side.
-- definition_fr: À quelle fréquence un produit est commandé : lignes des commandes confirmées et livrées des derniers mois entiers (six) /
--   celles des mêmes mois un an plus tôt ; 1 est aussi souvent. Un mois est entier à son dernier jour : au 15 octobre 2026, avril à
--   septembre 2026 contre avril à septembre 2025. Des lignes et non des montants, car une grosse commande cache un recul ; le montant
--   est la différence en argent. Une commande sans lignes et une ligne sans montant manquent ; une commande sans date n'est d'aucun côté.
-- trap: de la période demandée seul compte le jour où elle s'arrête : ce sont les mois entiers d'avant
--   | of the period asked only the day it ends counts: it is the whole months before
-- setting: growth_months=6 | mois entiers comparés à ceux d'un an plus tôt | whole months compared with those a year before
-- setting: family_fall=0.25 | recul des lignes vendues d'une famille à signaler | fall of a family's lines sold to report
-- setting: family_chance=3 | recul d'une famille : écarts types au-delà desquels ce n'est plus le hasard
--   | a family's fall: standard deviations beyond which it is not chance
-- alert: P2 product_family: value < (1 - $family_fall) * least(1, peer_median) and amount < 0
--   and den - num > $family_chance * sqrt(num + den) and who_id is not null
--   | lignes vendues en recul de plus de {family_fall} sur un an, plus que les autres familles et que le hasard, et moins d'argent
--   | lines sold down by more than {family_fall} in a year, more than the other families and than chance, and less money
--   | chercher la cause (prix, concurrent, rupture) et relancer les clients qui n'en achètent plus
--   | find the cause (price, competitor, out of stock) and call the customers who stopped buying it
-- example: 2026-10-15 2026-10 -> 0.901574803 num=229 den=254 amount=-1470 n=254 status=ok groups=P2:product_family:Filtres
-- example: 2026-10-15 2026-10 $family_chance=0 -> 0.901574803 groups=P2:product_family:Câbles,P2:product_family:Filtres,P2:product_family:Outils,P2:product_family:Pompes
-- example: 2026-10-15 2026-10 product_family=Câbles -> 0.725 num=29 den=40 amount=-550
-- example: 2026-10-15 2026-10 product="V1 Vis inox" -> 0.75 | a quarter less is not more than a quarter
-- example: 2026-09-30 2026-09 -> 0.901574803 num=229 | the last day makes a month whole
-- example: 2026-09-29 2026-09 -> 0.942622951 num=115 den=122 amount=-1600 | March to August: the half of April, and 31 March
-- example: 2026-10-31 2026-10 -> 0.917910448 num=123 den=134 coverage=0.988461538 because=no_lines | May to October
-- example: 2026-10-15 2026-10 rep=U2 $family_chance=0 -> 0.7375 groups=none | its two families fall alike
-- example: 2026-10-15 2026-10 rep=U3 $family_chance=0 -> 1.68 groups=none | the others grow: 0.8 is not clearly below last year
-- example: 2026-10-15 2026-10 $growth_months=12 -> 0.905882353 num=231 den=255 | two lines of the winter, and one of the winter before
-- example: 2025-10-15 2025-10 -> none num=254 | nothing sold a year before
-- example: 2027-10-15 2027-10 -> 0 den=229 amount=-8630
with days as (
  select d.as_of, date_trunc('month', d.as_of + interval 1 day)::date as until
  from dates d
), months as (
  select d.as_of, d.until, (d.until - interval 1 month * $growth_months)::date as since,
         (d.until - interval 12 month)::date as until_before,
         (d.until - interval 1 month * ($growth_months + 12))::date as since_before
  from days d
), sold as (
  select m.as_of, l.id, l.day, l.account_id, l.owner_id, l.team, l.business_unit, l.excluded, l.missing, l.number,
         l.product_family, l.product, l.quantity, l.amount,
         case when l.day >= m.since then 1 else 0 end as now, case when l.day < m.until_before then 1 else 0 end as before
  from months m
  join sold_lines l on l.day >= m.since_before and l.day < m.until
  where l.day >= m.since or l.day < m.until_before
)
select s.as_of as day, s.account_id, s.owner_id, s.team, s.business_unit, s.id, s.now as num, s.before as den,
       ((s.now - s.before) * s.amount)::decimal(18,2) as amount, s.excluded, s.missing,
       s.number, s.day as order_date, s.product_family, s.product, s.quantity
from sold s
