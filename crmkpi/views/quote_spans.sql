-- materialised: yes
-- definition_en: From which day to which (not included) each quote was a draft, open (sent, latest version, undecided, within
--   its validity) or expired (past its validity and never closed). A decision without a date counts at every day; a version
--   is replaced when the one named after it is issued, always if there is none of that name; the last day of validity counts.
-- definition_fr: De quel jour à quel jour (exclu) chaque devis était brouillon, ouvert (envoyé, dernière version, sans
--   décision, dans sa validité) ou périmé (validité passée, jamais clos). Une décision sans date compte à tout jour ; une
--   version est remplacée quand la suivante est émise, toujours si celle-ci n'existe pas ; le dernier jour compte encore.
with lives as (
  select q.quote_id, coalesce(q.issued_at::date, date '1900-01-01') as from_day,
         least(case when q.status in ('accepted', 'refused', 'cancelled')
                    then coalesce(q.decided_at::date, date '1900-01-01') else date '9999-12-31' end,
               case when q.replaced_by is not null
                    then coalesce(r.issued_at::date, date '1900-01-01') else date '9999-12-31' end) as to_day,
         coalesce((q.valid_until + interval 1 day)::date, date '9999-12-31') as lapse
  from quotes q
  left join quotes r on r.quote_id = q.replaced_by
), spans as (
  select l.quote_id, 'live' as state, l.from_day, least(l.to_day, l.lapse) as to_day
  from lives l
  union all
  select l.quote_id, 'expired', greatest(l.from_day, l.lapse), l.to_day
  from lives l
)
select q.quote_id, q.number, q.account_id, q.opportunity_id, q.owner_id, q.amount, q.issued_at::date as issued,
       q.valid_until, q.last_follow_up_at::date as noted, s.from_day, s.to_day,
       case when q.status = 'draft' then 'draft' when q.status is null then 'no_status'
            when s.state = 'live' then 'open' else s.state end as state
from spans s
join quotes q on q.quote_id = s.quote_id
where s.from_day < s.to_day
