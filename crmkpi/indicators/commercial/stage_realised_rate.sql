-- no: 1.4
-- rank: 10
-- fr: Probabilité réalisée par étape
-- en: Realised probability by stage
-- unit: rate
-- better: up
-- needs: opportunities opportunity_history
-- helps: stages | étapes de clôture non distinguées des autres | closing stages not told from the others
-- dimensions: stage
-- beside: declared = avg(declared)::double | probabilité déclarée | declared probability
-- definition_en: Of the deals closed at the day, those won / all, once per stage that each went through: to be read by stage,
--   beside the probability that was declared there. Refused for a stage under 20 closed deals; closing stages are left out.
-- definition_fr: Des affaires closes au jour dit, les gagnées / toutes, une fois par étape traversée : se lit par étape, à côté
--   de la probabilité déclarée à cette étape. Refusé pour une étape de moins de 20 affaires closes ; étapes de clôture exclues.
-- trap: toutes étapes ensemble, une affaire compte autant de fois que d'étapes traversées : comparer étape par étape
--   | over all stages a deal counts once per stage that it went through: compare stage by stage
-- word: closing | à une étape de clôture | in a closing stage
-- example: 2026-10-15 2026-10 -> none because=few_closed
-- example: 2026-10-15 2026-10 stage=Proposition $closed_deals_needed=2 -> 0.5 num=1 den=2 amount=2000 declared=0.5
-- example: 2026-10-15 2026-10 stage=Négociation $closed_deals_needed=1 -> 0 declared=0.8 | declared at 0.8, lost
-- example: 2026-10-15 2026-10 stage=Négociation $closed_deals_needed=2 -> none because=few_closed
-- example: 2026-10-15 2026-10 stage=Gagnée $closed_deals_needed=1 -> none | a closing stage
-- example: 2026-10-15 2026-10 $closed_deals_needed=2 -> 0.5 coverage=0.666667 status=partial | a stage with one closed deal is left out
-- example: 2026-10-14 2026-10 stage=Proposition $closed_deals_needed=1 -> 0 n=1 | the deal won on the 15th is not closed yet
-- example: 2026-10-11 2026-10 $closed_deals_needed=1 -> none | nothing closed
select p.as_of as day, p.account_id, p.owner_id, p.opportunity_id || ':' || p.stage as id,
       case when p.status = 'won' then 1 else 0 end as num, 1 as den, p.amount,
       case when p.closing = 1 then 'closing' end as excluded, s.too_few as missing,
       p.name, p.stage, p.declared, p.status, p.closed_on
from stage_passages p
left join stage_outcomes s on s.as_of = p.as_of and s.stage = p.stage
