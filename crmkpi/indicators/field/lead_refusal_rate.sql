-- no: 4.3
-- rank: 6
-- fr: Taux de leads écartés
-- en: Lead refusal rate
-- unit: rate
-- better: down
-- needs: leads
-- revises: yes
-- dimensions: source product_interest campaign
-- definition_en: Leads refused / leads decided, by the day of the decision: the refusal for those that are refused today,
--   else the qualification, else the conversion. A lead refused after its qualification moves to the month of its refusal.
--   Leads that nobody has decided on are left out. The amount is the potential refused.
-- definition_fr: Leads écartés / leads décidés, au jour de la décision : la mise à l'écart pour ceux qui sont écartés
--   aujourd'hui, sinon la qualification, sinon la conversion. Un lead écarté après sa qualification passe au mois de sa
--   mise à l'écart. Les leads non décidés sont laissés de côté. Le montant est le potentiel écarté.
-- setting: refusal_share=0.40 | part de leads écartés à surveiller par origine | share of refused leads to watch per source
-- word: no_date | {n} lead[s] décidé[s] sans jour de décision | {n} lead[s] decided without a day of the decision
-- word: undecided | non décidés | not decided
-- word: no_status | {n} lead[s] sans statut | {n} lead[s] without a status
-- trap: une origine de peu de leads a un taux qui saute : sous 5 décisions, il n'y a pas d'alerte
--   | a source with few leads has a rate that jumps: under 5 decisions there is no alert
-- alert: P2 source: value > $refusal_share
--   | plus de {refusal_share} des leads de cette origine sont écartés
--   | over {refusal_share} of the leads of this source are refused
--   | revoir le ciblage de cette origine, ou la règle de qualification
--   | review the targeting of this source, or the rule of qualification
-- example: 2026-10-15 2026-10 -> 0.2 num=2 den=10 amount=1300 coverage=0.833333 because=no_date
-- example: 2026-10-13 2026-10 -> 0.111111 | the day before one is refused
-- example: 2026-10-15 2026-10 source=Salon -> 0.666667
-- example: 2026-10-15 2026-10 -> 0.2 groups=none | three decisions of one source are too few
-- example: 2026-10-15 2026-10 $small_n=1 -> 0.2 groups=P2:source:Salon
-- example: 2026-10-15 2026-10 $small_n=1 $refusal_share=0 -> 0.2 groups=P2:source:Salon | none refused is not above none
-- example: 2026-10-15 2026-09 -> 0 den=3 amount=0 | one qualified in September was refused in October
-- example: 2026-10-15 2026-10-05 -> none | nobody has decided
-- example: 2026-10-15 2026-10-06 -> none | nobody has decided
-- example: 2026-10-15 2026-10-12 -> 0
-- example: 2026-10-15 2026-10-02 -> 0 den=1 | working again, once qualified
-- example: 2026-10-15 2026-10-13 -> 0 den=1 | no status, once qualified
-- example: 2026-10-15 2026-10-01 -> 0 den=1 | converted without a day of qualification
-- example: 2026-10-15 2026-10-09 -> 1 den=1 because=no_status
select d.day, d.account_id, d.owner_id, d.lead_id as id, case when d.status = 'disqualified' then 1 else 0 end as num, 1 as den,
       case when d.status = 'disqualified' then d.potential_amount else 0 end as amount,
       case when d.qualified_at is null and d.status in ('new', 'working') then 'undecided' end as excluded,
       case when d.qualified_at is null and d.status is null then 'no_status' end as missing,
       d.company as name, d.source, d.product_interest, d.campaign, d.status, d.disqualified_reason
from (select l.*, case when l.status = 'disqualified' then l.disqualified_at::date
                       when l.qualified_at is not null or l.status in ('qualified', 'converted')
                            then coalesce(l.qualified_at, l.converted_at)::date
                       else l.created_at::date end as day
      from leads l) d
