-- definition_en: The rank of each customer with an overdue visit and money at risk, among all those of the company.
-- definition_fr: Le rang de chaque client qui a une visite en retard et de l'argent en jeu, parmi tous ceux de la société.
select c.as_of, c.account_id, rank() over (partition by c.as_of order by c.amount desc) as place,
       count(*) over (partition by c.as_of) as customers
from (select distinct v.as_of, v.account_id, r.amount
      from pending_visits v
      join money_at_risk r on r.as_of = v.as_of and r.account_id = v.account_id
      where r.amount > 0 and v.excluded is null and v.missing is null) c
