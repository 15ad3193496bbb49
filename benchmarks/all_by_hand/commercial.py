"""Family 1 by hand: revenue, orders, pipeline."""

from __future__ import annotations

from benchmarks.all_by_hand.texts import FIRST, S, answer, flow

REVENUE = f"""
    select invoice_date as day, sum(amount) as num, sum(amount) as amount, count(*) as n
    from invoices where status = 'posted' and type <> 'deposit' and invoice_date >= {FIRST} group by 1"""
WORKING = "(values (0, 11, 22), (1, 11, 22), (2, 11, 23)) w(k, elapsed, whole)"
"""The months that are not over: working days gone and of the whole."""


def orders(num: str, den: str, amount: str, where: str = "true", n: str = "count(*)") -> str:
    """Confirmed orders of each day."""
    return f"""
        select order_date as day, sum({num}) as num, sum({den}) as den, sum({amount}) as amount, {n} as n
        from orders where status in ('confirmed', 'delivered') and order_date >= {FIRST} and {where} group by 1"""


def closed(num: str, den: str, where: str = "true", since: str = FIRST) -> str:
    """Closed deals of each day."""
    return f"""
        select closed_at::date as day, sum({num}) as num, sum({den}) as den, count(nullif({den}, 0)) as n,
               sum(case when status = 'won' then amount else 0 end) as amount
        from opportunities where status <> 'open' and closed_at >= {since} and {where} group by 1"""


def target(metric: str) -> str:
    """The company's target of each span's month: that of its reps."""
    return f"""
        select k, sum(t.value)::double as target from targets t join {S} on t.period_start = s.start
        where t.scope = 'rep' and t.metric = '{metric}' group by 1"""


OPEN = f"""
    select s.k, s.day, s.start, s.finish, o.opportunity_id, o.account_id, o.amount, o.expected_close_date, o.need,
           coalesce(h.stage, o.stage) as stage, coalesce(o.probability, g.probability) as chance
    from opportunities o
    join {S} on o.created_at < s.day + interval 1 day and (o.status = 'open' or o.closed_at >= s.day + interval 1 day)
    left join (select opportunity_id, stage, "at"::date as since,
                      lead("at"::date, 1, date '9999-12-31') over (partition by opportunity_id order by "at") as until
               from opportunity_history) h on h.opportunity_id = o.opportunity_id and s.day < date '2026-10-15'
                                          and s.day >= since and s.day < until
    left join stages g on g.stage = coalesce(h.stage, o.stage)"""
WEIGHTED = "round(amount * chance, 2)::decimal(18, 2)"


def opened(num: str, where: str = "true") -> str:
    """The deals open at each day."""
    return f"""
        select k, sum({num}) as num, null::double as den, sum(amount) as amount, count(*) as n
        from ({OPEN}) where {where} group by 1"""


WEIGHTED_SIGNING = f"""
    select k, sum({WEIGHTED}) as num, null::double as den, sum(amount) as amount, count(*) as n
    from (select * from ({OPEN}) where expected_close_date > day and expected_close_date < finish and amount is not null) d
    where not exists (from orders r where r.opportunity_id = d.opportunity_id and r.status in ('confirmed', 'delivered')
                      and r.order_date <= d.day)
    group by 1"""
SIGNING = opened(
    "amount",
    "amount is not null and expected_close_date >= day and expected_close_date >= start and expected_close_date < finish",
)
TO_INVOICE = f"""
    select s.k, sum(o.amount) as num, null::double as den, sum(o.amount) as amount, count(*) as n
    from orders o join {S} on o.order_date <= s.day and o.requested_delivery_date > s.day
                          and o.requested_delivery_date < s.finish
    where o.status in ('confirmed', 'delivered')
      and not exists (from invoices i where i.order_id = o.order_id and i.status = 'posted' and i.type <> 'deposit'
                      and i.invoice_date <= s.day)
    group by 1"""
PASSED = """
    select h.opportunity_id, h.stage, o.closed_at::date as closed, any_value(o.status) as status, any_value(o.amount) as amount
    from opportunity_history h join opportunities o using (opportunity_id)
    where o.status <> 'open' and h."at" < o.closed_at::date + interval 1 day group by 1, 2, 3"""
OUTCOMES = f"""
    select s.k, p.stage, sum(closed) as closed, sum(won) as won, sum(amount) as amount
    from (select stage, closed as day, count(*) as closed, count(*) filter (status = 'won') as won, sum(amount) as amount
          from ({PASSED}) group by 1, 2) p
    join {S} on p.day <= s.day group by 1, 2 having sum(closed) >= 20"""
CALIBRATED = "((2 * (amount * 100)::bigint * won + closed) // (2 * closed) / 100)::decimal(18, 2)"

LINES = """
    select o.order_date as day, sum(l.amount) as num, sum(l.amount) as amount, count(*) as n
    from orders o join order_lines l using (order_id)
    where o.status in ('confirmed', 'delivered') and l.amount is not null group by 1"""
"""What the lines of confirmed orders bring each day."""
HALF_YEARS = f"""
    select k, now, sum(case when now then n else 0 end) as num, sum(case when now then 0 else n end) as den,
           sum(case when now then e.amount else -e.amount end) as amount
    from (select s.k, now, date_trunc('month', s.day + 1)::date - to_months(case when now then 0 else 12 end) as until
          from {S}, (values (true), (false)) h(now)) s
    join ({LINES}) e on e.day >= s.until - to_months(6) and e.day < s.until group by 1, 2"""
"""The last six whole months at each day, and the same a year before."""

QUESTIONS = {
    "invoiced_revenue": flow(REVENUE),
    "landing": f"""
        select k, value * coalesce(whole, 1) / coalesce(elapsed, 1) as value, null, null, null, n
        from ({flow(REVENUE)}) left join {WORKING} using (k)""",
    "landing_pipeline": f"""
        select r.k, r.num + coalesce(o.num, 0) + coalesce(w.num, 0) as value, null, null, null, r.n
        from ({flow(REVENUE)}) r left join ({TO_INVOICE}) o on o.k = r.k left join ({WEIGHTED_SIGNING}) w on w.k = r.k""",
    "needed_pace": f"""
        select k, greatest(0, target - num) / (whole - elapsed) as value, greatest(0, target - num), coalesce(whole - elapsed, 0),
               null, n
        from ({flow(REVENUE)}) join ({target("invoiced_revenue")}) using (k) left join {WORKING} using (k)""",
    "orders_to_invoice": answer(TO_INVOICE, "num"),
    "ordered_amount": flow(orders("amount", "1", "amount")),
    "order_count": flow(orders("1", "1", "amount")),
    "discount_rate": flow(orders("list_amount - amount", "list_amount", "amount", "list_amount > 0"), den=True),
    "margin_rate": flow(
        orders(
            "amount - cost_amount",
            "amount",
            "amount - cost_amount",
            "cost_amount is not null",
            "count(nullif(amount, 0))",
        ),
        den=True,
    ),
    "product_sales": flow(LINES),
    "product_lines_growth": answer(
        f"""select k, sum(num) as num, sum(den) as den, sum(amount) as amount, sum(den) as n
            from ({HALF_YEARS}) group by 1"""
    ),
    "average_basket": flow(orders("amount", "1", "amount", "amount <> 0"), den=True),
    "weighted_pipeline": answer(opened(WEIGHTED, "amount is not null and chance is not null"), "num"),
    "calibrated_pipeline": answer(
        f"""select k, sum({CALIBRATED}) as num, null::double as den, sum(d.amount) as amount, count(*) as n
            from ({OPEN}) d join (select k, stage, closed, won from ({OUTCOMES})) c using (k, stage)
            where d.amount is not null group by 1""",
        "num",
    ),
    "open_opportunities": answer(opened("1"), "num"),
    "win_rate": flow(closed("case when status = 'won' then 1 else 0 end", "1"), den=True),
    "win_rate_by_value": flow(
        closed("case when status = 'won' then amount else 0 end", "amount", "amount is not null"), den=True
    ),
    "pipeline_signing": answer(SIGNING, "num"),
    "weighted_signing": answer(WEIGHTED_SIGNING, "num"),
    "pipeline_coverage": f"""
        select k, case when target > o.num then p.num / (target - o.num::double) end as value, p.num, target - o.num::double,
               p.num, p.n
        from ({flow(orders("amount", "1", "amount"))}) o join ({target("ordered_amount")}) using (k)
        left join ({SIGNING}) p using (k)""",
    "needed_coverage": f"""
        select s.k, 1 / nullif(sum(num) / sum(den), 0)::double as value, null, null, null, sum(n)
        from {S} join ({closed("case when status = 'won' then amount else 0 end", "amount", "amount is not null", "date '2023-11-01'")}) e
        on e.day >= (s.day + 1) - interval 12 month and e.day <= s.day group by 1""",
    "stage_realised_rate": answer(
        f"""select k, sum(won) as num, sum(closed) as den, sum(amount) as amount, sum(closed) as n from ({OUTCOMES}) group by 1"""
    ),
}
