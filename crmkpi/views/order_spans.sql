-- materialised: yes
-- definition_en: For each order that is confirmed, not cancelled and not wholly delivered: from which day to which (not
--   included) how much of it was undelivered, and the promised day. Delivered is what its deliveries gave by then; the
--   whole order on its own delivery day, or when all its deliveries are done and one of them has no amount. An order said
--   to be delivered without a date was so on its last dated delivery, else always. Promised is the earliest planned day of
--   a delivery not done by then (one done in part is not done), else the wished delivery. A source that tells nothing
--   about deliveries has no undelivered orders to show: they are missing.
-- definition_fr: Pour chaque commande confirmée, ni annulée ni livrée en entier : de quel jour à quel jour (exclu) combien
--   en restait à livrer, et le jour promis. Est livré ce que ses livraisons ont donné ; toute la commande au jour de sa
--   propre livraison, ou quand toutes ses livraisons sont faites et que l'une n'a pas de montant. Une commande dite livrée
--   sans date l'est à sa dernière livraison datée, sinon depuis toujours. Promis : la première date prévue d'une livraison
--   pas encore faite (livrée en partie n'est pas faite), sinon la livraison souhaitée. Une source qui ne dit rien des
--   livraisons n'a pas de reste à livrer : les commandes sont manquantes.
-- word: no_delivery | la source ne dit pas ce qui est livré ({n} commande[s])
--   | the source does not say what is delivered ({n} order[s])
-- word: no_status | {n} commande[s] sans statut | {n} order[s] without a status
with parts as (
  select v.order_id, v.planned_date, v.amount, v.status, v.delivered_at::date as dated,
         case when v.status in ('delivered', 'partial') then coalesce(v.delivered_at::date, date '1900-01-01') end as day
  from deliveries v
  where v.status is null or v.status <> 'cancelled'
), whole as (
  select order_id, max(day) as last_day, max(dated) as last_dated,
         min(case when status = 'delivered' then 1 else 0 end) as all_done,
         max(case when amount is null then 1 else 0 end) as unvalued
  from parts
  group by 1
), told as (
  select (select count(*) from deliveries) > 0 or count(o.delivered_at) > 0
         or count(distinct case when o.status in ('confirmed', 'delivered') then o.status end) = 2 as said
  from orders o
), lives as (
  select o.order_id, o.amount, coalesce(o.order_date, date '1900-01-01') as from_day, t.said,
         least(case when o.cancelled_at is not null then o.cancelled_at::date
                    when o.status = 'cancelled' then date '1900-01-01' else date '9999-12-31' end,
               case when not t.said then date '9999-12-31'
                    when o.delivered_at is not null then o.delivered_at::date
                    when o.status = 'delivered' then coalesce(w.last_dated, date '1900-01-01')
                    when w.all_done = 1 and w.unvalued = 1 then w.last_day else date '9999-12-31' end) as to_day
  from orders o
  join told t on true
  left join whole w on w.order_id = o.order_id
  where o.status is null or o.status <> 'draft'
), moves as (
  select l.order_id, greatest(p.day, l.from_day) as day, p.amount as given
  from parts p
  join lives l on l.order_id = p.order_id
  where p.day < l.to_day
), movers as (
  select distinct m.order_id
  from moves m
), steps as (
  select m.order_id, m.day, m.given
  from moves m
  union all
  select l.order_id, l.from_day, 0
  from lives l
  join movers v on v.order_id = l.order_id
), sums as (
  select x.order_id, x.day, sum(x.given) as given
  from steps x
  group by 1, 2
), spans as (
  select x.order_id, x.day as from_day, sum(x.given) over (partition by x.order_id order by x.day) as given,
         lead(x.day) over (partition by x.order_id order by x.day) as next_day
  from sums x
  union all
  select l.order_id, l.from_day, 0, null
  from lives l
  left join movers v on v.order_id = l.order_id
  where v.order_id is null and l.from_day < l.to_day
), promises as (
  select s.order_id, s.from_day, min(p.planned_date) as planned
  from spans s
  join parts p on p.order_id = s.order_id and (p.day is null or p.status = 'partial' or p.day > s.from_day)
  group by 1, 2
)
select o.order_id, o.number, o.account_id, o.owner_id, o.team, o.business_unit, o.opportunity_id, o.quote_id, o.order_date,
       o.amount, o.requested_delivery_date, s.from_day, least(s.next_day, l.to_day) as to_day,
       s.given::decimal(18,2) as delivered, (o.amount - s.given)::decimal(18,2) as undelivered,
       coalesce(r.planned, o.requested_delivery_date) as promised,
       case when r.order_id is not null then 'awaited' else 'none' end as delivery,
       case when o.status is null then 'no_status' when not l.said then 'no_delivery' end as missing
from spans s
join lives l on l.order_id = s.order_id
join orders o on o.order_id = s.order_id
left join promises r on r.order_id = s.order_id and r.from_day = s.from_day
where o.amount is null or o.amount > s.given
