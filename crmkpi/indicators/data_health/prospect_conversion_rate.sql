-- no: 3.2
-- rank: 3
-- fr: Conversion des nouveaux prospects
-- en: Conversion of new prospects
-- unit: rate
-- better: up
-- needs: accounts orders
-- rows: prospects
-- dimensions: source prospect_type
-- helps: leads | sans leads, les sociétés qui n'ont pas encore de compte manquent
--   | no leads: companies that have no account yet are not there
-- definition_en: New prospects with a first confirmed or delivered order at most 90 days (a setting) after their creation /
--   all new prospects, on the day they come of that age: each creation is judged at equal age. A lead that no account
--   has become of has no order.
-- definition_fr: Nouveaux prospects ayant une première commande confirmée ou livrée au plus 90 jours (réglage) après leur
--   création / tous les nouveaux prospects, au jour où ils atteignent cet âge : toutes les créations sont jugées à âge
--   égal. Un lead dont aucun compte n'est né n'a pas de commande.
-- trap: La période est celle où les prospects atteignent 90 jours, pas celle de leur création, que la liste montre. |
--   The period is that in which the prospects reach 90 days, not that of their creation, which the list shows.
-- setting: conversion_days=90 | âge auquel un prospect est jugé, jours | age at which a prospect is judged, days
-- example: 2026-10-15 2026-09 -> 0.2 num=1 den=5 status=ok
-- example: 2026-10-15 2026-09-29 -> 0.5 | created on 1 July: one ordered on the 90th day, one on the 91st
-- example: 2026-10-15 2026-09-30 $conversion_days=91 -> 1
-- example: 2026-10-15 2026-09-28 $conversion_days=89 -> 0 den=2
-- example: 2026-10-15 2026-09 source=Fichier -> 0 | leads
-- example: 2026-10-15 2026-10 -> 0 den=4 | drafts and cancelled orders
-- example: 2026-10-15 2026-10-05 -> none | nobody comes of age
-- example: 2026-10-15 2026-09-10 $conversion_days=0 -> 0 den=1 | customers are not in it
-- example: 2026-10-15 2026-10 $bulk_size=2 -> 0 den=1
select (p.created_day + $conversion_days * interval 1 day)::date as day, p.account_id, p.owner_id, p.id,
       case when p.first_order <= (p.created_day + $conversion_days * interval 1 day)::date then 1 else 0 end as num,
       1 as den, p.excluded, p.missing, p.name, p.source, p.record_type as prospect_type, p.created_day as created_on,
       p.first_order
from prospects p
