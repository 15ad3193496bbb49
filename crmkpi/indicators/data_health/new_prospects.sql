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
-- helps: leads | sans leads, les sociétés qui n'ont pas encore de compte manquent
--   | no leads: companies that have no account yet are not there
-- definition_en: Companies by the day they were created: accounts without an order or an invoice on or before that day,
--   whatever their type today but other, and leads not linked to an account. One company counts once, when it is first
--   known. Bulk imports are set aside and counted. Where all accounts were created on one day (or all leads were), that is
--   the day of a load and there is no figure. Last and next action, open opportunities and signature are those of the
--   data's own date.
-- definition_fr: Sociétés au jour de leur création : comptes sans commande ni facture au plus tard ce jour-là, quel que
--   soit leur type aujourd'hui sauf autre, et leads non rattachés à un compte. Une société compte une fois, quand elle
--   est connue d'abord. Les imports en masse sont mis à part et comptés. Si tous les comptes furent créés le même jour
--   (ou tous les leads), c'est celui d'un chargement et il n'y a pas d'indicateur. Dernière et prochaine action,
--   affaires en cours et signature sont celles de la date des données.
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
-- example: 2026-10-15 2026-10 -> 7
-- example: 2026-10-15 2026-10 rep=U1 -> 4 target_to_date=2 attainment=2
-- example: 2026-10-15 2026-10 prospect_type=lead -> 2
-- example: 2026-10-15 2026-10 source=Salon -> 2
-- example: 2026-10-15 2026-09 -> 2
-- example: 2026-10-15 2026-09-10 -> 1 | an order or an invoice on that day: customers; on the next day: not yet
-- example: 2026-10-15 2026-09-11 -> 1 | drafts and a cancelled order make no customer
-- example: 2026-10-15 2026-09-14 -> 0 | a lead with the name of an account
-- example: 2026-10-15 2026-09-30 -> 0 | a lead linked to an account
-- example: 2026-10-15 2026-10-05 -> 1 | created after a lead linked to it
-- example: 2026-10-15 2026-10-09 -> 1 | a lead linked to an account that is not there
-- example: 2026-10-15 2026-10-12 -> 0 | a lead with the name of an account
-- example: 2026-10-15 2026-10-15 -> 1
-- example: 2026-10-15 2026-08 -> 6
-- example: 2026-10-15 2026-08-10 -> 0 | another SIRET of one SIREN
-- example: 2026-10-15 2026-08-11 -> 0 | the VAT number, written otherwise
-- example: 2026-10-15 2026-08-12 -> 0 | the e-mail domain
-- example: 2026-10-15 2026-08-14 -> 0 | name and postcode
-- example: 2026-10-15 2026-08-17 -> 1 | another postcode, a public domain; a lead of that name, made in the same second, is known
-- example: 2026-10-15 2026-08-18 -> 0 | an account with the name of an earlier lead
-- example: 2026-10-15 2026-08-20 -> 0 | a lead with the domain of an account
-- example: 2026-10-15 2026-08-21 -> 1 | a public domain
-- example: 2026-10-15 2026-08 $public_domains=free.fr -> 4
-- example: 2026-10-15 2026-08 $public_domains=gmail.com -> 6
-- example: 2026-10-15 2026-08-25 -> 1 | the name of an account of type other
-- example: 2026-10-15 2026-07 -> 6
-- example: 2026-10-15 2026-07 $bulk_size=3 -> 6
-- example: 2026-10-15 2026-07 $bulk_size=2 -> 3 | three by one creator in a minute; the next minute is another
-- example: 2026-10-15 2026-06 $bulk_size=3 -> 3 | two of names without a letter or digit are not one company
-- example: 2026-10-15 2026-06 $bulk_size=2 -> 0 | three of one source in a minute
-- example: 2026-10-15 2026-09 $bulk_size=2 -> 2 | three of nobody knows whom are no import
-- example: 2026-10-15 2024-07 -> 3 | and one of type other
-- example: 2026-10-15 2024-03 -> 7
-- example: 2026-10-15 2031 -> none
-- example: 2026-10-15 2026-10 rep=U2 -> 3 alert=P2:no_contact:first_call | created on the 7th, called before; the others were called on the day or today
-- example: 2026-10-15 2026-10 customer=P21 -> 1 alert=none | called on the 15th, without an open opportunity
-- example: 2026-10-15 2026-10 rep=U1 -> 4 alert=none | called on the day it was created; 7 days old; 6 days old
-- example: 2026-10-15 2026-10 rep=U1 $first_contact_days=6 -> 4 alert=P2:no_contact:first_call
-- example: 2026-10-15 2026-10 -> 7 groups=none
-- example: 2026-10-15 2026-08 rep=U1 -> 6 attainment=0.857142857 groups=none | 6 of 7
-- example: 2026-10-15 2026-08 rep=U1 $prospect_pace=0.86 -> 6 groups=P2:rep:U1
-- example: 2026-10-15 2026-10 $prospect_pace=2.5 -> 7 groups=P2:rep:U1,P2:team:Nord | 4 of 2 due
-- example: 2026-10-15 2026-10 rep=U1 $prospect_pace=2 -> 4 groups=none | exactly 2 times what is due
-- example: 2026-10-15 2026-09 rep=U2 $prospect_pace=3.9 -> 2 attainment=4 groups=none | 4 times the target; 3.5 times the pace, which a target makes useless
-- example: 2026-10-15 2024-04 $prospect_pace=0 -> 0 groups=none | exactly no pace
-- example: 2026-10-15 2026-10 rep=U2 $prospect_pace=9 -> 3 groups=P2:rep:U2 | no target: 8.1 times the pace
select p.created_day as day, p.account_id, p.owner_id, p.id, 1 as num, p.excluded, p.missing, p.name, p.source,
       p.record_type as prospect_type, p.created_by, c.last_action, c.next_action, c.open_amount as at_stake,
       c.signature_date,
       case when (c.last_action is null or c.last_action < p.created_day)
                 and date_diff('day', p.created_day, $data_day) > $first_contact_days
            then 'P2' end as severity,
       'no_contact' as alert_reason, (p.created_day + $first_contact_days * interval 1 day)::date as due,
       'first_call' as action
from prospects p
left join prospect_contacts c on c.id = p.id
