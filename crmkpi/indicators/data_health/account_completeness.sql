-- no: 3.1
-- rank: 3
-- fr: Complétude des comptes
-- en: Account completeness
-- unit: rate
-- better: up
-- needs: accounts
-- helps: accounts.owner_id | la source n'a aucun commercial de compte : champ vide partout
--   | the source has no rep of an account: empty everywhere
-- helps: accounts.industry | la source n'a aucun secteur : champ vide partout | the source has no industry: empty
--   everywhere 
-- helps: accounts.street | la source n'a aucune rue : champ vide partout | the source has no street: empty everywhere
-- helps: accounts.registration_no | la source n'a aucune immatriculation : champ vide partout
--   | the source has no registration number: empty everywhere
-- list: account_revenue
-- undated: les champs sont ceux d'aujourd'hui | fields are today's
-- definition_en: Filled / expected fields of the accounts at the day (but those of type other), by weight (settings, 1
--   each): name, owner, industry, street and city (both), registration number. Blank, -, n/a, test and strings of
--   zeros, dashes or dots count as empty. The list has the account's orders of 12 months.
-- definition_fr: Champs remplis / champs attendus des comptes au jour dit (sauf ceux de type autre), selon leur poids
--   (réglages, 1 chacun) : nom, commercial, secteur, rue et ville (les deux), SIRET ou SIREN. Vide, -, n/a, test et les
--   suites de zéros, de tirets ou de points comptent comme vides. La liste a les commandes du compte sur 12 mois.
-- trap: Une société qui s'appelle « NA » a bien un nom. | A company called "NA" does have a name.
-- example: 2026-10-15 2026-10 -> 0.489473684 num=93 den=190 n=38 status=ok
-- example: 2026-10-15 2026-10 customer=Q01 -> 1
-- example: 2026-10-15 2026-10 customer=Q02 -> 0.2 | a company called NA has a name, and nothing else: zeros are no number, a street needs a city
-- example: 2026-10-15 2026-10 customer=Q03 -> 0.6 | called test; a city needs a street
-- example: 2026-10-15 2026-10 customer=Q17 -> none | of type other
-- example: 2026-10-15 2026-10 rep= -> 0.2
-- example: 2026-10-14 2026-10 -> 0.491891892 status=partial | one was created the next day
-- example: 2024-03-04 2024-03 -> 0.7 den=10 | one created on the day, one nobody knows when
-- example: 2026-10-15 2026-10 $weight_account_name=2 $weight_account_owner=3 $weight_account_industry=5 $weight_account_address=7 $weight_account_registration=11 -> 0.336466165 num=358 den=1064 | other weights
-- example: 2026-10-15 2026-10 $weight_account_name=0 $weight_account_owner=0 $weight_account_industry=0 $weight_account_address=0 $weight_account_registration=0 -> none
select r.as_of as day, r.account_id, r.owner_id, r.record_id as id, r.filled::double as num, r.expected::double as den,
       r.name, r.missing_codes, r.wrong_codes, v.revenue as revenue_12m
from dated_records r
left join account_revenue v on v.as_of = r.as_of and v.account_id = r.account_id
where r.record_type = 'account'
