-- definition_en: Visits planned before each date and neither done nor cancelled by then.
-- definition_fr: Visites prévues avant chaque date, ni faites ni annulées à cette date.
select d.as_of, v.activity_id, v.account_id, v.owner_id, v.contact_id, v.type, v.subject, v.planned, v.late_reason,
       v.excluded, v.missing
from visit_outcomes v
join dates d on d.as_of > v.planned and d.as_of < least(v.done_day, v.cancelled_day)
