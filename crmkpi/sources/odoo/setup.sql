-- What the SELECTs of this folder share. Every relation holds text, '' where the database has NULL.
-- from_utc and data_currency are the import's own macros.

create macro blank(t) as nullif(trim(t), '');
create macro yes(t) as coalesce(lower(trim(t)) in ('t', 'true', '1'), false);
create macro no(t) as coalesce(lower(trim(t)) in ('f', 'false', '0'), false);
create macro num(t) as try_cast(blank(t) as decimal(18, 6));
-- A moment in the zone of the preset; a plain day has no zone.
create macro local_time(t) as case
    when length(trim(t)) <= 10 then try_cast(blank(t) as timestamp)
    else from_utc(t) end;

-- A translated name is {"en_US": ..., "fr_FR": ...} since Odoo 16, plain text before: English, else what there is.
create macro translated(t) as case
    when json_valid(t) and t like '{%'
    then coalesce(json_extract_string(t, '$.en_US'), json_extract_string(t, '$.*')[1])
    else blank(t) end;

-- The words of a rich text.
create macro plain(html) as blank(regexp_replace(replace(replace(replace(
    regexp_replace(html, '<[^>]*>', ' ', 'g'), '&nbsp;', ' '), '&lt;', '<'), '&amp;', '&'), '\s+', ' ', 'g'));

-- A description without the cards that Odoo (from 19) adds to each meeting: who organises it, the first contact.
create macro without_card(html) as regexp_replace(html,
    '<strong>(Organized by|Contact Details|Organisé par|Détails du contact|Organisiert von|Kontaktdaten|Organizado por'
    || '|Detalles del contacto|Organizzato da|Dettagli contatto|Georganiseerd door|Contactgegevens)</strong>'
    || '(<br\s*/?>[^<]+)?(<br\s*/?>\s*<a [^>]*(mailto|tel):[^>]*>[^<]*</a>){0,2}', '', 'g');

-- An amount in its own currency, at so many units of it for one of the reporting currency; no rate, no amount.
create macro converted(amount, rate) as case
    when rate = 1 then amount::decimal(18, 2) else (amount::double / rate::double)::decimal(18, 2) end;

-- The account of a partner is its commercial partner.
create view partner as
select p.*, coalesce(blank(p.commercial_partner_id), p.id) as account_id from res_partner p;

-- factor 1: the company keeps its books in the reporting currency; NULL: its amounts can not be added to the others.
create view company as
select c.id, blank(c.name) as name, blank(c.partner_id) as partner_id, blank(c.currency_id) as currency_id,
       m.name as currency,
       case when m.name is null or m.name = coalesce(data_currency(), m.name) then 1 end as factor
from res_company c left join res_currency m on m.id = c.currency_id;

-- Documents name their team, so two teams of one name are told apart by their company, else by their id.
create view team as
with named as (
    select t.id, coalesce(translated(t.name), 'team ' || t.id) as name, c.name as company,
           blank(t.user_id) as leader_id, not no(t.active) as active, num(t.invoiced_target) as target
    from crm_team t left join company c on c.id = t.company_id
), counted as (
    select *, count(*) over (partition by name) as same_name,
           count(*) over (partition by name, company) as same_both
    from named
)
select id, leader_id, active, target,
       case when same_name = 1 then name
            when same_both = 1 and company is not null then name || ' (' || company || ')'
            else name || ' (' || id || ')' end as name
from counted;

-- The rate of a sale order: its own; 1 where it is in its company's currency.
create view sale as
select o.*, coalesce(p.account_id, blank(o.partner_id)) as account_id,
       case when o.state in ('sale', 'done') then 'accepted'
            when o.state = 'cancel' then 'cancelled' else o.state end as outcome,
       case when c.id is not null and c.factor is null then null
            when num(o.currency_rate) > 0 then num(o.currency_rate)
            when blank(o.currency_id) is null or c.currency_id is null then 1
            when o.currency_id = c.currency_id then 1 end as rate
from sale_order o left join partner p on p.id = o.partner_id left join company c on c.id = o.company_id;

-- Real product lines: no section, no note, no deposit. Where prices include tax, qty x price_unit is
-- not comparable with the net amount: the list amount is then the net one before discount.
create view sale_line as
select l.*, num(l.product_uom_qty) as quantity, num(l.price_subtotal) as net_amount,
       num(l.product_uom_qty) * num(l.purchase_price) as cost,
       case when num(l.price_subtotal) is null
              or abs(num(l.product_uom_qty) * num(l.price_unit) * (1 - coalesce(num(l.discount), 0) / 100)
                     - num(l.price_subtotal)) < 0.02
              or num(l.discount) >= 100
            then num(l.product_uom_qty) * num(l.price_unit)
            else num(l.price_subtotal) / (1 - coalesce(num(l.discount), 0) / 100) end as list_price
from sale_order_line l
where blank(l.display_type) is null and not yes(l.is_downpayment);

-- sum() skips missing values: an order with one line of unknown cost has no known cost.
create view sale_total as
select order_id,
       case when count(list_price) = count(*) then sum(list_price) end as list_amount,
       case when count(cost) = count(*) then sum(cost) end as cost_amount
from sale_line group by 1;

-- Customer invoices and credit notes, with what their deposit lines hold.
create view invoice_line as
select l.id, l.move_id, num(l.balance) as balance,
       yes(l.is_downpayment) or l.id in (
           select r.invoice_line_id from sale_order_line_invoice_rel r
           join sale_order_line s on s.id = r.order_line_id where yes(s.is_downpayment)) as is_deposit
from account_move_line l
where l.display_type = 'product' or (blank(l.display_type) is null and not yes(l.exclude_from_invoice_tab));

create view deposit as
select move_id, bool_and(is_deposit) as nothing_else,
       sum(case when is_deposit then -balance else 0 end) as amount_signed
from invoice_line group by 1 having bool_or(is_deposit);

create view customer_invoice as
select m.*, coalesce(blank(m.commercial_partner_id), p.account_id, blank(m.partner_id)) as account_id,
       case when c.id is null then 1 else c.factor end as rate
from account_move m left join partner p on p.id = m.partner_id left join company c on c.id = m.company_id
where m.move_type in ('out_invoice', 'out_refund');

-- The orders an invoice was made from: by its lines, else by the names in its origin.
create view invoice_order as
with by_line as (
    select distinct l.move_id, s.order_id
    from sale_order_line_invoice_rel r
    join account_move_line l on l.id = r.invoice_line_id
    join sale_order_line s on s.id = r.order_line_id
), by_origin as (
    select m.id as move_id, o.id as order_id
    from (select id, unnest(string_split(invoice_origin, ',')) as origin from customer_invoice
          where blank(invoice_origin) is not null) m
    join sale_order o on o.name = trim(m.origin)
    where m.id not in (select move_id from by_line)
)
select move_id, min(order_id) as order_id, count(distinct order_id) as orders
from (select * from by_line union all select * from by_origin) group by 1;

-- Open, won, lost; archived for any other reason is a deleted record.
create view crm_record as
select l.*, coalesce(p.account_id, blank(l.partner_id)) as account_id,
       coalesce(translated(s.name), 'stage ' || blank(l.stage_id)) as stage_name, num(s.sequence) as stage_position,
       case when c.id is not null and c.factor is null then null else num(l.expected_revenue) end as potential,
       coalesce(blank(l.date_conversion), l.create_date) as begun, -- before, it was a lead
       not yes(l.active) and (blank(l.lost_reason_id) is not null or coalesce(num(l.probability), 0) = 0) as is_lost,
       case when s.id is null then coalesce(num(l.probability) = 100, false) else yes(s.is_won) end as in_won_stage
from crm_lead l
left join partner p on p.id = l.partner_id
left join crm_stage s on s.id = l.stage_id
left join company c on c.id = l.company_id;

create view lead_tags as
select r.lead_id, string_agg(translated(t.name), ', ' order by r.tag_id) as tags
from crm_tag_rel r join crm_tag t on t.id = r.tag_id group by 1;

create view campaign as
select id, coalesce(translated(title), translated(name)) as name from utm_campaign;

-- The day the database was read: the newest moment in it that has passed.
create view newest as
select max(day) as day
from (
    select local_time(write_date)::date as day from res_partner union all
    select local_time(write_date)::date from crm_team union all
    select local_time(write_date)::date from crm_lead union all
    select local_time(write_date)::date from sale_order union all
    select local_time(write_date)::date from account_move
);

-- People of the house: internal users and our own companies are nobody's customer.
create view own_partner as
select blank(partner_id) as id from res_users where not yes(share) union
select partner_id from company;

-- What an activity or a meeting hangs on.
create view document as
select 'crm.lead' as model, id, account_id,
       case when type = 'opportunity' then id end as opportunity_id,
       case when type <> 'opportunity' then id end as lead_id,
       null as quote_id, null as order_id, null as plan_id from crm_record union all
select 'sale.order', id, account_id, blank(opportunity_id), null,
       id, case when outcome = 'accepted' then id end, null from sale union all
select 'res.partner', id, account_id, null, null, null, null, null from partner union all
select 'account.move', id, account_id, null, null, null, null, null from customer_invoice union all
select 'project.project', j.id, p.account_id, null, null, null, null, j.id
from project_project j left join partner p on p.id = j.partner_id union all
select 'project.task', k.id, p.account_id, null, null, null, null, blank(k.project_id)
from project_task k left join partner p on p.id = k.partner_id union all
select 'stock.picking', k.id, p.account_id, null, null, null, blank(k.sale_id), null
from stock_picking k left join partner p on p.id = k.partner_id;

-- The customers at a meeting, in the order they were invited.
create view meeting_customer as
select e.calendar_event_id as event_id, p.id as partner_id, p.account_id, p.account_id <> p.id as is_contact,
       row_number() over (partition by e.calendar_event_id order by coalesce(a.id::bigint, 0), p.id) as place
from calendar_event_res_partner_rel e
join partner p on p.id = e.res_partner_id
left join calendar_attendee a on a.event_id = e.calendar_event_id and a.partner_id = e.res_partner_id
where p.id not in (select id from own_partner where id is not null)
  and p.account_id not in (select id from own_partner where id is not null);
