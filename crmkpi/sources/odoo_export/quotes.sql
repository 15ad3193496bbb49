-- Every sale order is a quote; the date of the order is overwritten at confirmation: it then dates the decision.
select o."ID" as quote_id,
       o.number,
       o.account_id,
       coalesce(p.opportunity_id, 'name:' || blank(o."Opportunité")) as opportunity_id,
       u.user_id as owner_id,
       case when o.outcome in ('accepted', 'cancelled') then coalesce(blank(o."Date de création"), o."Date de la commande")
            else o."Date de la commande" end as issued_at,
       blank(o."Expiration") as valid_until,
       case when o.outcome = 'accepted' then o."Date de la commande" end as decided_at,
       o.outcome as status,
       case when o.comparable then blank(o."Montant hors taxes") end as amount
from sale o
left join user_name u on u.name = blank(o."Vendeur")
left join opportunity_name p on p.name = blank(o."Opportunité")
