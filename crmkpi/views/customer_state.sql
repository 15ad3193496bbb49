-- definition_en: Every customer (an order of an amount above zero by the day) with its last order, its cycle and where that
--   comes from, and its state at the day. Cycle: the account's own setting; else the median of its gaps between order
--   days, if it has 4 of them by the day; else the median of the own cycles of its segment, if 5 of its customers have
--   one by the day; else the default. Quiet: days since the later of the last order and the last incoming activity.
--   Lost: quiet for more than 2 cycles; inactive: for more than 1; else active (quiet is never above the age of the last
--   order, so the age passes wherever quiet does). Setting, segment and owner of the account are today's.
-- definition_fr: Chaque client (une commande d'un montant positif au jour dit) avec sa dernière commande, son cycle et d'où
--   il vient, et son état au jour dit. Cycle : celui que porte le compte ; sinon la médiane des écarts entre ses jours de
--   commande, s'il en a 4 ; sinon la médiane des cycles propres de son segment, si 5 de ses clients en ont un ; sinon la
--   valeur par défaut. Silence : jours depuis la plus récente de sa dernière commande et de sa dernière activité entrante.
--   Perdu : silencieux depuis plus de 2 cycles ; inactif : depuis plus d'un ; sinon actif (le silence ne dépasse jamais
--   l'âge de la dernière commande : l'âge dépasse partout où le silence dépasse). Cycle imposé, segment et propriétaire du
--   compte sont ceux d'aujourd'hui.
-- setting: default_cycle=90 | cycle de commande par défaut, jours | default order cycle, days
-- setting: min_order_days=4 | jours de commande pour un cycle propre | order days for a cycle of one's own
-- setting: min_segment=5 | cycles propres pour le cycle d'un segment | own cycles for a segment's cycle
-- setting: inactive_cycles=1 | inactif au-delà de, cycles | inactive beyond, cycles
-- setting: lost_cycles=2 | perdu au-delà de, cycles | lost beyond, cycles
-- word: account | fixé sur le compte | set on the account
-- word: own | ses propres commandes | the customer's own orders
-- word: segment | son segment | its segment
-- word: default | par défaut | default
with standing as (
  select d.as_of, o.account_id, o.day as last_order, o.revenue_12m as revenue, o.revenue_so_far,
         case when o.number >= $min_order_days then o.cycle end as own_cycle,
         a.owner_id, a.segment, case when a.order_cycle_days > 0 then a.order_cycle_days end as set_cycle
  from order_days o
  join dates d on d.as_of >= o.day and d.as_of < o.next_day
  left join accounts a on a.account_id = o.account_id
), segments as (
  select s.as_of, s.segment, median(s.own_cycle::double) as cycle
  from standing s
  where s.own_cycle is not null
  group by 1, 2
  having count(*) >= $min_segment
), answers as (
  select d.as_of, w.account_id, w.day as last_answer
  from answer_days w
  join dates d on d.as_of >= w.day and d.as_of < w.next_day
), measured as (
  select s.as_of, s.account_id, s.owner_id, s.last_order, s.revenue, s.revenue_so_far, w.last_answer,
         greatest(s.last_order, w.last_answer) as last_sign,
         coalesce(s.set_cycle, s.own_cycle, g.cycle, $default_cycle)::double as cycle,
         case when s.set_cycle is not null then 'account' when s.own_cycle is not null then 'own'
              when g.cycle is not null then 'segment' else 'default' end as cycle_from
  from standing s
  left join segments g on g.as_of = s.as_of and g.segment = s.segment
  left join answers w on w.as_of = s.as_of and w.account_id = s.account_id
)
select m.as_of, m.account_id, m.owner_id, m.last_order, m.revenue, m.revenue_so_far, m.last_answer, m.cycle, m.cycle_from,
       date_diff('day', m.last_order, m.as_of) as age, date_diff('day', m.last_sign, m.as_of) as quiet,
       (m.last_sign + interval 1 day * floor($lost_cycles * m.cycle)::integer)::date as lost_after,
       case when date_diff('day', m.last_sign, m.as_of) > $lost_cycles * m.cycle then 'lost'
            when date_diff('day', m.last_sign, m.as_of) > $inactive_cycles * m.cycle then 'inactive'
            else 'active' end as state
from measured m
