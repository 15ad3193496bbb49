-- no: 2.1
-- rank: 1
-- fr: Visites en retard
-- en: Overdue visits
-- unit: count
-- better: down
-- needs: activities
-- helps: orders | montant en jeu sans les commandes | money at risk without the orders
-- helps: quotes | montant en jeu sans les devis | money at risk without the quotes
-- helps: opportunities | montant en jeu sans les opportunités | money at risk without the opportunities
-- dimensions: late_reason type
-- list: risk_places risk_largest contact_cards account_cards
-- undated: montants et probabilités sont ceux d'aujourd'hui | amounts and probabilities are today's
-- definition_en: Visits planned before the day and neither done nor cancelled by then, with their lateness in working days.
--   A past visit of unknown outcome is set apart; where the source never says that a visit was done, all are, and there is
--   no value. The amount is the money at risk at the visit's customer, counted once per customer in any group: undelivered
--   orders, else open quotes in full, else open opportunities x probability. A visit without a customer puts none at risk.
-- definition_fr: Visites prévues avant le jour dit, ni faites ni annulées à ce jour, avec leur retard en jours ouvrés. Une
--   visite passée d'issue inconnue est mise à part ; là où la source ne dit jamais qu'une visite est faite, toutes le sont,
--   et il n'y a pas de valeur. Le montant est l'argent en jeu chez le client de la visite, compté une fois par client dans
--   tout groupe : reste à livrer, sinon devis ouverts en entier, sinon opportunités ouvertes x probabilité. Une visite sans
--   client ne met rien en jeu.
-- trap: les montants de deux commerciaux qui visitent le même client se recoupent : ils ne s'additionnent pas
--   | the amounts of two reps who visit one customer overlap: they do not add up
-- trap: un devis et une opportunité que rien ne relie comptent tous deux : voir la part des documents reliés
--   | a quote and an opportunity that nothing links both count: see the share of linked documents
-- setting: late_days=7 | visite en retard depuis plus de, jours ouvrés | visit late for more than, working days
-- setting: top_tenth=10 | plus gros montants : un sur | largest amounts: one in
-- word: big_risk | visite en retard chez un client où l'enjeu est parmi les plus gros
--   | visit overdue at a customer with one of the largest amounts at risk
-- word: very_late | visite en retard depuis longtemps | visit overdue for long
-- word: call_now | appeler le client aujourd'hui et fixer la visite | call the customer today and set the visit
-- word: plan_again | fixer une nouvelle date ou annuler la visite | set a new date or cancel the visit
-- example: 2025-11-30 2025-11 -> 4 amount=8000 n=4 status=partial because=no_done_flag | C1 twice for its 5,600, C2 for 2,400, and one without a customer
-- example: 2025-11-30 2025-11 rep=U1 -> 2 amount=8000 | both customers
-- example: 2025-11-30 2025-11 rep=U2 -> 1 amount=5600 | the same C1 again: the amounts of reps overlap
-- example: 2025-11-30 2025-11 customer= -> 1 amount=0 | no customer, nothing at risk
-- example: 2025-11-30 2025-11 type=meeting -> 1 amount=2400
-- example: 2025-11-30 2025-11 late_reason= -> 3 amount=5600 | none, or a blank
-- example: 2025-11-30 2025-11 late_reason='Client absent' -> 1 amount=2400
-- example: 2025-11-30 2025-11 customer=C4 -> 0 status=ok | of unknown outcome: apart
-- example: 2025-11-30 2025-11 customer=C5 -> none because=no_done_flag | no meeting of the source was ever done
-- example: 2025-11-30 2025-11 customer=C1 -> 2 amount=5600 alert=P1:big_risk:call_now
-- example: 2025-11-30 2025-11 customer=C2 -> 1 alert=none | 7 working days late, and the second of two customers
-- example: 2025-12-01 2025-12 customer=C2 -> 1 alert=P2:very_late:plan_again | 8 working days
-- example: 2025-12-01 2025-12 customer=C2 $late_days=8 -> 1 alert=none
-- example: 2025-11-30 2025-11 customer=C2 $top_tenth=1 -> 1 alert=P1:big_risk:call_now
-- example: 2025-11-30 2025-11 customer=C2 $top_tenth=2 -> 1 alert=none | one in two of two
-- example: 2025-12-02 2025-12 customer=C3 -> 0 | planned on the day
-- example: 2025-12-03 2025-12 customer=C3 -> 1 amount=3200 | the day after
-- example: 2025-11-20 2025-11 -> 2 amount=3200 alert=P1:big_risk:call_now | V2; V3, done on the 25th
-- example: 2025-11-20 2025-11 customer=C3 -> 1 amount=800 alert=none | 7 working days: the 11th was a holiday
-- example: 2025-11-20 2025-11 customer=C3 $late_days=6 -> 1 alert=P2:very_late:plan_again
-- example: 2025-11-21 2025-11 customer=C3 -> 1 amount=3200 alert=P1:big_risk:call_now | more is at risk since a quote of the 21st
-- example: 2025-11-19 2025-11 -> 1 amount=800 | planned on the day: not late yet
-- example: 2025-11-25 2025-11 customer=C3 -> 0 | done on the day
-- example: 2025-11-24 2025-11 customer=C3 -> 1
-- example: 2025-11-13 2025-11 -> 2 amount=5900 | one cancelled on the 14th
-- example: 2025-11-14 2025-11 customer=C1 -> 0 | cancelled on the day
-- example: 2025-11-07 2025-11 rep=U4 -> 1 | done on the 8th, without a status: late the day before
-- example: 2025-11-08 2025-11 rep=U4 -> 0 | done on the day, whatever its status
-- example: 2025-12-30 2025-12 rep=U4 -> none because=no_status | neither a status nor a day says what became of it
-- example: 2025-11-30 2025-11 rep=U3 -> 1 | and one done on time
-- example: 2025-12-11 2025-12 customer=C2 $top_tenth=3 -> 1 alert=P1:big_risk:call_now | the second of 4, the last of which has less than 1.00 at risk
-- example: 2025-12-11 2025-12 customer=C11 -> 1 amount=0.93 | 10 x 0.09346
-- example: 2025-11-30 2025-11 customer=C12 $visit_types='visit meeting task' -> 0 status=ok | one was done, nobody knows when: the type is recorded
select j.as_of as day, j.account_id, j.owner_id, j.activity_id as id, 1 as num,
       coalesce(r.amount, 0)::decimal(18,2) as amount, j.account_id as once,
       j.excluded, j.missing, j.subject, j.type, j.planned, j.days_late, j.late_reason, l.at_risk, c.contact,
       coalesce(c.phone, a.phone) as phone,
       case when p.place <= ceil(p.customers::double / $top_tenth) then 'P1'
            when j.days_late > $late_days then 'P2' end as severity,
       case when p.place <= ceil(p.customers::double / $top_tenth) then 'big_risk' else 'very_late' end as alert_reason,
       j.planned as due,
       case when p.place <= ceil(p.customers::double / $top_tenth) then 'call_now' else 'plan_again' end as action
from (select v.*, cast(n.n - m.n as integer) as days_late
      from pending_visits v
      left join calendar n on n.day = v.as_of
      left join calendar m on m.day = v.planned) j
left join money_at_risk r on r.as_of = j.as_of and r.account_id = j.account_id
left join risk_places p on p.as_of = j.as_of and p.account_id = j.account_id
left join risk_largest l on l.as_of = j.as_of and l.account_id = j.account_id
left join contact_cards c on c.contact_id = j.contact_id
left join account_cards a on a.account_id = j.account_id
