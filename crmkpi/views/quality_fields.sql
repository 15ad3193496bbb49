-- definition_en: The expected fields of each record, each with whether it is filled and its weight (a setting, 1 each).
-- definition_fr: Les champs attendus de chaque fiche, avec pour chacun s'il est rempli et son poids (un réglage, 1 chacun).
-- setting: weight_contact_last_name=1 | poids du nom d'un contact | weight of a contact's last name
-- setting: weight_contact_job_title=1 | poids de la fonction d'un contact | weight of a contact's job title
-- setting: weight_contact_department=1 | poids du service d'un contact | weight of a contact's department
-- setting: weight_contact_email=1 | poids de l'e-mail d'un contact | weight of a contact's e-mail
-- setting: weight_contact_phone=1 | poids du téléphone ou mobile d'un contact | weight of a contact's phone or mobile
-- setting: weight_contact_account=1 | poids du compte d'un contact | weight of a contact's account
-- setting: weight_account_name=1 | poids du nom d'un compte | weight of an account's name
-- setting: weight_account_owner=1 | poids du commercial d'un compte | weight of an account's owner
-- setting: weight_account_industry=1 | poids du secteur d'un compte | weight of an account's industry
-- setting: weight_account_address=1 | poids de la rue et ville d'un compte | weight of an account's street and city
-- setting: weight_account_registration=1 | poids de l'immatriculation d'un compte | weight of an account's registration number
select 'contact' as record_type, c.contact_id as record_id, 'last_name' as field, c.has_last_name as filled,
       $weight_contact_last_name as weight from contact_checks c
union all
select 'contact' as record_type, c.contact_id as record_id, 'job_title' as field, c.has_job_title as filled,
       $weight_contact_job_title as weight from contact_checks c
union all
select 'contact' as record_type, c.contact_id as record_id, 'department' as field, c.has_department as filled,
       $weight_contact_department as weight from contact_checks c
union all
select 'contact' as record_type, c.contact_id as record_id, 'email' as field, c.has_email as filled,
       $weight_contact_email as weight from contact_checks c
union all
select 'contact' as record_type, c.contact_id as record_id, 'phone' as field, c.has_phone as filled,
       $weight_contact_phone as weight from contact_checks c
union all
select 'contact' as record_type, c.contact_id as record_id, 'account' as field, c.has_account as filled,
       $weight_contact_account as weight from contact_checks c
union all
select 'account' as record_type, a.account_id as record_id, 'name' as field, a.has_name as filled,
       $weight_account_name as weight from account_checks a
union all
select 'account' as record_type, a.account_id as record_id, 'owner' as field, a.has_owner as filled,
       $weight_account_owner as weight from account_checks a
union all
select 'account' as record_type, a.account_id as record_id, 'industry' as field, a.has_industry as filled,
       $weight_account_industry as weight from account_checks a
union all
select 'account' as record_type, a.account_id as record_id, 'address' as field, a.has_address as filled,
       $weight_account_address as weight from account_checks a
union all
select 'account' as record_type, a.account_id as record_id, 'registration_no' as field, a.has_registration_no as filled,
       $weight_account_registration as weight from account_checks a
