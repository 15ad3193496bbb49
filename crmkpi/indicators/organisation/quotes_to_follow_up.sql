-- no: 2.2
-- rank: 1
-- fr: Devis à relancer
-- en: Quotes to follow up
-- unit: count
-- better: down
-- needs: quotes
-- helps: activities | relances inconnues : comptées depuis la dernière notée, sinon l'émission
--   | follow-ups unknown: counted from the last one noted, else from the issue
-- dimensions: why
-- undated: les relances d'avant la dernière notée sont inconnues | follow-ups before the last one noted are unknown | activities
-- definition_en: Open quotes (sent, latest version, undecided, within validity) of which the last follow-up is older than
--   the cadence, or the validity ends within some days, or the age passes the usual time to signature: the median of
--   the accepted quotes by then (no such test while none is). The last follow-up is the latest activity done on the quote or
--   its opportunity since its issue and not coming from the customer, else the one noted on the quote, else the issue.
--   Drafts, expired quotes and those followed up lately are left out and counted.
-- definition_fr: Devis ouverts (envoyés, dernière version, sans décision, dans leur validité) dont la dernière relance est
--   plus ancienne que la cadence, ou dont la validité finit sous peu, ou dont l'âge dépasse le délai habituel de
--   signature : la médiane des devis acceptés à ce jour (pas de tel test tant qu'il n'y en a pas). La dernière relance est
--   la dernière activité faite sur le devis ou son opportunité depuis l'émission et ne venant pas du client, sinon celle
--   notée sur le devis, sinon l'émission. Brouillons, périmés et devis relancés depuis peu sont laissés de côté et comptés.
-- trap: un devis relancé hier reste à relancer si sa validité finit ou s'il est plus vieux que le délai habituel
--   | a quote followed up yesterday is still to follow up when its validity ends or it is older than usual
-- setting: follow_up_days=7 | cadence de relance, jours | cadence of follow-ups, days
-- setting: validity_soon=7 | fin de validité proche, jours | end of validity near, days
-- word: draft | brouillons | drafts
-- word: expired | périmés, jamais clos | expired, never closed
-- word: recent | relancés ou émis depuis peu | followed up or issued lately
-- word: validity | validité proche de la fin | validity near its end
-- word: age | plus vieux que le délai habituel | older than the usual time to signature
-- word: cadence | pas relancé depuis la cadence | no follow-up within the cadence
-- word: big_ending | gros devis dont la validité finit, jamais relancé | big quote near its end and never followed up
-- word: slow | plus vieux que le délai habituel de signature | older than the usual time to signature
-- word: call_today | appeler le client avant la fin de validité | call the customer before the validity ends
-- word: ask_decision | demander une décision ou clore le devis | ask for a decision or close the quote
with known as (
  select q.*, f.last_day as followed, coalesce(f.last_day, case when q.noted <= q.as_of then q.noted end) as last_follow_up,
         t.days as usual_days,
         rank() over (partition by q.as_of, q.state order by coalesce(q.amount, 0) desc) as place,
         count(q.amount) over (partition by q.as_of, q.state) as quotes
  from quotes_at q
  left join quote_follow_ups f on f.as_of = q.as_of and f.quote_id = q.quote_id
  left join signing_time t on t.as_of = q.as_of
), judged as (
  select k.*,
         case when k.days_left <= $validity_soon then 'validity'
              when k.age > k.usual_days then 'age'
              when date_diff('day', coalesce(k.last_follow_up, k.issued), k.as_of) > $follow_up_days then 'cadence' end as why,
         case when k.place <= ceil(k.quotes::double / $top_tenth) and k.days_left < $validity_soon
                   and k.last_follow_up is null then 'big_ending'
              when k.age > k.usual_days then 'slow' end as alert_reason
  from known k
)
select j.as_of as day, j.account_id, j.owner_id, j.quote_id as id, 1 as num, j.amount,
       case when j.state in ('draft', 'expired') then j.state when j.why is null then 'recent' end as excluded, j.missing,
       j.number, j.issued, j.valid_until, j.age, j.usual_days, j.last_follow_up, j.opportunity_id, j.why,
       case when j.alert_reason = 'big_ending' then 'P1' when j.alert_reason = 'slow' then 'P2' end as severity,
       j.alert_reason,
       coalesce(j.valid_until, (coalesce(j.last_follow_up, j.issued) + interval 1 day * $follow_up_days)::date) as due,
       case when j.alert_reason = 'big_ending' then 'call_today' when j.alert_reason = 'slow' then 'ask_decision' end as action
from judged j
