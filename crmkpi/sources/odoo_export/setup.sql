-- What the SELECTs of this folder share. An export holds what its reader saw: names instead of ids, local time,
-- translated values. Names are resolved to the ids of the other exports; a name that means nothing, or several
-- things, stays visible as the id name:<the name>.

create macro blank(t) as nullif(trim(t), '');
create macro yes(t) as coalesce(lower(trim(t)) in ('true', 'vrai', 'yes', 'oui', 't', 'x', '1'), false);
create macro num(t) as try_cast(
    replace(translate(blank(t), ' ' || chr(160) || chr(8239), ''), ',', '.') as decimal(18, 6));
-- The day of a moment; what is no moment is left to the import, which reads more formats.
create macro day_of(t) as coalesce(try_cast(blank(t) as timestamp)::date::varchar, blank(t));
create macro plain(html) as blank(regexp_replace(replace(replace(replace(
    regexp_replace(html, '<[^>]*>', ' ', 'g'), '&nbsp;', ' '), '&lt;', '<'), '&amp;', '&'), '\s+', ' ', 'g'));

-- A list of names: joined by a comma alone, since a name may hold a comma and a space.
create macro names(t) as list_transform(
    string_split(replace(t, ', ', chr(1)), ','), lambda x: trim(replace(x, chr(1), ', ')));

-- Archived is an empty or a false Actif; without that column everything is taken for active.
create view has_active as
select (select bool_or("Actif" is not null) from res_partner) as partners,
       (select bool_or("Actif" is not null) from crm_lead) as leads,
       (select bool_or("Actif" is not null) from res_users) as users;

create view partner_row as
select "ID" as id, blank("Nom") as name, yes("Est une société") as is_company, blank("Société associée") as parent,
       coalesce(blank("Dénomination de la société"), blank("Société associée")) as company, *
from res_partner;

-- The account of a contact is its parent: the one company of that name. A company is its own account.
create table partner as
with company as (
    select name, case when count(*) = 1 then min(id) else 'name:' || name end as id
    from partner_row where is_company or parent is null group by name
), related as (
    select r.*, case when r.parent is not null then coalesce(c.id, 'name:' || r.parent) end as parent_id
    from partner_row r left join company c on c.name = r.parent
)
select r.*, case when r.is_company then r.id else coalesce(r.parent_id, r.id) end as account_id,
       case when not r.is_company and r.company is not null then r.company || ', ' || r.name else r.name end as shown
from related r;

-- A person is shown as "Company, Person", a company by its name; a plain name is understood where it is the only one.
create table partner_name as
with known as (
    select shown as name, id, account_id, 1 as rank from partner union
    select name, id, account_id, 2 from partner
), best as (
    select name, min(rank) as rank from known where name is not null group by 1
)
select k.name, case when count(distinct k.account_id) = 1 then min(k.account_id) end as account_id,
       case when count(distinct k.id) = 1 then min(k.id) end as partner_id, count(distinct k.account_id) as accounts
from known k join best b on b.name = k.name and b.rank = k.rank group by 1;

-- What follows is stored, not a view: names are looked up from everywhere.
-- Every customer named anywhere, and the account it is. "Known company, unknown person" is the company.
create table customer_name as
with named as (
    select blank("Client") as name from sale_order union select blank("Client") from crm_lead union
    select blank("Partenaire") from account_move union select blank("Contact") from stock_picking union
    select unnest(names("Participants")) from calendar_event union
    select blank("Nom du document") from mail_activity where "Modèle de document associé" = 'res.partner' union
    select blank("Client") from project_task union
    select account_id[6:] from partner where account_id like 'name:%'
)
select n.name, p.partner_id,
       coalesce(p.account_id, case when p.name is null then c.account_id end, 'name:' || n.name) as account_id
from named n
left join partner_name p on p.name = n.name
left join partner_name c on c.name = string_split(n.name, ', ')[1] and contains(n.name, ', ')
where n.name is not null and n.name <> '';

create table user_name as
with known as (
    select blank("Nom") as name, min("ID") as id, count(*) as n from res_users group by 1
), named as (
    select blank("Vendeur") as name from sale_order union select blank("Vendeur") from crm_lead union
    select blank("Vendeur") from account_move union select blank("Vendeur") from res_partner union
    select blank("Assigné à") from mail_activity union select blank("Organisateur") from calendar_event
)
select n.name, case when k.n = 1 then k.id else 'name:' || n.name end as user_id
from named n left join known k on k.name = n.name where n.name is not null;

-- Two teams of one name cannot be told apart by their name: they are one.
create table crm_record as
select l.*, blank(l."Opportunité") as name, lower(l."Type") in ('opportunité', 'opportunity') as is_opportunity,
       not coalesce(yes(l."Actif"), false) and coalesce(h.leads, false) as archived,
       case when s."ID" is null then lower(l."Étape") in ('gagné', 'won') or coalesce(num(l."Probabilité") = 100, false)
            else yes(s."Est en étape gagné ?") end as in_won_stage,
       num(s."Séquence") as stage_position
from crm_lead l
cross join has_active h
left join (select *, row_number() over (partition by "Nom de l'étape" order by "ID") as place from crm_stage) s
    on s."Nom de l'étape" = l."Étape" and s.place = 1;

create view crm_state as
select "ID" as id,
       archived and (blank("Motif de perte") is not null or coalesce(num("Probabilité"), 0) = 0) as is_lost
from crm_record;

create table opportunity_name as
select name, case when count(*) = 1 then min("ID") else 'name:' || name end as opportunity_id
from crm_record where is_opportunity group by 1;

create table sale_row as
select o.*, blank(o."Référence de commande") as number, c.account_id,
       case when lower(o."Statut") in ('devis', 'quotation', 'draft', 'brouillon') then 'draft'
            when lower(o."Statut") in ('devis envoyé', 'envoyé', 'quotation sent', 'sent') then 'sent'
            when lower(o."Statut") in ('commande client', 'bon de commande', 'sales order', 'sale',
                                       'verrouillé', 'locked', 'done') then 'accepted'
            when lower(o."Statut") in ('annulé', 'annulée', 'cancelled', 'canceled', 'cancel') then 'cancelled'
            else o."Statut" end as outcome,
       coalesce(lower(o."Statut de livraison") in ('livré', 'entièrement livré', 'livré entièrement',
                                                   'fully delivered', 'full'), false) as delivered
from sale_order o left join customer_name c on c.name = blank(o."Client");

-- An export has no rate: an amount in another currency than the reporting one can not be added.
create view sale as
select *, coalesce(blank("Devise"), data_currency()) is not distinct from data_currency() as comparable from sale_row;

create table order_name as
select number, case when count(*) = 1 then min("ID") else 'name:' || number end as order_id,
       min(account_id) as account_id, count(*) = 1 and bool_and(outcome = 'accepted') as confirmed
from sale_row where number is not null group by 1;

create view sale_line as
select coalesce(n.order_id, 'name:' || blank(l."Référence de commande")) as order_id, n.confirmed,
       num(l."Quantité") as quantity, num(l."Sous-total") as amount,
       num(l."Quantité") * num(l."Prix unitaire") as list_amount, num(l."Quantité") * num(l."Coût") as cost_amount,
       blank(l."Produit") as product
from sale_order_line l left join order_name n on n.number = blank(l."Référence de commande")
where blank(l."Produit") is not null;

create view sale_total as
select order_id,
       case when count(list_amount) = count(*) then sum(list_amount) end as list_amount,
       case when count(cost_amount) = count(*) then sum(cost_amount) end as cost_amount
from sale_line group by 1;

create view invoice as
select m.*, c.account_id,
       case when lower(m."Type") in ('facture client', 'customer invoice', 'out_invoice') then 'invoice'
            when lower(m."Type") in ('avoir client', 'note de crédit client', 'customer credit note', 'out_refund')
            then 'credit_note' end as kind,
       case when lower(m."Statut") in ('brouillon', 'draft') then 'draft'
            when lower(m."Statut") in ('comptabilisé', 'posted') then 'posted'
            when lower(m."Statut") in ('annulé', 'annulée', 'cancelled', 'canceled', 'cancel') then 'cancelled'
            else m."Statut" end as outcome
from account_move m left join customer_name c on c.name = blank(m."Partenaire");

create view outgoing as
select * from stock_picking
where regexp_matches(lower("Type d'opération"), 'outgoing|livraison|delivery|expédition')
   or ("Type d'opération" is null and contains("Référence", '/OUT/'));

-- Our own companies, as documents name them, and our people: those who sign in and never bought.
create table own_partner as
with buyer as (
    select distinct coalesce(p.partner_id, p.account_id) as id
    from sale_row o join customer_name p on p.name = blank(o."Client")
)
select p.id from partner p
where p.name in (select blank("Société") from sale_order union select blank("Société") from crm_lead
                 union select blank("Nom") from res_users)
  and p.id not in (select id from buyer where id is not null);

-- The customers at a meeting, in the order the export names them.
create table meeting_customer as
with invited as (
    select "ID" as event_id, unnest(names("Participants")) as name,
           generate_subscripts(names("Participants"), 1) as place
    from calendar_event where blank("Participants") is not null
)
select i.event_id, c.account_id, case when c.partner_id <> c.account_id then c.partner_id end as contact_id, i.name,
       row_number() over (partition by i.event_id order by i.place) as place
from invited i join customer_name c on c.name = i.name
where coalesce(c.partner_id, '') not in (select id from own_partner)
  and c.account_id not in (select id from own_partner);

-- What an activity hangs on, found by its name: a lead, an opportunity, a sale order, a customer.
create table document as
select 'crm.lead' as model, r.name, count(*) as n, min(r."ID") as id,
       bool_and(r.is_opportunity) as is_opportunity, min(c.account_id) as account_id
from crm_record r left join customer_name c on c.name = blank(r."Client") group by 2 union all
select 'sale.order', number, count(*), min("ID"), false, min(account_id) from sale_row group by 2 union all
select 'res.partner', name, 1, min(partner_id), false, min(account_id) from customer_name group by 2;

-- The day of the export: the newest thing in it that has been written.
create view newest as
select max(day) as day
from (
    select try_cast("Créé le" as timestamp)::date as day from res_partner union all
    select try_cast("Créé le" as timestamp)::date from crm_lead union all
    select try_cast("Dernière mise à jour de l'étape" as timestamp)::date from crm_lead union all
    select try_cast("Date de création" as timestamp)::date from sale_order union all
    select try_cast("Créé le" as timestamp)::date from mail_activity
);
