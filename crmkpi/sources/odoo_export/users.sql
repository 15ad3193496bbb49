-- Everybody who can sign in, and the names that documents give without such a person.
with member as (
    select name, min(team) as team
    from (select unnest(names("Vendeurs")) as name, blank("Équipe commerciale") as team from crm_team) group by 1
), owner as (
    select blank("Vendeur") as name, try_cast("Date de la commande" as timestamp)::date as day from sale_order union
    select blank("Vendeur"), try_cast("Créé le" as timestamp)::date from crm_record where is_opportunity union
    select blank("Vendeur"), try_cast("Date de facturation" as date) from invoice where kind is not null
), recent as (
    select distinct name from owner where day > coalesce((select day from newest), data_day()) - 366
), person as (
    select "ID" as user_id, blank("Nom") as name, blank("Équipe commerciale de l'utilisateur") as team,
           yes("Actif") or not coalesce((select users from has_active), false) as active
    from res_users union all
    select distinct user_id, user_id[6:], null, true from user_name where user_id like 'name:%'
)
select p.user_id,
       coalesce(p.name, 'user ' || p.user_id) as name,
       coalesce(p.team, m.team) as team,
       (p.active and coalesce(p.team, m.team) is not null)
           or p.name in (select name from recent where name is not null) as is_sales
from person p left join member m on m.name = p.name
