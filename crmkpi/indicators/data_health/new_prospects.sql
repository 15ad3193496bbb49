-- no: 3.2
-- rank: 1
-- fr: Nouveaux prospects
-- en: New prospects
-- unit: count
-- better: up
-- needs: accounts
-- rows: prospects
-- target: new_prospects
-- dimensions: source prospect_type
-- list: prospect_contacts
-- helps: orders | sans commandes, les clients ne sont pas écartés | no orders: customers are not set aside
-- definition_en: Companies by the day they were created: accounts without an order or an invoice on or before that day,
--   whatever their type today but other, and leads not linked to an account. One company counts once, when it is first
--   known. Bulk imports are set aside and counted. Where all accounts were created on one day (or all leads were), that is
--   the day of a load and there is no figure. Last and next action, open opportunities and signature are those of the
--   data's own date.
-- definition_fr: Sociétés au jour de leur création : comptes sans commande ni facture au plus tard ce jour-là, quel que soit
--   leur type aujourd'hui sauf autre, et leads non rattachés à un compte. Une société compte une fois, quand elle est
--   connue d'abord. Les imports en masse sont mis à part et comptés. Si tous les comptes furent créés le même jour
--   (ou tous les leads), c'est celui d'un chargement et il n'y a pas d'indicateur. Dernière et prochaine action, affaires
--   en cours et signature sont celles de la date des données.
-- trap: Une reprise de données donne à tous les comptes la date du chargement : un pic de prospects qui n'en est pas un. |
--   A migration gives every account the day of the load: a peak of prospects that is none.
-- trap: Un prospect devenu client depuis compte toujours au jour de sa création. |
--   A prospect who has become a customer since still counts on the day it was created.
-- trap: Deux sociétés d'un groupe au même domaine d'e-mail comptent pour une. |
--   Two companies of a group with one e-mail domain count as one.
-- setting: first_contact_days=7 | premier contact d'un prospect, jours | first contact of a prospect, days
-- setting: prospect_pace=0.80 | rythme minimal des nouveaux prospects | least pace of new prospects
-- word: no_contact | aucun contact depuis sa création | no contact since it was created
-- word: first_call | appeler ce prospect et dater la suite | call this prospect and date what follows
-- alert: P2 rep, team: attainment < $prospect_pace
--     or (target_to_date is null and new_prospects_pace.value < $prospect_pace)
--   | moins de {prospect_pace} des nouveaux prospects attendus à ce jour
--   | under {prospect_pace} of the new prospects expected to date
--   | réserver du temps de prospection
--   | set time aside for prospecting
select p.created_day as day, p.account_id, p.owner_id, p.id, 1 as num, p.excluded, p.missing, p.name, p.source,
       p.record_type as prospect_type, p.created_by, c.last_action, c.next_action, c.open_amount as at_stake,
       c.signature_date,
       case when c.first_action is null and date_diff('day', p.created_day, $data_day) > $first_contact_days
            then 'P2' end as severity,
       'no_contact' as alert_reason, (p.created_day + $first_contact_days * interval 1 day)::date as due,
       'first_call' as action
from prospects p
left join prospect_contacts c on c.id = p.id
