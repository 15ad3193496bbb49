-- definition_en: The lines of every order, by its day: those of drafts and cancelled orders are excluded by rule, as are lines of an
--   order that the source does not have. An order without lines is one row, without a product: its amount is missing. A line has
--   no key in the sources: it is its order and its place in it. A product is its reference, with one name where it had several.
-- definition_fr: Les lignes de chaque commande, à sa date : celles des brouillons et des commandes annulées sont exclues par
--   règle, comme celles d'une commande absente de la source. Une commande sans lignes est une ligne sans produit : son montant
--   manque. Une ligne n'a pas de clé dans les sources : c'est sa commande et son rang. Un produit est sa référence, sous un seul
--   nom s'il en a eu plusieurs.
-- word: no_order | sans leur commande dans la source | of no order in the source
-- word: no_status | {n} ligne[s] d'une commande sans statut | {n} line[s] of an order without a status
-- word: no_lines | {n} commande[s] sans lignes | {n} order[s] without lines
-- word: no_line_amount | {n} ligne[s] sans montant | {n} line[s] without an amount
with numbered as (
  select l.order_id, l.product_family, l.quantity, l.amount,
         coalesce(l.product_id || ' ' || max(l.product) over (partition by l.product_id), l.product_id, l.product) as product,
         concat_ws(':', l.order_id, row_number() over (partition by l.order_id
                                                       order by l.product_id nulls last, l.product nulls last,
                                                                l.product_family nulls last, l.amount nulls last)::varchar) as id
  from order_lines l
)
select o.day, o.account_id, o.owner_id, o.team, o.business_unit, case when n.order_id is null then o.id else n.id end as id,
       o.number, n.product_family, n.product, n.quantity, n.amount,
       case when n.order_id is null then o.amount else n.amount end as base, o.excluded,
       case when o.missing = 'no_status' then o.missing when n.order_id is null then 'no_lines'
            when n.amount is null then 'no_line_amount' end as missing
from confirmed_orders o
left join numbered n on n.order_id = o.id
union all
select null::date, null::varchar, null::varchar, null::varchar, null::varchar,
       n.id, null::varchar, n.product_family, n.product, n.quantity, n.amount,
       n.amount, 'no_order', null::varchar
from numbered n
left join confirmed_orders o on o.id = n.order_id
where o.id is null
