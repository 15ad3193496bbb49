-- definition_en: The quotes of each date with their state: draft, open, expired, or of unknown status.
-- definition_fr: Les devis de chaque date avec leur état : brouillon, ouvert, périmé, ou de statut inconnu.
-- word: no_status | {n} devis sans statut | {n} quote[s] without a status
select d.as_of, s.quote_id, s.number, s.account_id, s.opportunity_id, s.owner_id, s.amount, s.issued, s.valid_until,
       s.noted, s.state, date_diff('day', s.issued, d.as_of) as age,
       date_diff('day', d.as_of, s.valid_until) as days_left,
       case when s.state = 'no_status' then 'no_status' end as missing
from quote_spans s
join dates d on d.as_of >= s.from_day and d.as_of < s.to_day
