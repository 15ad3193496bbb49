-- definition_en: The largest document of the money at risk of each customer and date.
-- definition_fr: Le plus gros document de l'argent en jeu, par client et par date.
select p.as_of, p.account_id, p.label as at_risk
from (select r.as_of, r.account_id, r.label,
             row_number() over (partition by r.as_of, r.account_id order by r.amount desc, r.label) as place
      from risk_documents r
      where r.amount > 0 and r.missing is null) p
where p.place = 1
