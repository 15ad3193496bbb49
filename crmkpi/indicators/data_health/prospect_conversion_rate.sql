-- no: 3.2
-- rank: 3
-- fr: Conversion des nouveaux prospects
-- en: Conversion of new prospects
-- unit: rate
-- better: up
-- needs: accounts orders
-- rows: prospects
-- dimensions: source prospect_type
-- definition_en: New prospects with a first confirmed or delivered order at most 90 days (a setting) after their creation /
--   all new prospects, on the day they come of that age: each creation is judged at equal age. A lead that no account
--   has become of has no order.
-- definition_fr: Nouveaux prospects ayant une première commande confirmée ou livrée au plus 90 jours (réglage) après leur
--   création / tous les nouveaux prospects, au jour où ils atteignent cet âge : toutes les créations sont jugées à âge
--   égal. Un lead dont aucun compte n'est né n'a pas de commande.
-- trap: La période est celle où les prospects atteignent 90 jours, pas celle de leur création, que la liste montre. |
--   The period is that in which the prospects reach 90 days, not that of their creation, which the list shows.
-- setting: conversion_days=90 | âge auquel un prospect est jugé, jours | age at which a prospect is judged, days
select (p.created_day + $conversion_days * interval 1 day)::date as day, p.account_id, p.owner_id, p.id,
       case when p.first_order <= (p.created_day + $conversion_days * interval 1 day)::date then 1 else 0 end as num,
       1 as den, p.excluded, p.missing, p.name, p.source, p.record_type as prospect_type, p.created_day as created_on,
       p.first_order
from prospects p
