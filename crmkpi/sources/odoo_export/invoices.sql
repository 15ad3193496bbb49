-- Customer invoices and credit notes only. An export does not tell deposits from other invoices.
select m."ID" as invoice_id,
       nullif(blank(m."Numéro"), '/') as number,
       m.account_id,
       u.user_id as owner_id,
       blank(m."Équipe commerciale") as team,
       blank(m."Société") as business_unit,
       n.order_id,
       coalesce(blank(m."Date de facturation"), blank(m."Date d'échéance")) as invoice_date,
       blank(m."Date d'échéance") as due_date,
       m.kind as type,
       m.outcome as status,
       blank(m."Montant HT Signé") as amount,
       blank(m."Total signé") as amount_with_tax,
       blank(m."Montant dû signé") as open_amount
from invoice m
left join user_name u on u.name = blank(m."Vendeur")
left join order_name n on n.number = blank(m."Origine")
where m.kind is not null
