-- definition_en: Who a contact is and the number to call: the mobile, else the phone.
-- definition_fr: Qui est un contact et le numéro à appeler : le mobile, sinon le téléphone.
select c.contact_id, trim(coalesce(c.first_name, '') || ' ' || coalesce(c.last_name, '')) as contact,
       coalesce(nullif(trim(c.mobile), ''), nullif(trim(c.phone), '')) as phone
from contacts c
