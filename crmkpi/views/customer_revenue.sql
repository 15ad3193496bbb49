-- definition_en: What each customer ordered in the 12 months up to the day, and in the 12 months before those.
-- definition_fr: Ce que chaque client a commandé dans les 12 mois jusqu'au jour dit, et dans les 12 mois d'avant.
select d.as_of, o.account_id,
       sum(case when o.day > (d.as_of - interval 12 month)::date then o.revenue else 0 end)::decimal(18,2) as revenue_12m,
       sum(case when o.day > (d.as_of - interval 12 month)::date then 0 else o.revenue end)::decimal(18,2) as revenue_before
from order_days o
join dates d on o.day <= d.as_of and o.day > (d.as_of - interval 24 month)::date
group by 1, 2
