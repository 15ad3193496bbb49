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
-- example: 2025-11-30 2025-11 -> 3 amount=5400 n=3 status=ok
-- example: 2025-11-30 2025-11 why=validity -> 1 amount=3000
-- example: 2025-11-30 2025-11 why=age -> 2 amount=2400 | older than 12 days
-- example: 2025-11-29 2025-11 why=cadence -> 1 amount=2000 | 12 days old: not older than usual, not followed up since the day of its issue
-- example: 2025-11-29 2025-11 customer=C3 -> 1 | 7 days of validity left
-- example: 2025-11-28 2025-11 customer=C3 -> 0 | 8 left, issued 7 days ago; an answer is no follow-up, nor a call before the issue
-- example: 2025-11-24 2025-11 customer=C2 -> 0 | issued 7 days ago
-- example: 2025-11-25 2025-11 customer=C2 -> 1 | 8 days ago
-- example: 2025-11-20 2025-11 customer=C4 -> 1 amount=400 | followed up the day after, as noted on the quote
-- example: 2025-11-21 2025-11 customer=C4 -> 0 | on the day
-- example: 2025-11-30 2025-11 customer=C1 -> 0 | followed up on its opportunity on the 26th
-- example: 2025-12-03 2025-12 customer=C1 -> 1 amount=5000 alert=P2:slow:ask_decision
-- example: 2025-12-02 2025-12 customer=C1 -> 0 alert=none | 12 days old, 8 of validity left, followed up 6 days ago
-- example: 2025-12-04 2025-12 customer=C1 -> 1 alert=P2:slow:ask_decision | the largest, near its end, but followed up
-- example: 2025-11-13 2025-11 customer=C3 -> 0 | 12 days old, followed up on the 6th
-- example: 2025-11-14 2025-11 customer=C3 -> 1 | 13 days old
-- example: 2025-11-09 2025-11 customer=C5 why=validity -> 1 amount=800
-- example: 2025-11-09 2025-11 customer=C5 why=cadence -> 1 amount=1100 | its follow-up came on the 12th
-- example: 2025-11-12 2025-11 customer=C5 -> 0 | on the day
-- example: 2025-11-09 2025-11 customer=C3 -> 0 | refused on the day, or followed up 3 days ago
-- example: 2025-11-09 2025-11 customer=C4 -> none because=no_status
-- example: 2025-11-02 2025-11 -> 2 amount=1800 | none accepted: no usual time
-- example: 2025-11-02 2025-11 why=age -> 0
-- example: 2025-11-02 2025-11 why=cadence -> 2
-- example: 2025-11-02 2025-11 customer=C5 -> 1 alert=none | 28 days old, and none accepted yet
-- example: 2025-11-03 2025-11 customer=C5 -> 1 alert=P2:slow:ask_decision | the first is accepted on the day, after 14
-- example: 2025-11-30 2025-11 customer=C3 $top_tenth=2 -> 1 alert=P1:big_ending:call_today | the second of 4, 6 days left
-- example: 2025-11-30 2025-11 customer=C3 $top_tenth=3 -> 1 alert=P1:big_ending:call_today | one in 3 of 4 are 2
-- example: 2025-11-30 2025-11 customer=C3 -> 1 alert=none
-- example: 2025-11-29 2025-11 customer=C3 $top_tenth=2 -> 1 alert=none | 7 days left
-- example: 2025-11-30 2025-11 customer=C4 -> 1 alert=P2:slow:ask_decision
-- example: 2025-11-29 2025-11 customer=C2 -> 1 alert=none
-- example: 2025-11-30 2025-11 customer=C2 -> 1 alert=P2:slow:ask_decision
-- example: 2025-12-26 2025-12 customer=C2 -> 1 alert=P2:slow:ask_decision | the largest, near its end, but followed up on the day of its issue
-- example: 2025-11-30 2025-11 $follow_up_days=3 customer=C1 -> 1 | 4 days ago
-- example: 2025-11-26 2025-11 $follow_up_days=3 customer=C1 -> 0 | followed up on the 22nd, and again on the day
-- example: 2025-11-25 2025-11 $follow_up_days=2 customer=C1 -> 1 | not yet
-- example: 2025-11-30 2025-11 $validity_soon=10 customer=C1 -> 1
with known as (
  select q.*, coalesce(f.day, case when q.noted <= q.as_of then q.noted end) as last_follow_up,
         t.days as usual_days,
         rank() over (partition by q.as_of, q.state order by q.amount desc nulls last) as place,
         count(q.amount) over (partition by q.as_of, q.state) as quotes
  from quotes_at q
  left join follow_up_days f on f.quote_id = q.quote_id and f.day <= q.as_of and f.next_day > q.as_of
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
       case when j.state in ('draft', 'expired') then j.state when j.state = 'open' and j.why is null then 'recent' end as excluded, j.missing,
       j.number, j.issued, j.valid_until, j.age, j.usual_days, j.last_follow_up, j.opportunity_id, j.why,
       case when j.alert_reason = 'big_ending' then 'P1' when j.alert_reason = 'slow' then 'P2' end as severity,
       j.alert_reason,
       coalesce(j.valid_until, (coalesce(j.last_follow_up, j.issued) + interval 1 day * $follow_up_days)::date) as due,
       case when j.alert_reason = 'big_ending' then 'call_today' when j.alert_reason = 'slow' then 'ask_decision' end as action
from judged j
