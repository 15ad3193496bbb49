-- definition_en: What hangs on each customer at each date: undelivered orders, else open quotes, else open opportunities.
-- definition_fr: Ce qui dépend de chaque client à chaque date : reste à livrer, sinon devis ouverts, sinon opportunités.
select r.as_of, r.account_id, sum(r.amount)::decimal(18,2) as amount
from risk_documents r
where r.missing is null
group by 1, 2
