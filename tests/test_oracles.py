"""The oracles themselves, against examples worked out by hand (the arithmetic is in the comments)."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from oracles import calendar, commercial, composites, targets
from oracles.calendar import Period, parse

D = dt.date
M = Decimal
SEEN = D(2026, 10, 15)  # a Thursday: the 11th of the 22 working days of October 2026
OCTOBER = parse("2026-10", SEEN)


def order(n, day, amount, status="confirmed", **more):
    return {"order_id": f"o{n}", "order_date": day, "amount": M(amount), "status": status, **more}


def invoice(n, day, amount, kind="invoice", status="posted", **more):
    return {"invoice_id": f"i{n}", "invoice_date": day, "amount": M(amount), "type": kind, "status": status, **more}


def deal(n, amount=None, status="open", **more):
    base = {
        "opportunity_id": f"p{n}",
        "stage": "Offre",
        "status": status,
        "amount": None if amount is None else M(amount),
    }
    return {**base, "expected_close_date": None, **more}


def goal(scope, scope_id, value, text="2026-10", metric="ordered_amount"):
    period = parse(text, SEEN)
    return {
        "scope": scope, "scope_id": scope_id, "metric": metric, "value": M(value),
        "period_start": period.start, "period_end": period.end - calendar.DAY,
    }  # fmt: skip


def ask(name, tables, period=OCTOBER, as_of=SEEN, where=None, by=(), key=()):
    return commercial.answer(tables, name, period, as_of, where or {}, list(by), key)


# --- the calendar


def test_french_holidays_of_2026():
    # Easter 5 April 2026: Monday 6 April, Ascension 14 May (+39), Whit Monday 25 May (+50).
    moving = {D(2026, 4, 6), D(2026, 5, 14), D(2026, 5, 25)}
    fixed = {D(2026, m, d) for m, d in [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]}
    assert calendar.french_holidays(2026) == moving | fixed


@pytest.mark.parametrize(
    ("start", "end", "n"),
    [
        (D(2026, 10, 1), D(2026, 11, 1), 22),  # Thursday 1st to Saturday 31st: 31 days, 9 in weekends, no holiday
        (D(2026, 5, 1), D(2026, 6, 1), 17),  # 21 weekdays less the 1st, 8th, 14th, 25th
        (D(2026, 11, 1), D(2026, 12, 1), 20),  # 21 weekdays less Wednesday 11th (the 1st is a Sunday)
        (D(2026, 11, 1), D(2026, 11, 2), 0),
    ],
)
def test_working_days(start, end, n):
    assert calendar.open_days(start, end) == n


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", D(2026, 1, 1), D(2027, 1, 1)),
        ("2026-Q4", D(2026, 10, 1), D(2027, 1, 1)),
        ("2026-12", D(2026, 12, 1), D(2027, 1, 1)),
        ("2026-10-23", D(2026, 10, 23), D(2026, 10, 24)),
        ("2026-W47", D(2026, 11, 16), D(2026, 11, 23)),
        ("2026-W53", D(2026, 12, 28), D(2027, 1, 4)),
        ("2026-01-01/2026-04-01", D(2026, 1, 1), D(2026, 4, 1)),
        ("FY2026", D(2025, 7, 1), D(2026, 7, 1)),
        ("FY2026-Q3", D(2026, 1, 1), D(2026, 4, 1)),
    ],
)
def test_periods(text, start, end):
    found = parse(text, SEEN, fiscal_start=7)
    assert (found.start, found.end) == (start, end)


def test_the_fiscal_year_that_begins_in_january_is_the_year():
    assert (parse("FY2026", SEEN).start, parse("FY2026-Q1", SEEN).end) == (D(2026, 1, 1), D(2026, 4, 1))


@pytest.mark.parametrize(
    ("text", "previous", "last_year"),
    [
        ("2026-01", "2025-12-01/2026-01-01", "2025-01-01/2025-02-01"),
        ("2025-02", "2025-01-01/2025-02-01", "2024-02-01/2024-03-01"),
        ("2024-Q1", "2023-10-01/2024-01-01", "2023-01-01/2023-04-01"),
        ("2024-02-29", "2024-02-28/2024-02-29", "2023-02-28/2023-03-01"),
        ("2024-02-28", "2024-02-27/2024-02-28", "2023-02-28/2023-03-01"),
        ("2025-02-28", "2025-02-27/2025-02-28", "2024-02-28/2024-02-29"),
        # 31 + 28 + 31 = 90 days; 90 days before 1 January 2026 is 3 October 2025
        ("2026-01-01/2026-04-01", "2025-10-03/2026-01-01", "2025-01-01/2025-04-01"),
        ("2026-W02", "2025-12-29/2026-01-05", "2025-01-06/2025-01-13"),
    ],
)
def test_what_a_period_is_compared_with(text, previous, last_year):
    period = parse(text, SEEN)
    for found, wanted in ((calendar.previous(period), previous), (calendar.last_year(period), last_year)):
        assert f"{found.start}/{found.end}" == wanted


def test_week_53_has_no_last_year_and_everything_has_nothing_to_compare():
    assert calendar.last_year(parse("2026-W53", SEEN)) is None  # 2025 has 52 weeks
    everything = parse("all", SEEN)
    assert calendar.previous(everything) is None
    assert calendar.last_year(everything) is None


def test_an_unfinished_period_is_compared_to_the_same_number_of_working_days():
    # 15 October 2026 closes the 11th working day; the 11th of September 2026 (1st is a Tuesday) is Tuesday 15th.
    assert calendar.compared(calendar.previous(OCTOBER), OCTOBER, SEEN) == (D(2026, 9, 1), D(2026, 9, 16))
    # October 2025 starts on a Wednesday: 3 + 5 working days by the 10th, the 11th one is Wednesday 15th.
    assert calendar.compared(calendar.last_year(OCTOBER), OCTOBER, SEEN) == (D(2025, 10, 1), D(2025, 10, 16))


def test_a_shorter_month_is_compared_to_its_end():
    # 29 June 2026 closes the 21st working day; May has only 17.
    june = parse("2026-06", SEEN)
    assert calendar.compared(calendar.previous(june), june, D(2026, 6, 29)) == (D(2026, 5, 1), D(2026, 6, 1))


def test_no_working_day_elapsed_no_comparison_and_a_finished_period_compares_whole():
    november = parse("2026-11", SEEN)
    assert calendar.compared(calendar.previous(november), november, D(2026, 11, 1)) is None
    assert calendar.compared(calendar.previous(november), november, D(2026, 11, 30)) == (D(2026, 10, 1), D(2026, 11, 1))


# --- targets


def test_exact_bounds_win_over_the_sum_of_months():
    rows = [goal("company", "c", 100, "2026-Q4")] + [goal("company", "c", 1, f"2026-{m}") for m in (10, 11, 12)]
    # Q4 2026 has 22 + 20 + 22 = 64 working days, 11 of them elapsed: 100 x 11 / 64.
    found = targets.target(rows, [], "ordered_amount", "company", [None], parse("2026-Q4", SEEN), SEEN)
    assert found == targets.Target(Fraction(100), Fraction(1100, 64), False)


def test_a_quarter_is_the_sum_of_its_months_to_date_month_by_month():
    rows = [goal("company", "c", 100 * m, f"2026-{m}") for m in (10, 11, 12)]
    # 1000 + 1100 + 1200; on 15 November: 1000 + 1100 x 9 / 20 (2-6 and 9, 10, 12, 13 November) = 1495.
    found = targets.target(rows, [], "ordered_amount", "company", [None], parse("2026-Q4", SEEN), D(2026, 11, 15))
    assert found == targets.Target(Fraction(3300), Fraction(1495), False)


def test_a_month_is_cut_by_working_days():
    rows = [goal("company", "c", 220)]
    # 16 to 31 October: 11 of the 22 working days.
    found = targets.target(rows, [], "ordered_amount", "company", [None], parse("2026-10-16/2026-11-01", SEEN), SEEN)
    assert found == targets.Target(Fraction(110), Fraction(0), False)


def test_a_quarter_with_two_of_three_months_is_partial():
    rows = [goal("company", "c", 10, "2026-10"), goal("company", "c", 20, "2026-12")]
    found = targets.target(rows, [], "ordered_amount", "company", [None], parse("2026-Q4", SEEN), SEEN)
    assert (found.value, found.to_date, found.partial) == (30, 5, True)  # October's 10 x 11 / 22


USERS = [
    {"user_id": "u1", "team": "Sud", "business_unit": "A"},
    {"user_id": "u2", "team": "Sud", "business_unit": "A"},
    {"user_id": "u3", "team": "Est", "business_unit": "A"},
]


def test_own_scope_else_the_next_finer_one_that_has_any_never_mixed():
    reps = [goal("rep", "u1", 10), goal("rep", "u2", 20), goal("rep", "u3", 40)]
    look = lambda rows, scope, who: targets.target(rows, USERS, "ordered_amount", scope, [who], OCTOBER, SEEN)  # noqa: E731
    assert look(reps, "team", "Sud").value == 30  # 10 + 20, and partial since it is not the team's own
    assert look(reps, "team", "Sud").partial
    assert look([*reps, goal("team", "Sud", 100)], "team", "Sud") == targets.Target(Fraction(100), Fraction(50), False)
    # The unit takes its one team with a target, and not that team plus the rep of the other team.
    unit = look([*reps, goal("team", "Sud", 100)], "business_unit", "A")
    assert (unit.value, unit.partial, unit.whole) == (100, True, False)  # 1 of 2 teams: no attainment
    company = look(reps, "company", None)
    assert (company.value, company.partial, company.whole) == (70, True, True)  # 3 of 3
    both = targets.target(reps, USERS, "ordered_amount", "team", ["Sud", "Est"], OCTOBER, SEEN)
    assert (both.value, both.partial, both.whole) == (70, True, True)  # 3 reps of both teams
    both = targets.target(
        [*reps, goal("team", "Sud", 9)], USERS, "ordered_amount", "team", ["Sud", "Est"], OCTOBER, SEEN
    )
    assert (both.value, both.whole) == (9, False)  # 1 of 2 teams
    given = [goal("team", "Sud", 9), goal("team", "Est", 1)]
    both = targets.target(given, USERS, "ordered_amount", "team", ["Sud", "Est"], OCTOBER, SEEN)
    assert (both.value, both.partial) == (10, False)  # nothing is rolled up, nothing lacks
    assert look([goal("team", "Sud", 100)], "rep", "u1") is None  # never downward
    assert look(reps, "team", None) is None  # nobody is without a team
    lonely = targets.target(reps, [{**USERS[0], "team": None}], "ordered_amount", "team", [None], OCTOBER, SEEN)
    assert (lonely.value, lonely.partial) == (10, True)  # "no team" is a group, too


def test_the_target_of_a_basket_is_a_ratio():
    rows = [goal("company", "c", 1000), goal("company", "c", 4, metric="order_count")]
    ask_basket = lambda rows, text: targets.basket_target(rows, [], "company", [None], parse(text, SEEN), SEEN)  # noqa: E731
    assert ask_basket(rows, "2026-10") == targets.Target(Fraction(250), Fraction(250))
    own = [goal("company", "c", 300, metric="average_basket"), goal("company", "c", 500, "2026-11", "average_basket")]
    assert ask_basket(rows + own, "2026-10").value == 300
    assert ask_basket(own, "2026-10-01/2026-12-01").value == 400  # mean of 300 and 500, not 800


def test_everything_has_no_target():
    assert (
        ask("ordered_amount", {"orders": [], "targets": [goal("company", "c", 1)]}, parse("all", SEEN))["target"]
        is None
    )


# --- figures


def test_invoiced_revenue_is_signed_and_leaves_deposits_drafts_and_cancelled_out():
    rows = [
        invoice(1, D(2026, 10, 1), "100.10"), invoice(2, SEEN, "-30", "credit_note"), invoice(3, SEEN, 50, "deposit"),
        invoice(4, SEEN, 7, status="draft"), invoice(5, SEEN, 7, status="cancelled"),
        invoice(6, D(2026, 10, 16), 1000), invoice(7, D(2026, 9, 30), 2), invoice(8, SEEN, 9, is_deleted=True),
    ]  # fmt: skip
    row = ask("invoiced_revenue", {"invoices": rows})
    # 100.10 - 30: the 16th has not happened; excluded rows do not harm the coverage.
    assert (row["value"], row["n"], row["status"], row["coverage"]) == (Fraction("70.1"), 2, "ok", 1)
    assert row["previous"] is None  # 1 to 15 September ends before the first invoice of all, 30 September
    assert row["last_year"] is None


def test_a_month_without_rows_inside_the_data_is_zero_and_outside_it_is_nothing():
    rows = {"orders": [order(1, D(2026, 7, 1), 10), order(2, D(2026, 9, 15), 5)]}
    august = ask("ordered_amount", rows, parse("2026-08", SEEN))
    assert (august["value"], august["n"], august["status"]) == (0, 0, "ok")
    assert ask("ordered_amount", rows, parse("2026-06", SEEN))["value"] is None
    assert ask("ordered_amount", rows, parse("2026-11", SEEN))["value"] is None
    assert ask("ordered_amount", rows)["previous"] == 5  # 15 September is the 11th working day: in
    assert ask("ordered_amount", {"orders": []})["value"] is None


def test_a_row_without_a_date_is_missing_in_every_period():
    rows = {"orders": [order(1, SEEN, 90), order(2, None, 10), order(3, None, 99, "draft")]}
    row = ask("ordered_amount", rows)
    assert (row["value"], row["coverage"], row["status"]) == (90, Fraction(9, 10), "partial")  # 90 / (90 + 10)


def test_discount_rate_is_a_ratio_of_sums_over_orders_with_a_list_amount():
    rows = [
        order(1, SEEN, 90, list_amount=M(100)), order(2, SEEN, 300, list_amount=M(300)),
        order(3, SEEN, 5, list_amount=M(0)), order(4, SEEN, 100, list_amount=None),
    ]  # fmt: skip
    row = ask("discount_rate", {"orders": rows})
    # (10 + 0) / (100 + 300); the mean of 10 % and 0 % would be 5 %. Unknown list: mean of 100, 300 and 200 / 600.
    assert (row["num"], row["den"], row["value"], row["amount"]) == (10, 400, Fraction(1, 40), 390)
    assert (row["coverage"], row["status"]) == (Fraction(400, 600), "partial")


def test_margin_rate_over_orders_with_a_cost():
    rows = [order(1, SEEN, 100, cost_amount=M(60)), order(2, SEEN, -50, cost_amount=M(-60)), order(3, SEEN, 900)]
    row = ask("margin_rate", {"orders": rows})
    # margin 40 + 10 over 100 - 50; covered 150 of 150 + 900 = 14 %: under 20 %, no value.
    assert (row["num"], row["den"], row["coverage"]) == (50, 50, Fraction(150, 1050))
    assert (row["value"], row["status"]) == (None, "unavailable")
    row = ask("margin_rate", {"orders": rows[:2]})
    assert (row["value"], row["n"], row["status"]) == (1, 2, "ok")


def test_margin_without_net_amount_has_no_value():
    row = ask("margin_rate", {"orders": [order(1, SEEN, 0, cost_amount=M(5))]})
    assert (row["num"], row["den"], row["value"], row["n"]) == (-5, 0, None, 0)


def test_average_basket_leaves_zero_orders_out_with_median_and_ninth_decile():
    sizes = [10, 20, 30, 1000, 0]
    rows = {"orders": [order(n, SEEN, size, "delivered") for n, size in enumerate(sizes)]}
    row = ask("average_basket", rows)
    assert (row["value"], row["n"]) == (265, 4)  # 1060 / 4
    assert commercial.baskets(rows, OCTOBER, SEEN, {}, Fraction(1, 2)) == 25
    # position 0.9 x 3 = 2.7: 30 + 0.7 x 970 = 709
    assert commercial.baskets(rows, OCTOBER, SEEN, {}, Fraction(9, 10)) == 709


def test_order_count_beside_its_amount():
    rows = {"orders": [order(1, SEEN, 10), order(2, SEEN, 0), order(3, SEEN, 5, "cancelled")]}
    row = ask("order_count", rows)
    assert (row["value"], row["amount"]) == (2, 10)


def test_weighted_pipeline_rounds_each_row_and_counts_what_it_cannot_weigh():
    rows = [
        deal(1, "10.10", probability=M("0.05")),  # 0.505 -> 0.51
        deal(2, "-10.30", probability=M("0.05")),  # -0.515 -> -0.52: away from zero
        deal(3, 100, stage="Offre"),  # the stage's: 30
        deal(4, 100, stage="Vide"),  # no probability: missing
        deal(5, None, probability=M(1)),  # no amount: missing
        deal(6, 100, probability=M(0)),  # 0 % is known
    ]
    stages = [{"stage": "Offre", "probability": M("0.3")}, {"stage": "Vide", "probability": None}]
    row = ask("weighted_pipeline", {"opportunities": rows, "stages": stages})
    assert (row["value"], row["amount"], row["n"]) == (Fraction("29.99"), Fraction("199.80"), 4)
    # |amounts| used 220.40, without probability 100, without amount the mean of the five known, 320.40 / 5 = 64.08.
    assert row["coverage"] == Fraction("220.40") / (Fraction("320.40") + Fraction("64.08"))
    assert row["status"] == "partial"


def test_open_at_a_day_is_created_by_then_and_not_closed_by_then():
    noon = dt.time(12)
    at = lambda day: dt.datetime.combine(day, noon)  # noqa: E731
    rows = [
        deal(1, 1, created_at=at(SEEN)), deal(2, 10, created_at=at(D(2026, 10, 16))),
        deal(3, 100, "won", created_at=at(D(2026, 9, 1)), closed_at=at(D(2026, 10, 16))),
        deal(4, 1000, "lost", created_at=at(D(2026, 9, 1)), closed_at=at(SEEN)),
        deal(5, 10000, "won", created_at=at(D(2026, 9, 1)), closed_at=None),
    ]  # fmt: skip
    tables = {"opportunities": rows}
    # On the 15th: 1 (created that day) and 3 (won the day after); on the 16th 2 comes and 3 goes.
    assert ask("open_opportunities", tables)["amount"] == 101
    assert ask("open_opportunities", tables, as_of=D(2026, 10, 16))["amount"] == 11
    # Previous: at the close of September's 11th working day, only those created on 1 September: 100 + 1000.
    assert ask("open_opportunities", tables)["previous"] == 2


def test_win_rate_by_number_and_by_value():
    when = dt.datetime(2026, 10, 2, 23, 59)
    rows = [
        deal(1, 300, "won", closed_at=when), deal(2, 100, "lost", closed_at=when),
        deal(3, None, "lost", closed_at=when),
        deal(4, 9, "open"), deal(5, 9, "won", closed_at=None),
    ]  # fmt: skip
    row = ask("win_rate", {"opportunities": rows})
    # 1 of 3; deal 5 is closed on an unknown day: coverage 3 of 4 rows.
    assert (row["value"], row["n"], row["amount"], row["coverage"]) == (Fraction(1, 3), 3, 300, Fraction(3, 4))
    value = ask("win_rate_by_value", {"opportunities": rows})
    # 300 / 400; known |amounts| 300, 100, 9: mean 409 / 3 for deal 3.
    assert (value["value"], value["coverage"]) == (Fraction(3, 4), Fraction(400) / (409 + Fraction(409, 3)))


def test_groups_booked_team_or_the_owners_of_today():
    users = [{"user_id": "u1", "team": "Sud"}]
    rows = [order(1, SEEN, 1, owner_id="u1", team="Nord"), order(2, SEEN, 2, owner_id="u1", team=None)]
    tables = {"users": users, "orders": rows}
    keys = commercial.keys(tables, "ordered_amount", OCTOBER, SEEN, {}, ["team"])
    assert keys == {("Nord",), (None,)}  # a booked NULL is "no team", not today's
    for row in rows:
        row["team"] = None
    assert commercial.keys(tables, "ordered_amount", OCTOBER, SEEN, {}, ["team"]) == {("Sud",)}
    rows[0]["owner_id"] = "ghost"
    assert commercial.keys(tables, "ordered_amount", OCTOBER, SEEN, {"team": ["Sud"]}, ["rep"]) == {("u1",)}
    assert ask("ordered_amount", tables, by=["team"], key=(None,))["value"] == 1


def test_attainment_is_to_date_and_has_no_target_under_a_filter_by_customer():
    tables = {"orders": [order(1, SEEN, 55, account_id="a1")], "targets": [goal("company", "c", 220)]}
    row = ask("ordered_amount", tables)
    assert (row["target"], row["target_to_date"], row["attainment"]) == (220, 110, Fraction(1, 2))  # 55 / (220 x 11/22)
    assert ask("ordered_amount", tables, where={"customer": ["a1"]})["target"] is None
    assert ask("ordered_amount", tables, parse("2026", SEEN), by=["month"], key=("2026-10",))["target"] == 220


# --- composites


def run(function, tables, period=OCTOBER, as_of=SEEN):
    return function(tables, period, as_of, {}, [], ())


def test_landing_by_working_days():
    tables = {"invoices": [invoice(1, D(2026, 10, 1), 55)]}
    assert run(composites.landing, tables) == 110  # 55 / (11 / 22)
    assert run(composites.landing, tables, as_of=D(2026, 10, 31)) == 55
    assert run(composites.landing, tables, parse("2026-11", SEEN), D(2026, 11, 1)) is None  # nothing elapsed


def test_landing_by_orders_and_pipeline():
    late = D(2026, 10, 30)
    tables = {
        "invoices": [invoice(1, SEEN, 100, order_id="o1")],
        "orders": [
            order(1, SEEN, 100, requested_delivery_date=late),  # invoiced already
            order(2, SEEN, 50, requested_delivery_date=late, opportunity_id="p1"),
            order(3, SEEN, 7, requested_delivery_date=D(2026, 11, 1)),  # not in the period
            order(4, SEEN, 7, requested_delivery_date=SEEN),  # not in the rest of it
        ],
        "opportunities": [
            deal(1, 50, expected_close_date=late, probability=M(1)),  # only as the order
            deal(2, 80, expected_close_date=late, probability=M("0.25")),
            deal(3, 80, expected_close_date=SEEN, probability=M("0.25")),  # overdue or today
            deal(4, 80, expected_close_date=None, probability=M("0.25")),
        ],
    }
    assert run(composites.landing_pipeline, tables) == 170  # 100 + 50 + 20


def test_needed_pace():
    tables = {"invoices": [invoice(1, SEEN, 100)], "targets": [goal("company", "c", 210, metric="invoiced_revenue")]}
    assert run(composites.needed_pace, tables) == 10  # (210 - 100) / 11 days left
    assert run(composites.needed_pace, tables, as_of=D(2026, 10, 30)) is None  # no working day left
    tables["targets"] = [goal("company", "c", 90, metric="invoiced_revenue")]
    assert run(composites.needed_pace, tables) == 0
    assert run(composites.needed_pace, {**tables, "targets": []}) is None
    tables |= {"users": USERS, "targets": [goal("team", "Sud", 210, metric="invoiced_revenue")]}
    assert run(composites.needed_pace, tables) is None  # the target of 1 team of 2 is no match for all the revenue


def test_pipeline_coverage():
    tables = {
        "orders": [order(1, SEEN, 100)],
        "targets": [goal("company", "c", 300)],
        "opportunities": [
            deal(1, 500, expected_close_date=SEEN), deal(2, 100, expected_close_date=D(2026, 10, 14)),  # 2 is overdue
            deal(3, 100, expected_close_date=D(2026, 11, 1)), deal(4, 100), deal(5, None, expected_close_date=SEEN),
        ],
    }  # fmt: skip
    assert run(composites.pipeline_coverage, tables) == Fraction(5, 2)  # 500 / (300 - 100)
    tables["targets"] = [goal("company", "c", 100)]
    assert run(composites.pipeline_coverage, tables) is None


def test_a_range_is_a_period_too():
    assert parse("2026-10-01/2026-10-02", SEEN) == Period(D(2026, 10, 1), D(2026, 10, 2), "range")
