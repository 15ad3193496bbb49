"""A company of any size for the benchmarks: canonical Parquet files by DuckDB, and its data folder by crmkpi's import.

200 reps in 20 teams and 4 business units, 36 months up to 15 October 2026. For N orders there are 0.9 N invoices, N / 10
opportunities (with two stages of history each) and as many activities, N / 40 accounts, and a monthly target per rep.
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
_WHO = "'u' || (hash(i) % 200) as owner_id, 'Team ' || (hash(i) % 20) as team, 'BU ' || (hash(i) % 4) as business_unit"
_ACCOUNT = "'a' || (hash(i + 7) % {accounts}) as account_id"

TABLES = {
    "users": """
        select 'u' || i as user_id, 'Rep ' || i as name, 'Team ' || (i % 20) as team, 'BU ' || (i % 4) as business_unit,
               true as is_sales
        from range(200) t(i)""",
    "accounts": """
        select 'a' || i as account_id, 'Customer ' || i as name, 'customer' as type, 'u' || (i % 200) as owner_id,
               'S' || (i % 5) as segment, 'I' || (i % 9) as industry
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
        select 't' || i as activity_id, 'visit' as type, {_ACCOUNT}, 'p' || (hash(i + 11) % {{rows}}) as opportunity_id,
               'u' || (hash(i) % 200) as owner_id, {{day}} + interval 9 hour as planned_at,
               case when i < {{rows}} * 0.99 then {{day}} + interval 10 hour end as done_at,
               case when i < {{rows}} * 0.99 then 'done' else 'planned' end as status
        from range({{rows}}) t(i)""",
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
               (case when sign < 0.04 then -1 else 1 end * random() * 2000)::decimal(18, 2) as amount
        from (select i, {{day}}::date as day, random() as sign from range({{rows}}) t(i)) o""",
    "targets": """
        select 'rep' as scope, 'u' || i as scope_id, metric, day::date as period_start, last_day(day)::date as period_end,
               (unit * (1 + i % 3))::decimal(18, 2) as value
        from range(200) t(i), (values ('invoiced_revenue', {money}), ('ordered_amount', {money}), ('order_count', {count})) m(metric, unit),
             generate_series(date '2023-10-01', date '2026-12-01', interval 1 month) d(day)""",
}
_PER_ORDER = {"invoices": 0.9, "opportunities": 0.1, "opportunity_history": 0.1, "activities": 0.1}


def generate(folder: Path, orders: int, layout: str = "day") -> None:
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
                "accounts": max(orders // 40, 1),
                "money": orders / 20 or 1,
                "count": orders / 18000 or 1,
            }
            text = sql.replace("{day}", _DAY[layout])
            for key, number in sizes.items():
                text = text.replace(f"{{{key}}}", str(number))
            con.execute(f"copy ({text}) to '{folder / name}.parquet' (format parquet, compression zstd)")


def company(folder: Path, orders: int, layout: str = "day") -> Path:
    """The data folder of a company, made under ``folder`` the first time it is asked for."""
    data = folder / f"{layout}-{orders}"
    if not (data / "manifest.json").is_file():
        source = folder / f"source-{layout}-{orders}"
        if not source.is_dir():
            generate(source, orders, layout)
        import_data(source, data, as_of=AS_OF, currency="EUR")
    return data
