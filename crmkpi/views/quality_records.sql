-- definition_en: Each record (a contact, or an account that is not of type other) with the weight of its expected fields
--   and of the filled ones, how many of its filled fields can be checked and how many are valid, whether it is surplus or
--   inconsistent, and the codes of what is missing or wrong. A contact belongs to the rep of its account. An account
--   without a country is in the country of the settings.
-- definition_fr: Chaque fiche (un contact, ou un compte qui n'est pas de type autre) avec le poids de ses champs
--   attendus et des champs remplis, combien de champs remplis sont vérifiables et combien sont valides, si elle est en
--   trop ou incohérente, et les codes de ce qui manque ou est faux. Un contact relève du commercial de son compte. Un
--   compte sans pays est dans le pays des réglages.
-- word: contact | contact | contact (person)
-- word: account | compte | account
-- word: last_name | nom | last name
-- word: job_title | fonction | job title
-- word: department | service | department
-- word: email | e-mail | e-mail address
-- word: phone | téléphone | phone
-- word: name | nom du compte | account name
-- word: owner | commercial | rep
-- word: industry | secteur | industry
-- word: address | rue et ville | street and city
-- word: registration_no | SIRET ou SIREN | registration number
-- word: bad_email | e-mail faux | wrong e-mail
-- word: bad_phone | téléphone faux | wrong phone
-- word: bad_mobile | mobile faux | wrong mobile
-- word: bad_postal_code | code postal faux | wrong postcode
-- word: bad_vat_no | n° de TVA faux | wrong VAT number
-- word: bad_registration_no | SIRET ou SIREN faux | wrong registration number
-- word: surplus | doublon | duplicate
-- word: no_account | sans compte | without an account
-- word: orphan | compte introuvable | account not found
-- word: closed_account | compte fermé | closed account
-- word: no_parent | maison mère introuvable | parent not found
-- word: unknown_owner | commercial inconnu | unknown rep
with accounts_checked as (
  select a.*,
         case when coalesce(a.french, case when $country = 'FR' then 1 else 0 end) = 1 then a.postal_code_ok_fr
              else a.postal_code_ok end as postal_ok,
         case when coalesce(a.french, case when $country = 'FR' then 1 else 0 end) = 1 then a.vat_no_ok_fr
              else a.vat_no_ok end as vat_ok,
         case when coalesce(a.french, case when $country = 'FR' then 1 else 0 end) = 1
              then a.registration_no_ok end as registration_ok
  from account_checks a
)
select 'contact' as record_type, c.contact_id as record_id, c.account_id, c.owner_id, c.name,
       coalesce(c.created_day, date '1900-01-01') as from_day, c.is_decision_maker,
       c.has_last_name * $weight_contact_last_name + c.has_job_title * $weight_contact_job_title
       + c.has_department * $weight_contact_department + c.has_email * $weight_contact_email
       + c.has_phone * $weight_contact_phone + c.has_account * $weight_contact_account as filled,
       $weight_contact_last_name + $weight_contact_job_title + $weight_contact_department + $weight_contact_email
       + $weight_contact_phone + $weight_contact_account as expected,
       coalesce(c.email_ok, 0) + coalesce(c.phone_ok, 0) + coalesce(c.mobile_ok, 0) as valid,
       case when c.email_ok is null then 0 else 1 end + case when c.phone_ok is null then 0 else 1 end
       + case when c.mobile_ok is null then 0 else 1 end as checkable,
       c.surplus, c.same_as, case when c.astray is null then 0 else 1 end as inconsistent,
       nullif(concat_ws(', ', case when c.has_last_name = 0 then 'last_name' end,
                        case when c.has_job_title = 0 then 'job_title' end,
                        case when c.has_department = 0 then 'department' end,
                        case when c.has_email = 0 then 'email' end, case when c.has_phone = 0 then 'phone' end,
                        case when c.has_account = 0 then 'account' end), '') as missing_codes,
       nullif(concat_ws(', ', case when c.email_ok = 0 then 'bad_email' end, case when c.phone_ok = 0 then 'bad_phone' end,
                        case when c.mobile_ok = 0 then 'bad_mobile' end, case when c.surplus = 1 then 'surplus' end,
                        c.astray), '') as wrong_codes
from contact_checks c
union all
select 'account' as record_type, a.account_id as record_id, a.account_id, a.owner_id, a.name,
       coalesce(a.created_day, date '1900-01-01') as from_day, cast(null as boolean) as is_decision_maker,
       a.has_name * $weight_account_name + a.has_owner * $weight_account_owner
       + a.has_industry * $weight_account_industry + a.has_address * $weight_account_address
       + a.has_registration_no * $weight_account_registration as filled,
       $weight_account_name + $weight_account_owner + $weight_account_industry + $weight_account_address
       + $weight_account_registration as expected,
       coalesce(a.email_ok, 0) + coalesce(a.phone_ok, 0) + coalesce(a.postal_ok, 0) + coalesce(a.vat_ok, 0)
       + coalesce(a.registration_ok, 0) as valid,
       case when a.email_ok is null then 0 else 1 end + case when a.phone_ok is null then 0 else 1 end
       + case when a.postal_ok is null then 0 else 1 end + case when a.vat_ok is null then 0 else 1 end
       + case when a.registration_ok is null then 0 else 1 end as checkable,
       a.surplus, a.same_as, greatest(a.no_parent, a.unknown_owner) as inconsistent,
       nullif(concat_ws(', ', case when a.has_name = 0 then 'name' end, case when a.has_owner = 0 then 'owner' end,
                        case when a.has_industry = 0 then 'industry' end, case when a.has_address = 0 then 'address' end,
                        case when a.has_registration_no = 0 then 'registration_no' end), '') as missing_codes,
       nullif(concat_ws(', ', case when a.email_ok = 0 then 'bad_email' end, case when a.phone_ok = 0 then 'bad_phone' end,
                        case when a.postal_ok = 0 then 'bad_postal_code' end, case when a.vat_ok = 0 then 'bad_vat_no' end,
                        case when a.registration_ok = 0 then 'bad_registration_no' end,
                        case when a.surplus = 1 then 'surplus' end, case when a.no_parent = 1 then 'no_parent' end,
                        case when a.unknown_owner = 1 then 'unknown_owner' end), '') as wrong_codes
from accounts_checked a
