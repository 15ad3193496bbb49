-- definition_en: Activities whose type is one of those that are visits (a setting), whatever their status.
-- definition_fr: Activités dont le type compte comme visite (un réglage), quel que soit leur statut.
-- setting: visit_types=visit meeting | types d'activité qui sont des visites | types of activity that are visits
select a.activity_id, a.account_id, a.owner_id, a.contact_id, a.opportunity_id, a.type, a.subject, a.status,
       a.planned_at, a.done_at, a.cancelled_at, a.late_reason, a.outcome, a.report, a.reported_at
from activities a
where ' ' || $visit_types || ' ' like '% ' || a.type || ' %'
