-- no: 1.4
-- rank: 1
-- fr: Pipeline pondéré
-- en: Weighted pipeline
-- unit: money
-- better: up
-- needs: opportunities
-- dimensions: stage signature competitor
-- moves: deal_ends expected_close_date opportunity_history
-- list: deal_activity usual_delay
-- undated: étape, montant et probabilité sont ceux d'aujourd'hui | stage, amount and probability are today's | opportunity_history
-- definition_en: Open opportunities at the day, amount x probability (the record's, else its stage's). An opportunity
--   without amount or probability is counted and not weighted, never taken as 0 or 50 %. Overdue signature dates stand
--   in a group of their own.
-- definition_fr: Opportunités ouvertes au jour dit, montant x probabilité (celle de la fiche, sinon de l'étape). Une
--   affaire sans montant ou sans probabilité est comptée sans être pondérée, jamais prise pour 0 ou 50 %. Les signatures
--   en retard forment un groupe à part.
-- setting: signature_soon=30 | signature proche, jours | signature near, days
-- setting: deal_silence=14 | affaire sans activité, jours | deal without activity, days
-- setting: deal_share=0.30 | part d'une seule affaire à surveiller | share of one deal to watch
-- setting: top_part=5 | grosses affaires : une sur | big deals: one in
-- word: no_amount | {n} affaire[s] sans montant, non pondérée[s] | {n} deal[s] without amount not weighted
-- word: no_probability | {n} affaire[s] sans probabilité, non pondérée[s] | {n} deal[s] without probability not weighted
-- word: overdue_big | signature dépassée sur une grosse affaire | signature date passed on a big deal
-- word: no_next_step | signature proche et rien de prévu | signature near and nothing planned
-- word: silent | aucune activité récente sur l'affaire | no recent activity on the deal
-- word: too_soon | livraison souhaitée plus tôt que le délai habituel | wished delivery sooner than the usual delay
-- word: one_deal | une seule affaire pèse trop dans le pipeline | one deal weighs too much in the pipeline
-- word: call_customer | appeler le client et fixer une nouvelle date | call the customer and set a new date
-- word: plan_step | planifier la prochaine étape | plan the next step
-- word: check_delay | vérifier le délai avec la logistique | check the delay with logistics
-- word: spread_risk | ouvrir d'autres affaires | open other deals
-- example: 2026-10-15 2026-10 -> 26000 amount=43000 n=4 status=partial
-- example: 2026-10-15 2026-10 signature=2026-10 -> 10000 | the record's probability
-- example: 2026-10-15 2026-10 signature=overdue -> 4000 | counted, in a group of its own
-- example: 2026-10-15 2026-10 signature=undated -> 4000 | counted, in a group of its own
-- example: 2026-10-15 2026-10 stage=Négociation -> 12000 | one has its stage's probability
-- example: 2026-10-15 2026-10 stage=Découverte -> none because=no_amount
-- example: 2026-10-15 2026-10 stage=Autre -> none because=no_probability | nor has the stage one
-- example: 2026-10-15 2026-10 competitor=Orexia -> 14000
-- example: 2026-10-15 2026-09 -> 31300 n=8 amount=56000 status=partial | as known at the end of September
-- example: 2026-10-15 2026-09 stage=Proposition -> 18500 | one was there and is elsewhere today
-- example: 2026-09-19 2026-09 stage=Découverte -> 1500 | the day before it moved on
-- example: 2026-09-20 2026-09 stage=Découverte -> 0 | the day it did
-- example: 2026-10-01 2026-10 -> 27300 | closed on the day: closed; a history without a probability: its stage's
-- example: 2026-10-15 2026-10 rep=U1 -> 10000 alert=P3:one_deal:spread_risk
-- example: 2026-10-15 2026-10 rep=U4 -> none alert=none | what is not weighted is in no list of what counts
-- example: 2026-10-15 2026-10 signature=undated -> 4000 alert=P2:silent:call_customer
-- example: 2026-10-17 2026-10 stage=Négociation signature=2026-11 -> 8000 alert=P3:one_deal:spread_risk | silent for 14 days
-- example: 2026-10-18 2026-10 stage=Négociation signature=2026-11 -> 8000 alert=P2:silent:call_customer | for 15
-- example: 2026-10-20 2026-10 stage=Négociation signature=2026-11 -> 8000 alert=P2:silent:call_customer | 31 days to signature
-- example: 2026-10-21 2026-10 stage=Négociation signature=2026-11 -> 8000 alert=P1:no_next_step:plan_step | 30 days
-- example: 2026-10-29 2026-10 rep=U1 -> 10000 alert=P1:overdue_big:call_customer | the first of 5 amounts
-- example: 2026-11-21 2026-11 rep=U3 -> 12000 alert=P2:silent:call_customer | overdue too, and not in the top fifth
-- example: 2026-10-16 2026-10 signature=overdue $deal_silence=200 -> 4000 alert=none | 4 days to the wish, 3.5 are usual
-- example: 2026-10-17 2026-10 signature=overdue $deal_silence=200 -> 4000 alert=P2:too_soon:check_delay | 3 days
-- example: 2026-10-15 2026-10 rep=U1 $deal_share=0.4 -> 10000 alert=none | 38 % of the whole
-- example: 2026-07-06 2026-07 $deal_share=1 $deal_silence=200 -> 2500 alert=none | one deal is the whole, and no more than that
with ranked as (
  select o.*, a.last_activity, a.next_activity, sum(o.weighted) over (partition by o.as_of) as total,
         rank() over (partition by o.as_of order by o.amount desc nulls last) as place,
         count(o.amount) over (partition by o.as_of) as deals,
         u.days as usual_days, (select count(*) from activities) as activities
  from (select k.*, round(k.amount * k.probability, 2)::decimal(18,2) as weighted from open_deals k) o
  left join deal_activity a on a.as_of = o.as_of and a.opportunity_id = o.opportunity_id
  left join usual_delay u on u.as_of = o.as_of
), judged as (
  select r.*,
         case when r.signature = 'overdue' and r.place <= ceil(r.deals::double / $top_part) then 'overdue_big'
              when r.activities > 0 and r.next_activity is null and r.signature <> 'overdue'
                   and date_diff('day', r.as_of, r.expected_close_date) <= $signature_soon then 'no_next_step'
              when r.activities > 0
                   and date_diff('day', coalesce(r.last_activity, r.created_at::date), r.as_of) > $deal_silence then 'silent'
              when date_diff('day', greatest(r.expected_close_date, r.as_of), r.requested_delivery_date) < r.usual_days
                   then 'too_soon'
              when r.weighted > $deal_share * r.total then 'one_deal' end as alert_reason
  from ranked r
)
select j.as_of as day, j.account_id, j.owner_id, j.opportunity_id as id, j.weighted as num, j.amount, j.amount as base,
       case when j.amount is null then 'no_amount' when j.probability is null then 'no_probability' end as missing,
       j.name, j.stage, j.probability, j.probability_from, j.signature, j.expected_close_date, j.need, j.budget_amount,
       j.requested_delivery_date, j.competitor, j.next_step, j.last_activity, j.next_activity,
       case when j.alert_reason in ('overdue_big', 'no_next_step') then 'P1'
            when j.alert_reason in ('silent', 'too_soon') then 'P2'
            when j.alert_reason = 'one_deal' then 'P3' end as severity,
       j.alert_reason, j.expected_close_date as due,
       case when j.alert_reason in ('overdue_big', 'silent') then 'call_customer'
            when j.alert_reason = 'no_next_step' then 'plan_step'
            when j.alert_reason = 'too_soon' then 'check_delay'
            when j.alert_reason = 'one_deal' then 'spread_risk' end as action
from judged j
