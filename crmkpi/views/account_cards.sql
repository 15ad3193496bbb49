-- definition_en: The number of a customer's switchboard.
-- definition_fr: Le numéro du standard d'un client.
select a.account_id, nullif(trim(a.phone), '') as phone
from accounts a
