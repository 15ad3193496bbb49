-- no: 4.1
-- rank: 3
-- fr: Taux de comptes rendus
-- en: Visit report rate
-- unit: rate
-- better: up
-- needs: activities
-- rows: visits_made
-- revises: yes
-- definition_en: Visits with a report / visits done in the period, by the day of the visit. A report is a text that is not
--   blank, or a date of the report, whenever it was written; so the rate of recent visits still rises. A source in which
--   no visit at all has a report has no rate.
-- definition_fr: Visites avec compte rendu / visites faites dans la période, au jour de la visite. Un compte rendu est un
--   texte non vide ou une date de compte rendu, écrit à tout moment : le taux des visites récentes monte encore. Une
--   source où aucune visite n'a de compte rendu n'a pas de taux.
-- setting: report_rate_floor=0.80 | taux de comptes rendus à surveiller sous | visit report rate to watch below
-- word: no_reports | la source n'a pas de comptes rendus ({n} visite[s]) | the source has no reports ({n} visit[s])
-- trap: les visites des derniers jours attendent encore leur compte rendu : le mois en cours paraît bas
--   | the visits of the last days still await their report: the current month looks low
-- alert: P2 rep, team: value < $report_rate_floor
--   | moins de {report_rate_floor} des visites ont un compte rendu
--   | under {report_rate_floor} of the visits have a report
--   | demander les comptes rendus manquants, la liste est jointe
--   | ask for the missing reports, the list has them
-- example: 2026-10-15 2026-10 -> 0.5 num=2 den=4
-- example: 2026-10-15 2026-10-07 -> 1 | a text
-- example: 2026-10-15 2026-10-08 -> 0 | a blank text
-- example: 2026-10-15 2026-10-12 -> 1 | the day of the report only
-- example: 2026-10-15 2026-10-14 -> 0 | nothing
-- example: 2026-10-15 2026-10-05 rep=U1 -> none | planned and not done
-- example: 2026-10-15 2026-10 team=Sud -> 0.5
-- example: 2026-10-15 2026-08 -> 0.8 groups=P2:team:Nord | Nord 7 of 9; U1 4 of 5, which is not under 80 %
-- example: 2026-10-15 2026-08 $report_rate_floor=0.81 -> 0.8 groups=P2:rep:U1,P2:team:Nord
-- example: 2026-10-15 2026-10 $visit_types=meeting -> none because=no_reports
-- example: 2026-10-15 2026-07-06 $visit_types=meeting -> none because=unknown_outcome
-- example: 2026-10-15 2026-07 -> 1 coverage=0.25 because=unknown_outcome
-- example: 2026-10-15 2026-07-08 -> none because=no_status
select m.day, m.account_id, m.owner_id, m.id, m.reported as num, 1 as den, m.excluded, m.lacks as missing,
       m.subject, m.type, m.planned, m.outcome, m.report, m.reported_on
from (select v.*, coalesce(v.missing, case when (select count(*) from visits_made r where r.reported = 1) = 0
                                           then 'no_reports' end) as lacks
      from visits_made v) m
