"""A company of any size for the benchmarks: canonical Parquet files by DuckDB, and its data folder by crmkpi's import.

200 reps in 20 teams (or as many as asked for) and 4 business units, 36 months up to 15 October 2026. For N orders there are
0.9 N invoices, N / 10 opportunities (with two stages of history each), 1.5 N activities, 0.5 N quotes, 0.95 N deliveries,
N / 10 requests, N / 40 accounts with three contacts each, N / 20 leads, 2,000 action plans, and monthly targets per rep. An
order has two or three lines, of 300 products in 10 families, which add up to it: their parts are as 1 to 2 (to 3), the cents
that are left go on.
Amounts, costs, list prices, probabilities and dates are missing here and there, as in real data.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from crmkpi.sources import import_data

AS_OF = "2026-10-15"
LAYOUTS = ("day", "any")
"""Rows in the order of their days, as systems export them; or in any order."""

_DAY = {
    "day": "(date '2023-10-15' + (i * 1096 // {rows})::int)",
    "any": "(date '2023-10-15' + (random() * 1096 - 0.5)::int)",
}
_WHO = "'u' || (hash(i) % 200) as owner_id, 'Team ' || (hash(i) % {teams}) as team, 'BU ' || (hash(i) % 4) as business_unit"
_ACCOUNT = "'a' || (hash(i + 7) % {accounts}) as account_id"

TABLES = {
    "users": """
        select 'u' || i as user_id, 'Rep ' || i as name, 'Team ' || (i % {teams}) as team, 'BU ' || (i % 4) as business_unit,
               true as is_sales
        from range(200) t(i)""",
    "accounts": """
        select 'a' || i as account_id, 'Customer ' || i as name, 'customer' as type, 'u' || (i % 200) as owner_id,
               'S' || (i % 5) as segment, 'I' || (i % 9) as industry, 'FR' as country,
               case when random() < 0.9 then 'City ' || (i % 700) end as city,
               case when random() < 0.9 then i % 90 || ' rue Haute' end as street,
               lpad((i % 95000)::varchar, 5, '0') as postal_code, case when random() < 0.6 then 'FR' || lpad((i % 99)::varchar, 2, '0')
                   || lpad((i % 900000000)::varchar, 9, '0') end as vat_no,
               case when random() < 0.7 then lpad((i * 7 % 900000000)::varchar, 9, '0') end as registration_no,
               case when random() < 0.2 then 3000.00 end as credit_limit, 'Source ' || (i % 6) as source,
               date '2023-10-15' + (i * 1096 // {accounts})::int + interval 9 hour + interval 1 minute * (i % 400) as created_at,
               true as is_active
        from range({accounts}) t(i)""",
    "stages": """
        select 'stage ' || i as stage, i as position, (0.1 + 0.2 * i)::decimal(7, 6) as probability, 'open' as status
        from range(5) t(i)""",
    "opportunities": f"""
        select 'p' || i as opportunity_id, 'Deal ' || i as name, {_ACCOUNT}, 'u' || (hash(i) % 200) as owner_id,
               'stage ' || (hash(i + 3) % 5) as stage, state as status,
               case when random() < 0.9 then random()::decimal(7, 6) end as probability,
               case when random() < 0.98 then (random() * 20000)::decimal(18, 2) end as amount,
               case when random() < 0.4 then 'need ' || (i % 30) end as need,
               case when random() < 0.3 then 'Rival ' || (i % 8) end as competitor,
               created::timestamp + interval 9 hour as created_at,
               case when state <> 'open' then least(created + 60 + (random() * 30)::int, date '2026-10-15')::timestamp
                    + interval 11 hour end as closed_at,
               case when random() < 0.9 then created + (random() * 150)::int end as expected_close_date,
               case when random() < 0.5 then created + (random() * 250)::int end as requested_delivery_date
        from (select i, {{day}}::date as created,
                     case when hash(i + 5) % 8 > 6 or i > {{rows}} * 0.95 then 'open' when hash(i + 17) % 2 = 0 then 'won'
                          else 'lost' end as state
              from range({{rows}}) t(i)) o""",
    "opportunity_history": """
        select 'p' || i as opportunity_id, 'stage ' || ((hash(i + 3) % 5) * half) as stage,
               date '2023-10-15' + (i * 1096 // {rows})::int + interval 10 hour + interval 20 day * half as at
        from range({rows}) t(i), (values (0), (1)) h(half)""",
    "activities": f"""
        select 't' || i as activity_id, kind as type, {_ACCOUNT}, 'p' || (hash(i + 11) % greatest({{rows}} // 15, 1)) as opportunity_id,
               case when kind in ('call', 'email') then 'q' || (hash(i + 23) % greatest({{rows}} // 3, 1)) end as quote_id,
               case when random() < 0.05 then 'l' || (hash(i + 29) % greatest({{rows}} // 30, 1)) end as lead_id,
               case when random() < 0.5 then 'c' || (hash(i + 31) % greatest({{rows}} // 20, 1)) end as contact_id,
               'u' || (hash(i) % 200) as owner_id, day + interval 9 hour as planned_at,
               case when state = 'done' then day + interval 10 hour + interval 24 hour * (random() * 3)::int end as done_at,
               case when state = 'cancelled' then day::timestamp end as cancelled_at, state as status,
               case when kind = 'email' and random() < 0.3 then 'in' when kind in ('email', 'call') then 'out' end as direction,
               case when random() < 0.7 then 'seen, interested' end as report,
               case when random() < 0.3 then 'customer not there' end as late_reason,
               case when random() < 0.1 then 'high' end as priority
        from (select i, {{day}}::date as day,
                     case hash(i + 3) % 10 when 0 then 'task' when 1 then 'meeting' when 2 then 'email' when 3 then 'email'
                          when 4 then 'call' when 5 then 'call' else 'visit' end as kind,
                     case when i > {{rows}} * 0.995 then 'planned' when random() < 0.9 then 'done' when random() < 0.5 then 'cancelled'
                          else 'planned' end as state
              from range({{rows}}) t(i)) a""",
    "contacts": """
        select 'c' || i as contact_id, 'a' || (hash(i + 7) % {accounts}) as account_id,
               case when random() < 0.95 then 'Name ' || (i % 9000) end as last_name, 'First ' || (i % 300) as first_name,
               case when random() < 0.8 then
                    case when random() < 0.03 then 'nobody' else 'p' || (i % ({rows} * 0.97)::int) || '@company.fr' end end
                   as email,
               case when random() < 0.7 then '01 23 45 67 ' || (10 + i % 90) end as phone,
               case when random() < 0.4 then 'Buyer' end as job_title, case when random() < 0.5 then 'Purchasing' end as department,
               i % 3 = 0 as is_decision_maker, random() < 0.03 as opted_out,
               date '2023-10-15' + (i * 1096 // {rows})::int + interval 9 hour as created_at,
               date '2023-10-15' + (i * 1096 // {rows})::int + interval 9 hour + interval 24 hour * (random() * 90)::int as updated_at
        from range({rows}) t(i)""",
    "leads": """
        select 'l' || i as lead_id, created + interval 9 hour as created_at, state as status, 'Company ' || (i % 50000) as company,
               case when state in ('qualified', 'converted') then created + interval 60 hour end as qualified_at,
               case when state = 'converted' then created + interval 300 hour end as converted_at,
               case when state = 'disqualified' then created + interval 200 hour end as disqualified_at,
               'Source ' || (hash(i) % 6) as source, 'Campaign ' || (hash(i + 1) % 20) as campaign,
               'p' || i || '@lead' || (i % 60000) || '.fr' as email, 'u' || (hash(i) % 200) as owner_id,
               'u' || (hash(i) % 50) as created_by,
               case when random() < 0.5 then 'a' || (hash(i + 7) % {accounts}) end as account_id,
               case when random() < 0.8 then 'Product ' || (hash(i + 5) % 12) end as product_interest,
               case when random() < 0.9 then (random() * 30000)::decimal(18, 2) end as potential_amount,
               case when state = 'converted' then 'p' || (hash(i + 9) % {rows}) end as opportunity_id
        from (select i, date '2023-10-15' + (i * 1096 // {rows})::int as created,
                     case hash(i + 13) % 6 when 0 then 'new' when 1 then 'working' when 2 then 'qualified' when 3 then 'converted'
                          else 'disqualified' end as state from range({rows}) t(i)) l""",
    "quotes": f"""
        select 'q' || i as quote_id, 'Q' || i as number, {_ACCOUNT}, 'p' || (hash(i + 17) % greatest({{rows}} // 5, 1)) as opportunity_id,
               'u' || (hash(i) % 200) as owner_id, day + interval 9 hour as issued_at, day + 30 + (random() * 30)::int as valid_until,
               case when state in ('accepted', 'refused', 'cancelled')
                    then day + interval 24 hour * (1 + (random() * 40)::int) end as decided_at,
               state as status, (random() * 8000)::decimal(18, 2) as amount,
               case when random() < 0.05 then 'q' || (i + 1) end as replaced_by
        from (select i, {{day}}::date as day,
                     case when i > {{rows}} * 0.97 then 'sent' when random() < 0.5 then 'accepted' when random() < 0.7 then 'refused'
                          when random() < 0.5 then 'cancelled' when random() < 0.3 then 'draft' else 'sent' end as state
              from range({{rows}}) t(i)) q""",
    "deliveries": f"""
        select 'd' || i as delivery_id, 'o' || i as order_id, {_ACCOUNT}, day + 10 as planned_date,
               case when day < date '2026-09-01' then day + interval 24 hour * (5 + (random() * 10)::int) end as delivered_at,
               case when day < date '2026-09-01' then 'delivered' else 'pending' end as status, (random() * 2000)::decimal(18, 2) as amount
        from (select i, {{day}}::date as day from range({{rows}}) t(i)) d""",
    "tickets": f"""
        select 'k' || i as ticket_id, 'T' || i as number, {_ACCOUNT}, 'u' || (hash(i) % 200) as owner_id, 'Help' as subject,
               case when i < {{rows}} * 0.98 then 'closed' else 'open' end as status, day + interval 9 hour as opened_at,
               day + interval 240 hour as due_at,
               case when i < {{rows}} * 0.98 then day + interval 24 hour * (random() * 20)::int end as closed_at
        from (select i, {{day}}::date as day from range({{rows}}) t(i)) k""",
    "action_plans": """
        select 'n' || i as plan_id, 'Plan ' || i as name, 'u' || (i % 200) as owner_id, start as start_date, start + 180 as due_date,
               random()::decimal(7, 6) as progress, (random() * 90000)::decimal(18, 2) as target_amount,
               (random() * 50000)::decimal(18, 2) as actual_amount,
               case when start > date '2026-04-20' then 'running' else 'done' end as status, start + interval 2000 hour as updated_at,
               case when start <= date '2026-04-20' then start + interval 4300 hour end as closed_at
        from (select i, date '2023-10-15' + (i * 1096 // 2000)::int as start from range(2000) t(i)) n""",
    "orders": f"""
        select 'o' || i as order_id, 'SO' || i as number, {_ACCOUNT}, {_WHO},
               case when random() < 0.05 then 'p' || (hash(i + 13) % greatest({{rows}} // 10, 1)) end as opportunity_id, day as order_date,
               case when random() < 0.03 then 'draft' when random() < 0.03 then 'cancelled'
                    when day > date '2026-08-15' then 'confirmed' else 'delivered' end as status,
               (random() * 2000)::decimal(18, 2) as amount,
               case when random() < 0.97 then (2000 + random() * 200)::decimal(18, 2) end as list_amount,
               case when random() < 0.98 then (random() * 1500)::decimal(18, 2) end as cost_amount,
               day + 5 + (random() * 60)::int as requested_delivery_date,
               case when day <= date '2026-08-15' then day + interval 240 hour * (1 + random() * 4)::int end as delivered_at
        from (select i, {{day}}::date as day from range({{rows}}) t(i)) o""",
    "invoices": f"""
        select 'i' || i as invoice_id, 'FA' || i as number, {_ACCOUNT}, {_WHO}, 'o' || i as order_id, day as invoice_date,
               day + 30 as due_date,
               case when random() < 0.02 then 'draft' when random() < 0.01 then 'cancelled' else 'posted' end as status,
               case when sign < 0.04 then 'credit_note' when sign > 0.99 then 'deposit' else 'invoice' end as type,
               money as amount, (money * 1.2)::decimal(18, 2) as amount_with_tax,
               case when day > date '2026-08-01' then (money * 1.2)::decimal(18, 2) else 0 end as open_amount,
               case when day <= date '2026-08-01' then day + interval 24 hour * (20 + (random() * 40)::int) end as paid_at
        from (select *, (case when sign < 0.04 then -1 else 1 end * random() * 2000)::decimal(18, 2) as money
              from (select i, {{day}}::date as day, random() as sign from range({{rows}}) t(i)) o) p""",
    "targets": """
        select 'rep' as scope, 'u' || i as scope_id, metric, day::date as period_start, last_day(day)::date as period_end,
               (unit * (1 + i % 3))::decimal(18, 2) as value
        from range(200) t(i), (values ('invoiced_revenue', {money}), ('ordered_amount', {money}), ('order_count', {count}),
                 ('visits_done', {count}), ('qualified_leads', 5), ('new_prospects', 3)) m(metric, unit),
             generate_series(date '2023-10-01', date '2026-12-01', interval 1 month) d(day)""",
    "order_lines": """
        select order_id, 'P' || product as product_id, 'Product ' || product as product, 'Family ' || (product % 10) as product_family,
               1 + product % 7 as quantity,
               ((cents * ((line + 1) * (line + 2) // 2) // whole - cents * (line * (line + 1) // 2) // whole) / 100.0)::decimal(18, 2)
                   as amount
        from (select order_id, cents, lines * (lines + 1) // 2 as whole, line, hash(order_id, line) % 300 as product
              from (select order_id, (amount * 100)::bigint as cents, 2 + (hash(order_id) % 2)::int as lines from '{orders}') o,
                   range(3) l(line)
              where line < lines) p""",
}
_PER_ORDER = {"invoices": 0.9, "opportunities": 0.1, "opportunity_history": 0.1, "activities": 1.5, "contacts": 0.075, "leads": 0.05,
              "quotes": 0.5, "deliveries": 0.95, "tickets": 0.1}  # fmt: skip


def generate(folder: Path, orders: int, layout: str = "day", teams: int = 20) -> None:
    """Write the canonical Parquet files of a company of ``orders`` orders, rows laid out by ``day`` or in ``any`` order."""
    folder.mkdir(parents=True)
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        con.execute("set threads = 1")  # random() gives the same rows on any machine
        con.execute("select setseed(0.42)")
        for name, sql in TABLES.items():
            rows = max(int(orders * _PER_ORDER.get(name, 1)), 1)
            sizes = {
                "rows": rows,
                "teams": teams,
                "accounts": max(orders // 40, 1),
                "money": orders / 20 or 1,
                "count": orders / 18000 or 1,
            }
            text = sql.replace("{day}", _DAY[layout]).replace("{orders}", str(folder / "orders.parquet"))
            for key, number in sizes.items():
                text = text.replace(f"{{{key}}}", str(number))
            con.execute(f"copy ({text}) to '{folder / name}.parquet' (format parquet, compression zstd)")


def company(folder: Path, orders: int, layout: str = "day", teams: int = 20) -> Path:
    """The data folder of a company, made under ``folder`` the first time it is asked for."""
    name = f"{layout}-{orders}" + (f"-{teams}-teams" if teams != 20 else "")
    data = folder / name
    if not (data / "manifest.json").is_file():
        source = folder / f"source-{name}"
        if not source.is_dir():
            generate(source, orders, layout, teams)
        import_data(source, data, as_of=AS_OF, currency="EUR")
    return data
