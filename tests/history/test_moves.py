"""What became of a pipeline between two days: by hand, against a plain computation, and what must hold of any two states."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crmkpi
from crmkpi.calendar import parse
from crmkpi.facts.moves import MOVES, between

WITHIN = parse("2026-Q4")
MIRROR = {"new": "gone", "gone": "new", "up": "down", "down": "up", "pushed_out": "pulled_in", "pulled_in": "pushed_out",
          "taken": "handed", "handed": "taken", "same": "same"}  # fmt: skip

deal = st.tuples(
    st.none() | st.integers(0, 10**9),  # cents
    st.none() | st.dates(date(2026, 9, 1), date(2027, 3, 1)),
    st.booleans(),  # whether the filters keep it
)
state = st.dictionaries(st.sampled_from([f"D{number}" for number in range(8)]), deal)
ends = st.dictionaries(st.sampled_from([f"D{number}" for number in range(8)]), st.sampled_from(["won", "lost"]))


def frame(deals, day="2026-10-01"):
    rows = [
        {"id": name, "value": None if cents is None else cents / 100, "amount": None, "due": due, "inside": inside,
         "day": day, "name": name, "customer": "C", "rep": "R", "team": "T", "stage": "S"}
        for name, (cents, due, inside) in deals.items()
    ]  # fmt: skip
    columns = ["id", "value", "amount", "due", "inside", "day", "name", "customer", "rep", "team", "stage"]
    return pd.DataFrame(rows, columns=columns)


def plainly(before, after, ended, within):
    """What became of each deal, one at a time, in cents."""

    def counts(deals, name):
        if name not in deals:
            return False
        _, due, inside = deals[name]
        return inside and (within is None or (due is not None and due < within.end))

    told = {}
    for name in {*before, *after}:
        was, now = counts(before, name), counts(after, name)
        old, new = ((deals[name][0] or 0) if kept else 0 for deals, kept in ((before, was), (after, now)))
        if was and now:
            move = "same" if new == old else "up" if new > old else "down"
        elif now:
            move = "new" if name not in before else "taken" if not before[name][2] else "pulled_in"
        elif was:
            move = ended.get(name, "gone") if name not in after else "handed" if not after[name][2] else "pushed_out"
        else:
            continue
        told[name] = (move, new - old)
    return told


def told(moved):
    return {row["id"]: (row["move"], round(row["amount"] * 100)) for row in moved.to_dict("records")}


@settings(max_examples=50, deadline=None)
@given(state, state, ends, st.sampled_from([None, WITHIN]))
def test_every_row_has_one_move_and_they_add_up(before, after, ended, within):
    moved = between(frame(before), frame(after), ended, "value", within)
    expected = plainly(before, after, ended, within)
    assert told(moved) == expected
    change = round(moved["after"].sum() * 100) - round(moved["before"].sum() * 100)
    assert change == sum(cents for _, cents in expected.values())
    back = told(between(frame(after), frame(before), {}, "value", within))
    undone = {name: (MIRROR.get(move, "new"), -cents) for name, (move, cents) in expected.items()}
    assert back == undone  # two days that are swapped swap the signs, and who came has gone


@settings(max_examples=15, deadline=None)
@given(state, state, ends)
def test_a_row_that_the_filters_leave_out_changes_nothing(before, after, ended):
    others = {"X1": (500, None, False)}
    alone = between(frame(before), frame(after), ended, "value")
    beside = between(frame(before | others), frame(after | others), ended, "value")
    pd.testing.assert_frame_equal(alone, beside, check_dtype=False)


def test_the_demo_by_hand(demo):
    """data/demo from the end of September to 15 October: the deals are in opportunities.csv, and their history."""
    crm = crmkpi.open(demo, lang="en")
    found = crm.history.moves("weighted_pipeline", since="2026-09-30", of="value")
    assert (found.reference, found.actual, found.status) == (31300, 26000, "partial")
    assert found.seen_by == "from the history in the source"
    assert dict(zip(found.classes["move"], found.classes["amount"], strict=True)) == HAND
    assert round(found.classes["amount"].sum(), 2) == found.change == -5300
    for day, value in (("2026-09", found.reference), ("2026-10", found.actual)):
        assert crm.kpi("weighted_pipeline", period=day).value == value


# OP3 is new and has no amount; OP2 went from 8,000 x 0.5 to 10,000 x 0.8; OP7 (1,000 x 0.5) and OP11 (8,000) are won; OP10
# (1,000 x 0.8) and OP9 (5,000 x 0) are lost.
HAND = {"new": 0, "up": 4000, "won": -8500, "lost": -800}


@pytest.mark.parametrize("where", [{}, {"team": "Sud"}, {"rep": "U1"}, {"customer": "A3"}, {"stage": "Proposition"}])
@pytest.mark.parametrize(("name", "of"), [("weighted_pipeline", "value"), ("weighted_pipeline", "amount"),
                                          ("open_opportunities", "amount"), ("open_opportunities", "value")])  # fmt: skip
def test_moves_lead_from_one_figure_to_the_other(demo, name, of, where):
    """Whatever the filters, both ends are what the figure says at those days, and the moves make the difference."""
    crm = crmkpi.open(demo)
    found = crm.history.moves(name, since="2026-09-19", of=of, where=where)
    for day, value in (("2026-09-19", found.reference), ("2026-10-15", found.actual)):
        result = crm.kpi(name, period=day, where=where)
        figure = result.value if of == "value" else result.row["amount"]
        assert value == pytest.approx(0 if figure is None or figure != figure else figure, abs=1e-9)
    assert round(found.classes["amount"].sum(), 2) == found.change
    assert set(found.frame["move"]) <= set(MOVES)


def test_what_leaves_the_quarter_is_pushed_out_of_it(sample_data):
    crm = crmkpi.open(sample_data)
    whole = crm.history.moves("open_opportunities", since="2026-06-30", of="amount")
    inside = crm.history.moves("open_opportunities", since="2026-06-30", of="amount", within="2026-Q3")
    assert "pushed_out" not in set(whole.frame["move"])
    assert inside.change == round(inside.classes["amount"].sum(), 2)
    pushed = inside.frame[inside.frame["move"] == "pushed_out"]
    assert len(pushed)
    assert (pushed["due_before"] < "2026-10-01").all()
    assert (pushed["due"] >= "2026-10-01").all()
    assert (pushed["shift"] > 0).all()


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("invoiced_revenue", {"since": "2026-09-30"}, "does not say how its rows end"),
        ("weighted_pipeline", {"since": "2026-10-15"}, "expected a day before 2026-10-15"),
        ("weighted_pipeline", {"since": "soon"}, "expected a day such as"),
        ("weighted_pipeline", {"since": "2026-09-30", "of": "num"}, "expected value or amount"),
    ],
)
def test_what_is_no_question(demo, name, asked, said):
    with pytest.raises(crmkpi.UsageError, match=said):
        crmkpi.open(demo).history.moves(name, **asked)
