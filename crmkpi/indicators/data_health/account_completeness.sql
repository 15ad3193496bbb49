-- no: 3.1
-- rank: 3
-- fr: Complétude des comptes
-- en: Account completeness
-- unit: rate
-- better: up
-- needs: accounts
-- list: account_revenue
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Filled / expected fields of the accounts at the day (but those of type other), by weight (settings, 1 each):
--   name, owner, industry, street and city (both), registration number. Blank, -, n/a, test and strings of zeros, dashes or
--   dots count as empty. The list has the account's orders of 12 months.
-- definition_fr: Champs remplis / champs attendus des comptes au jour dit (sauf ceux de type autre), selon leur poids
--   (réglages, 1 chacun) : nom, commercial, secteur, rue et ville (les deux), SIRET ou SIREN. Vide, -, n/a, test et les
--   suites de zéros, de tirets ou de points comptent comme vides. La liste a les commandes du compte sur 12 mois.
-- trap: Une société qui s'appelle « NA » a bien un nom. | A company called "NA" does have a name.
select r.as_of as day, r.account_id, r.owner_id, r.record_id as id, r.filled::double as num, r.expected::double as den,
       r.name, r.missing_codes, r.wrong_codes, v.revenue as revenue_12m
from dated_records r
left join account_revenue v on v.as_of = r.as_of and v.account_id = r.account_id
where r.record_type = 'account'
