-- One account per commercial partner of the partners' export, and one per name that documents give without it.
with customer as (
    select account_id from sale where outcome = 'accepted' union
    select account_id from invoice where kind is not null and outcome = 'posted' union
    select account_id from partner where num("Classement client") > 0
), prospect as (
    select c.account_id from crm_record r join customer_name c on c.name = blank(r."Client")
    where not r.archived and not r.in_won_stage
), used as (
    select account_id from customer union select account_id from sale union select account_id from prospect union
    select account_id from invoice where kind is not null union select account_id from partner union
    select c.account_id from crm_record r join customer_name c on c.name = blank(r."Client") union
    select c.account_id from outgoing k join customer_name c on c.name = blank(k."Contact") union
    select parent_id from partner where is_company union
    select account_id from meeting_customer where place = 1
), account as (
    select p.id as account_id, p.name, p.is_company, p.parent_id, u.user_id as owner_id,
           blank(p."Secteur d'activité") as industry,
           blank(p."Pays") as country, blank(p."Ville") as city, blank(p."Code postal") as postal_code,
           blank(p."Rue") as street, coalesce(blank(p."Téléphone"), blank(p."Mobile")) as phone,
           blank(p."E-mail") as email, blank(p."Site web") as website,
           blank(p."Numéro d'identification") as registration_no, nullif(blank(p."N° TVA"), '/') as vat_no,
           blank(p."Créé le") as created_at,
           yes(p."Actif") or not coalesce((select partners from has_active), false) as is_active
    from partner p left join user_name u on u.name = blank(p."Vendeur")
    where p.account_id = p.id
), every as (
    select * from account union all by name
    select distinct account_id, account_id[6:] as name from used where account_id like 'name:%'
)
select a.account_id,
       coalesce(a.name, 'partner ' || a.account_id) as name,
       case when a.account_id in (select id from own_partner) then 'other'
            when a.account_id in (select account_id from customer where account_id is not null) then 'customer'
            when a.account_id in (select account_id from prospect where account_id is not null) then 'prospect'
            else 'other' end as type,
       case when a.is_company then nullif(a.parent_id, a.account_id) end as parent_account_id,
       a.owner_id, a.industry, a.country, a.city, a.postal_code, a.street, a.phone, a.email, a.website,
       a.registration_no, a.vat_no, a.created_at, a.is_active
from every a
