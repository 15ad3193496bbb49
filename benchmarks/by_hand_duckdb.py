"""Family 1 as a good engineer writes it in SQL for one question: October 2026 by team, seen on the 15th.

The days are literals, nothing is checked, no total, no reason: only the columns of the answer that hold numbers.
``python -m benchmarks.by_hand_duckdb NAME DATA`` prints the text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

STARTS = ("2026-10-01", "2026-09-01", "2025-10-01")
DAYS = ("2026-10-15", "2026-09-15", "2025-10-15")
"""This month, the month before and a year ago, to the eleventh working day."""
ENDS = ("2026-11-01", "2026-10-01", "2025-11-01")
WORKING_DAYS = (22, 22, 23)
ELAPSED = 11
NUMBERS = ("num", "den", "value", "amount", "n", "target", "target_to_date", "attainment", "previous", "last_year", "coverage")  # fmt: skip
BESIDE = {
    "average_basket": ("median", "p90"),
    "open_opportunities": ("signature_filled", "need_filled", "budget_filled", "delivery_filled", "competitor_filled",
                           "stage_filled"),
}  # fmt: skip


# parts that several questions share -----------------------------------------------------------------
def within(day: str, starts: tuple[str, ...] = STARTS, days: tuple[str, ...] = DAYS) -> str:
    """The rows of the three stretches of days."""
    return (
        "(" + " or ".join(f"{day} between date '{a}' and date '{b}'" for a, b in zip(starts, days, strict=True)) + ")"
    )


def span(day: str, starts: tuple[str, ...] = STARTS) -> str:
    """The number of a row's stretch: 0 is this month."""
    newest = sorted(range(len(starts)), key=lambda number: starts[number], reverse=True)
    return "case " + " ".join(f"when {day} >= date '{starts[number]}' then {number}" for number in newest) + " end"


def spans() -> str:
    """The three months as a relation: span, day, stop, working days."""
    rows = ", ".join(
        f"({number}, date '{day}', date '{end}', {working})"
        for number, (day, end, working) in enumerate(zip(DAYS, ENDS, WORKING_DAYS, strict=True))
    )
    return f"(values {rows}) s(span, day, stop, working)"


def targets(metric: str) -> str:
    """A team's target of each month: its reps'."""
    return f"""
        select u.team, span, sum(t.value)::double as target
        from targets t join users u on u.user_id = t.scope_id join {spans()} on s.stop - interval 1 month = t.period_start
        where t.scope = 'rep' and t.metric = '{metric}' group by 1, 2"""


def answer(sums: str, target: str = "", to_date: str = "target * 11 / 22", beside: tuple[str, ...] = ()) -> str:
    """The answer of ``sums`` (team, span, num, den, value, amount, n, coverage): a row per team, comparisons beside."""
    extra = "".join(f", max({name}) filter (span = 0) as {name}" for name in beside)
    target = target or "select null::varchar as team, 0 as span, null::double as target"
    return f"""
    with sums as ({sums}), goals as ({target}), rows as (
        select team, {", ".join(f"max({each}) filter (span = 0)::double as {each}" for each in ("num", "den", "value", "amount"))},
               coalesce(max(n) filter (span = 0), 0) as n, max(coverage) filter (span = 0)::double as coverage,
               max(value) filter (span = 1)::double as previous, max(value) filter (span = 2)::double as last_year{extra}
        from sums group by team)
    select rows.*, target, {to_date} as target_to_date, value / ({to_date}) as attainment
    from rows left join goals on goals.team = rows.team and goals.span = 0"""


def orders(
    num: str, den: str, amount: str, coverage: str = "1", where: str = "true", beside: str = "", n: str = ""
) -> str:
    """Sums of confirmed orders by team and month; ``where`` keeps the rows that can be used."""
    value = "num / den" if den != "null" else "num"
    return f"""
        select *, {value} as value from (
            select team, {span("order_date")} as span, sum({num}) filter ({where}) as num, sum({den}) filter ({where}) as den,
                   sum({amount}) filter ({where}) as amount, {n or f"count(*) filter ({where})"} as n, {coverage} as coverage{beside}
            from orders where status in ('confirmed', 'delivered') and {within("order_date")} group by 1, 2)"""


OPEN = f"""
    select s.span, s.day, s.stop, u.team, o.* replace (coalesce(h.stage, o.stage) as stage),
           coalesce(o.probability, g.probability) as chance
    from opportunities o
    join {spans()} on o.created_at < s.day + interval 1 day and (o.status = 'open' or o.closed_at >= s.day + interval 1 day)
    left join (select opportunity_id, stage, "at"::date as since,
                      lead("at"::date, 1, date '9999-12-31') over (partition by opportunity_id order by "at") as until
               from opportunity_history x) h on h.opportunity_id = o.opportunity_id and s.span > 0 and s.day >= since and s.day < until
    left join stages g on g.stage = coalesce(h.stage, o.stage) left join users u on u.user_id = o.owner_id"""
ORDERED = "select distinct opportunity_id, order_date from orders where opportunity_id is not null and status in ('confirmed', 'delivered')"
REVENUE = f"""
    select team, {span("invoice_date")} as span, sum(amount) as num, null as den, sum(amount) as value, sum(amount) as amount,
           count(*) as n, 1 as coverage
    from invoices where status = 'posted' and type <> 'deposit' and {within("invoice_date")} group by 1, 2"""
TO_INVOICE = f"""
    select o.team, s.span, sum(o.amount) as num, null as den, sum(o.amount) as value, sum(o.amount) as amount, count(*) as n,
           1 as coverage
    from orders o join {spans()} on o.order_date <= s.day and o.requested_delivery_date > s.day
                                and o.requested_delivery_date < s.stop
    where o.status in ('confirmed', 'delivered')
      and not exists (from invoices i where i.order_id = o.order_id and i.status = 'posted' and i.type <> 'deposit'
                      and i.invoice_date <= s.day)
    group by 1, 2"""


def opened(
    num: str,
    where: str = "true",
    coverage: str = "count(amount) / count(*)",
    used: str = "amount is not null",
    beside: str = "",
) -> str:
    """Sums of the deals open at each of the three days, by team."""
    return f"""
        select team, span, sum({num}) filter ({used}) as num, null as den, num as value, sum(amount) as amount,
               count(*) filter ({used}) as n, {coverage} as coverage{beside}
        from ({OPEN}) where {where} group by 1, 2"""


WEIGHTED = "round(amount * chance, 2)::decimal(18, 2)"
SIGNING = opened("amount", "expected_close_date >= day and expected_close_date < stop")
WEIGHTED_SIGNING = f"""
    select team, span, sum({WEIGHTED}) as num, null as den, num as value, sum(amount) as amount, count(amount) as n,
           count(amount) / count(*) as coverage
    from (select * from ({OPEN}) where expected_close_date > day and expected_close_date < stop) d
    where not exists (from orders r where r.opportunity_id = d.opportunity_id and r.status in ('confirmed', 'delivered')
                      and r.order_date <= d.day)
    group by 1, 2"""


def closed(
    num: str, den: str, starts: tuple[str, ...] = STARTS, days: tuple[str, ...] = DAYS, where: str = "true"
) -> str:
    """Sums of the deals closed in each of the three months, by team."""
    return f"""
        select *, num / den as value from (
            select u.team, {span("closed_at::date", starts)} as span, sum({num}) filter ({where}) as num,
                   sum({den}) filter ({where}) as den, sum(case when status = 'won' then amount else 0 end) as amount,
                   count(*) filter ({where} and {den} <> 0) as n, count(*) filter ({where}) / count(*) as coverage
            from opportunities o left join users u on u.user_id = o.owner_id
            where status <> 'open' and {within("closed_at::date", starts, days)} group by 1, 2)"""


def won_in_a_year(number: int) -> str:
    """The win rate by value over the 12 months to a day; the stretches overlap, so one at a time."""
    year = int(DAYS[number][:4])
    start = f"{year - 1}{DAYS[number][4:8]}16"
    one = closed(
        "case when status = 'won' then amount else 0 end", "amount", (start,), (DAYS[number],), "amount is not null"
    )
    return f"""select team, {number} as span, null as num, null as den, 1 / nullif(value::double, 0) as value, null as amount,
                      n, coverage from ({one})"""


# one question each -----------------------------------------------------------------------------------
def _landing() -> str:
    sums = f"""
        select team, span, null as num, null as den, value / 11.0::double * working as value, null as amount, n, coverage
        from ({REVENUE}) join {spans()} using (span)"""
    return answer(sums, targets("invoiced_revenue"), "target")


def _landing_pipeline() -> str:
    sums = f"""
        select r.team, r.span, null as num, null as den, r.value + coalesce(o.value, 0) + coalesce(w.value, 0) as value,
               null as amount, r.n, least(1, w.coverage) as coverage
        from ({REVENUE}) r left join ({TO_INVOICE}) o on o.team = r.team and o.span = r.span
        left join ({WEIGHTED_SIGNING}) w on w.team = r.team and w.span = r.span"""
    return answer(sums, targets("invoiced_revenue"), "target")


def _needed_pace() -> str:
    sums = f"""
        select team, span, greatest(0, target - value::double) as num, working - 11 as den,
               greatest(0, target - value::double) / (working - 11) as value, null as amount, n, coverage
        from ({REVENUE}) join ({targets("invoiced_revenue")}) using (team, span) join {spans()} using (span)"""
    return answer(sums)


def _pipeline_coverage() -> str:
    ordered = orders("amount", "null", "amount")
    sums = f"""
        select o.team, o.span, coalesce(p.value, 0) as num, t.target - o.value::double as den,
               case when t.target > o.value then coalesce(p.value, 0) / (t.target - o.value::double) end as value,
               coalesce(p.value, 0) as amount, coalesce(p.n, 0) as n, coalesce(p.coverage, 1) as coverage
        from ({ordered}) o join ({targets("ordered_amount")}) t using (team, span)
        left join ({SIGNING}) p on p.team = o.team and p.span = o.span"""
    return answer(sums)


def _average_basket() -> str:
    sums = orders(
        "amount",
        "1",
        "amount",
        where="amount <> 0",
        beside=""",
        median(amount::double) filter (amount <> 0) as median,
        percentile_cont(0.9) within group (order by amount::double) filter (amount <> 0) as p90""",
    )
    goal = f"""select team, span, a.target / c.target as target from ({targets("ordered_amount")}) a
        join ({targets("order_count")}) c using (team, span)"""
    return answer(sums, goal, "target", BESIDE["average_basket"])


def _calibrated_pipeline() -> str:
    outcomes = f"""
        select h.stage, s.span, count(distinct h.opportunity_id) as closed,
               count(distinct h.opportunity_id) filter (o.status = 'won') as won
        from opportunity_history h join opportunities o using (opportunity_id)
        join {spans()} on o.closed_at < s.day + interval 1 day
        where o.status <> 'open' and h."at" < o.closed_at::date + interval 1 day group by 1, 2"""
    usable = "amount is not null and closed >= 20"
    value = "((2 * (amount * 100)::bigint * won + closed) // (2 * closed) / 100)::decimal(18, 2)"
    sums = f"""
        select team, d.span, sum({value}) filter ({usable}) as num, null as den,
               num as value, sum(amount) filter ({usable}) as amount, count(*) filter ({usable}) as n,
               sum(amount) filter ({usable}) / (sum(amount) + sum(amount) / count(amount) * (count(*) - count(amount))) as coverage
        from ({OPEN}) d left join ({outcomes}) c on c.stage = d.stage and c.span = d.span group by 1, 2"""
    return answer(sums)


def _open_opportunities() -> str:
    columns = ("expected_close_date", "need", "budget_amount", "requested_delivery_date", "competitor", "stage")
    names = BESIDE["open_opportunities"]
    beside = "".join(f", count({column}) / count(*) as {name}" for column, name in zip(columns, names, strict=True))
    return answer(opened("1", used="true", coverage="1", beside=beside), beside=names)


QUESTIONS: dict[str, Callable[[], str]] = {
    "invoiced_revenue": lambda: answer(REVENUE, targets("invoiced_revenue")),
    "landing": _landing,
    "landing_pipeline": _landing_pipeline,
    "needed_pace": _needed_pace,
    "orders_to_invoice": lambda: answer(TO_INVOICE),
    "ordered_amount": lambda: answer(orders("amount", "null", "amount"), targets("ordered_amount")),
    "order_count": lambda: answer(orders("1", "null", "amount"), targets("order_count")),
    "discount_rate": lambda: answer(
        orders("list_amount - amount", "list_amount", "amount", "count(list_amount) / count(*)", "list_amount is not null")
    ),
    "margin_rate": lambda: answer(
        orders("amount - cost_amount", "amount", "amount - cost_amount",
               "sum(amount) filter (cost_amount is not null) / sum(amount)", "cost_amount is not null",
               n="count(*) filter (cost_amount is not null and amount <> 0)")
    ),
    "average_basket": _average_basket,
    "weighted_pipeline": lambda: answer(opened(WEIGHTED)),
    "calibrated_pipeline": _calibrated_pipeline,
    "open_opportunities": _open_opportunities,
    "win_rate": lambda: answer(closed("case when status = 'won' then 1 else 0 end", "1")),
    "win_rate_by_value": lambda: answer(
        closed("case when status = 'won' then amount else 0 end", "amount", where="amount is not null")
    ),
    "pipeline_signing": lambda: answer(SIGNING),
    "weighted_signing": lambda: answer(WEIGHTED_SIGNING),
    "pipeline_coverage": _pipeline_coverage,
    "needed_coverage": lambda: answer(" union all ".join(won_in_a_year(number) for number in range(3))),
}  # fmt: skip


def text(name: str, data: Path, where: str = "") -> str:
    """The query of a figure over the files of a data folder; ``where`` keeps the rows of a team."""
    version = data / str(json.loads((data / "manifest.json").read_text())["version"])
    files = {file.stem: file for file in version.glob("*.parquet") if not file.stem.startswith("view_")}
    sql = QUESTIONS[name]()
    for table, file in files.items():
        for keyword in ("from", "join"):
            sql = sql.replace(f"{keyword} {table} ", f"{keyword} '{file}' ")
    return f"select * from ({sql}) where {where}" if where else sql


if __name__ == "__main__":
    print(text(sys.argv[1], Path(sys.argv[2])))
