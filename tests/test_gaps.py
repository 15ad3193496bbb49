"""What makes a gap: the laws of its effects, sums by hand, and the oracle over random small companies."""

import datetime as dt
import json
import math
import random
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import calendar, gaps, strategies

import crmkpi
from crmkpi.calendar import WorkingDays, parse
from crmkpi.errors import UsageError
from crmkpi.facts import effects
from crmkpi.facts.effects import Effect, Sold
from crmkpi.facts.spans import alike

FRENCH = WorkingDays("FR")

# --- the laws, for any numbers ------------------------------------------------------------------------------------

CENTS = st.integers(-(10**9), 10**9)
NAMES = st.sampled_from(["A", "B", "C", "D", None])
GROUPS = st.dictionaries(NAMES, st.tuples(CENTS, st.integers(1, 5)), max_size=4)
QUANTITIES = st.fractions(min_value=-5, max_value=1000, max_denominator=8)
PRODUCTS = st.dictionaries(st.sampled_from("PQRST"), st.builds(Sold, QUANTITIES, CENTS), max_size=5)
BASKETS = st.tuples(CENTS, st.integers(0, 50)).map(lambda side: side if side[1] else (0, 0))
OPPOSITE = {"new": "lost", "lost": "new", "grown": "shrunk", "shrunk": "grown"}
SWAPPED = {"new": "stopped", "stopped": "new"}


def total(side):
    """The cents of a side, however it is made."""
    if isinstance(side, tuple):
        return side[0]
    return sum(each.cents if isinstance(each, Sold) else each[0] for each in side.values())


def settled(made, before, now):
    return {(each.name, each.id): cents for each, cents in effects.settled(made, total(now) - total(before))}


CASES = pytest.mark.parametrize(
    ("effects_of", "sides", "opposite"),
    [
        (effects.by_group, GROUPS, OPPOSITE),
        (effects.by_basket, BASKETS, {}),
        (effects.by_product, PRODUCTS, SWAPPED),
    ],
    ids=["group", "basket", "product"],
)


@CASES
@given(data=st.data())
def test_effects_add_up_to_the_cent(effects_of, sides, opposite, data):
    before, now = data.draw(sides), data.draw(sides)
    made = effects_of(before, now)
    cents = settled(made, before, now)
    assert sum(cents.values()) == total(now) - total(before)
    assert all(abs(cents[each.name, each.id] - each.exact) < 2 for each in made)


@CASES
@given(data=st.data())
def test_effects_swap_sign_when_the_periods_swap(effects_of, sides, opposite, data):
    before, now = data.draw(sides), data.draw(sides)
    there, back = settled(effects_of(before, now), before, now), settled(effects_of(now, before), now, before)
    turned = {(opposite.get(name, name), who): -cents for (name, who), cents in back.items()}
    assert {key: cents for key, cents in there.items() if cents} == {key: c for key, c in turned.items() if c}


@CASES
@given(data=st.data())
def test_effects_depend_on_no_order(effects_of, sides, opposite, data):
    before, now = data.draw(sides), data.draw(sides)
    made = effects_of(before, now)
    shuffled = data.draw(st.permutations(made))
    assert settled(made, before, now) == settled(shuffled, before, now)
    if isinstance(before, dict):
        turned = [dict(reversed(side.items())) for side in (before, now)]
        assert settled(effects_of(*turned), before, now) == settled(made, before, now)


@CASES
@given(data=st.data())
def test_nothing_changed_is_nothing(effects_of, sides, opposite, data):
    side = data.draw(sides)
    assert {each.exact for each in effects_of(side, side)} <= {0}


@given(st.lists(st.fractions(min_value=-100, max_value=100, max_denominator=50), max_size=8))
def test_cents_are_shared_by_the_largest_remainder(parts):
    whole = sum(parts, Fraction(0))
    for total_ in {math.floor(whole), math.ceil(whole)}:
        cents = effects.shared(parts, total_)
        assert sum(cents) == total_
        assert all(abs(each - part) < 1 for each, part in zip(cents, parts, strict=True))
        assert effects.shared([-part for part in parts], -total_) == [-each for each in cents]


@given(st.dictionaries(NAMES, CENTS), st.dictionaries(NAMES, st.fractions(0, 10**6, max_denominator=9)), CENTS)
def test_a_gap_from_target_adds_up(cents, targets, whole):
    made = effects.against_targets(cents, targets, whole)
    gap = sum(cents.values()) - whole
    assert sum(size for _, size in effects.settled(made, gap)) == gap
    assert {each.id for each in made if each.name == "no_target"} == cents.keys() - targets.keys()


def test_no_change_of_a_mean_price_is_all_volume():
    """Twice as much of everything at the same prices: neither price nor mix."""
    before = {"P": Sold(Fraction(2), 200), "Q": Sold(Fraction(3), 900)}
    now = {"P": Sold(Fraction(4), 400), "Q": Sold(Fraction(6), 1800)}
    assert settled(effects.by_product(before, now), before, now) == {
        ("price", "P"): 0, ("price", "Q"): 0, ("volume", None): 1100, ("mix", None): 0,
    }  # fmt: skip


# --- which days compare -------------------------------------------------------------------------------------------


def seen(one, other, as_of):
    found = [alike(parse(a), parse(b), dt.date.fromisoformat(as_of), FRENCH) for a, b in ((one, other), (other, one))]
    assert found[0] == (found[1] and found[1][::-1]), "whichever is named first"
    return found[0] and tuple(str(day) for day in found[0])


def test_an_unfinished_period_compares_with_as_many_working_days():
    assert seen("2026-10", "2026-09", "2026-10-15") == ("2026-10-15", "2026-09-15")
    assert seen("2026-10", "2026-09", "2026-10-18") == ("2026-10-18", "2026-09-16")  # a Sunday: 12 days
    assert seen("2026-10", "2026-02", "2026-10-30") == ("2026-10-30", "2026-02-28")  # February has but 20
    assert seen("2026-10", "2025-10", "2026-10-15") == ("2026-10-15", "2025-10-15")


def test_finished_periods_compare_whole_at_equal_age():
    assert seen("2026-09", "2026-08", "2026-10-15") == ("2026-10-15", "2026-09-15")
    assert seen("2026-09", "2026-08", "2026-09-30") == ("2026-09-30", "2026-08-31")


def test_what_does_not_compare():
    assert seen("2026-10", "all", "2026-10-15") is None
    assert seen("2026-11", "2026-10", "2026-11-01") is None  # a Sunday: no working day yet
    assert seen("2027-01", "2026-10", "2026-10-15") is None


# --- added up by hand: data/demo/README.md ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crm(demo):
    return crmkpi.open(demo, lang="en")


def amounts(gap):
    return {(row["effect"], row["id"]): row["amount"] for row in gap.frame.to_dict("records")}


def test_customers_of_october(crm):
    gap = crm.gap("ordered_amount", by="customer", period="2026-10")
    assert (gap.reference, gap.actual, gap.change, gap.against) == (14_000, 24_500, 10_500, "2026-09")
    assert amounts(gap) == {
        ("grown", "A3"): 5_000, ("shrunk", "A1"): -2_000,
        ("new", None): 3_500, ("new", "A2"): 2_000, ("new", "A5"): 2_000,
    }  # fmt: skip
    assert dict(zip(gap.classes["effect"], gap.classes["amount"], strict=True)) == {
        "new": 7_500, "grown": 5_000, "shrunk": -2_000,
    }  # fmt: skip
    row = gap.frame.set_index("id").loc["A3"]
    assert (row["label"], row["reference"], row["actual"]) == ("Céramiques du Sud", 4_000, 9_000)
    assert row["share"] == pytest.approx(5_000 / 10_500)
    assert gap.status == "ok"
    assert gap.reason == ""


def test_the_number_of_orders_and_the_basket(crm):
    for name in ("ordered_amount", "order_count", "average_basket"):  # one truth for the three
        assert amounts(crm.gap(name, by="basket", period="2026-10")) == {
            ("count", None): 26_250, ("basket", None): -15_750,
        }  # fmt: skip
    alone = crm.gap("ordered_amount", by="basket", period="2026-09")  # no order in August: all is number
    assert amounts(alone) == {("count", None): 20_000, ("basket", None): 0}
    assert alone.frame["label"].tolist() == ["effect of the number of orders", "effect of the average basket"]


def test_price_volume_and_mix(crm):
    """Cables 80 for 8,000 then 120 for 10,300; screws 70 for 6,000 then 165 for 14,200."""
    gap = crm.gap("ordered_amount", by="product", period="2026-10")
    prices = (103 / 1.2 - 100) * 100, (14_200 / 165 - 6_000 / 70) * 117.5
    volume = (285 - 150) * (14_000 / 150 + 24_500 / 285) / 2
    assert {key: pytest.approx(amount, abs=0.011) for key, amount in amounts(gap).items()} == {
        ("price", "P1"): prices[0], ("price", "P2"): prices[1], ("volume", None): volume,
        ("mix", None): 10_500 - sum(prices) - volume,
    }  # fmt: skip
    assert round(gap.frame["amount"].sum(), 2) == 10_500
    assert gap.status == "ok"


def test_from_the_target(crm):
    gap = crm.gap("invoiced_revenue", against="target", by="team", period="2026-10")
    assert (gap.reference, gap.actual, gap.change) == (18_000, 14_000, -4_000)
    assert amounts(gap) == {
        ("behind", "Nord"): -500, ("behind", "Sud"): -1_500, ("no_target", None): 1_000, ("not_shared", None): -3_000,
    }  # fmt: skip
    ahead = crm.gap("invoiced_revenue", against="target", by="rep", period="2026-10", where={"team": "Nord"})
    assert (ahead.reference, ahead.actual) == (10_000, 9_500)
    assert amounts(ahead) == {("ahead", "U1"): 3_500, ("not_shared", None): -4_000}


def test_a_past_day_and_a_filter(crm):
    gap = crm.gap("ordered_amount", against="last_year", by="customer", period="2026-10", where={"team": "Nord"})
    assert amounts(gap) == {("grown", "A1"): 3_000, ("new", None): 3_500, ("new", "A5"): 2_000}
    early = crm.gap("ordered_amount", by="rep", period="2026-10", as_of="2026-10-05")
    assert amounts(early) == {("new", "U3"): 5_500, ("shrunk", "U1"): -2_000}  # to 3 September: D1 alone


def test_swapped_periods(crm):
    for by in ("customer", "basket", "product", "segment"):
        there = crm.gap("ordered_amount", by=by, period="2026-10", against="2026-09")
        back = crm.gap("ordered_amount", by=by, period="2026-09", against="2026-10")
        assert back.change == -there.change
        turned = {(OPPOSITE.get(name, name), who): -amount for (name, who), amount in amounts(back).items()}
        assert turned == amounts(there)
    same = crm.gap("ordered_amount", by="customer", period="2026-10", against="2026-10")
    assert (same.change, len(same.frame)) == (0, 0)


# --- what is refused, and what is not known -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("landing", {}, "is a formula; ask for the gap of invoiced_revenue"),
        ("ordered_amount", {"by": "baskets"}, "did you mean 'basket'"),
        ("ordered_amount", {"by": "month"}, "unknown breakdown"),
        ("invoiced_revenue", {"by": "product"}, "by product are .*ordered_amount"),
        ("ordered_amount", {"against": "next"}, "is not a period"),
        ("visits_done", {}, "is no money"),
    ],
)
def test_refused_in_words(crm, name, more, said):
    with pytest.raises(UsageError, match=said):
        crm.gap(name, **more)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"period": "all"}, "all time"),
        ({"period": "2031"}, "begins after"),
        ({"period": "2026-11", "as_of": "2026-11-01"}, "no working day"),
        ({"period": "2025-10"}, "the data begin on 2025-10-06"),
        ({"against": "target", "by": "customer"}, "by rep, team or business unit"),
        ({"against": "target", "by": "rep", "period": "2026-08"}, "no target supplied"),
        ({"against": "target", "by": "rep", "where": {"segment": "PME"}}, "no target under"),
    ],
)
def test_unknown_says_why(crm, more, said):
    gap = crm.gap("ordered_amount", **({"period": "2026-10"} | more))
    assert (gap.status, gap.change, len(gap.frame), len(gap.classes)) == ("unavailable", None, 0, 0)
    assert said in gap.reason
    french = crm.gap("ordered_amount", **({"period": "2026-10", "lang": "fr"} | more))
    assert french.reason != gap.reason


def test_a_ratio_has_no_gap_from_target(crm):
    assert "has a target" in crm.gap("average_basket", against="target", by="team").reason


def some_orders(**columns):
    return pd.DataFrame(
        {"order_id": ["1", "2"], "order_date": ["2026-09-01", "2026-10-01"], "status": "confirmed"} | columns
    )


def test_without_lines_there_is_no_price():
    crm = crmkpi.open({"orders": some_orders(amount=[1.0, 2.0])}, as_of="2026-10-31", lang="en")
    gap = crm.gap("ordered_amount", by="product", period="2026-10")
    assert (gap.status, gap.reason) == ("unavailable", "missing in the source: order lines (order_lines)")


def test_lines_that_do_not_add_up_explain_nothing():
    line = pd.DataFrame({"order_id": ["1", "2"], "product_id": "P", "quantity": [1.0, 1.0], "amount": [100.0, 299.99]})
    crm = crmkpi.open(
        {"orders": some_orders(amount=[100.0, 300.0]), "order_lines": line}, as_of="2026-10-31", lang="en"
    )
    gap = crm.gap("ordered_amount", by="product", period="2026-10")
    assert amounts(gap) == {("not_explained", None): 300, ("stopped", "P"): -100}
    assert (gap.status, gap.coverage, gap.reason) == (
        "partial", 0.25, "75.0 % of the amount has no lines that add up to it",
    )  # fmt: skip


def test_what_lacks_an_amount_makes_it_partial():
    crm = crmkpi.open(
        {"orders": some_orders(amount=[100.0, 300.0]).assign(status=["confirmed", None])}, as_of="2026-10-31"
    )
    assert crm.gap("ordered_amount", by="rep", period="2026-10").status == "unavailable"


# --- against the oracle -------------------------------------------------------------------------------------------


def lined(tables, seed):
    """The company with order lines: most add up, some lack something, some orders have none."""
    rng, lines = random.Random(seed), []
    for order in tables.get("orders", []):
        parts = rng.choice([0, 1, 1, 2, 3])
        left = order["amount"]
        for number in range(parts):
            amount = left if number == parts - 1 else (left * rng.randint(0, 9) / 10).quantize(Decimal("0.01"))
            left -= amount
            quantity = Decimal(rng.choice([1, 1, 2, 3, 5, -1, 0])) if rng.random() < 0.3 else Decimal(rng.randint(1, 9))
            lines.append({
                "order_id": order["order_id"], "product_id": rng.choice(["P1", "P2", "P3", "P4", "P5"]),
                "quantity": None if rng.random() < 0.02 else quantity,
                "amount": amount + (Decimal("0.01") if rng.random() < 0.03 else 0),
            })  # fmt: skip
    return tables | {"order_lines": lines} if lines else tables


def found(gap):
    return {(row["effect"], row["id"]): Fraction(str(row["amount"])) for row in gap.frame.to_dict("records")}


def by_class(gap):
    return {row["effect"]: Fraction(str(row["amount"])) for row in gap.classes.to_dict("records")}


def close(got, wanted):
    """Each effect within a cent or two of its exact size; none missing that is not zero to the cent."""
    keys = got.keys() | wanted.keys()
    return [
        (key, got.get(key, 0), wanted.get(key, 0)) for key in keys if abs(got.get(key, 0) - wanted.get(key, 0)) > 0.02
    ]


@pytest.mark.parametrize("seed", range(5000, 5024))
def test_every_effect_is_the_oracles(seed):
    tables, as_of = strategies.company(seed)
    tables = lined(tables, seed)
    crm = crmkpi.open(strategies.frames(tables, seed), as_of=as_of, lang="en")
    rng = random.Random(seed)
    name = rng.choice(["ordered_amount", "ordered_amount", "invoiced_revenue", "order_count"])
    day = rng.choice([as_of, as_of, as_of - dt.timedelta(31)])
    for text in (f"{day.year}", f"{day:%Y-%m}", rng.choice(strategies.periods(day)[:-1])):
        period = calendar.parse(text, day)
        dims = ["rep", "team", "customer", "segment"]
        both = gaps.sides(tables, name, period, day, {})
        asked = [*dims, "basket", *(["product"] if name != "invoiced_revenue" and "order_lines" in tables else [])]
        for by in asked:
            gap = crm.gap(name, by=by, period=text, as_of=day)
            assert (gap.status == "unavailable") == (both is None), (text, by, gap.reason)
            if both is None:
                continue
            assert Fraction(str(gap.change)) == gaps.money(both[1]) - gaps.money(both[0]), (text, by)
            assert sum(found(gap).values()) == Fraction(str(gap.change)), (text, by)
            if by == "basket":
                wanted = dict(zip(("count", "basket"), gaps.by_basket(*both), strict=True))
                assert not close(by_class(gap), wanted), (text, by)
            elif by == "product":
                assert not close(by_class(gap), gaps.by_product(tables, *both)), (text, by)
            else:
                assert found(gap) == gaps.by_group(tables, *both, by), (text, by)


@pytest.mark.parametrize("seed", range(5100, 5124))
def test_a_gap_from_target_is_the_oracles(seed):
    tables, as_of = strategies.company(seed)
    crm = crmkpi.open(strategies.frames(tables, seed), as_of=as_of, lang="en")
    for name in ("ordered_amount", "invoiced_revenue"):
        for text in (f"{as_of:%Y-%m}", f"{as_of.year}"):
            for by in ("rep", "team"):
                gap = crm.gap(name, against="target", by=by, period=text)
                wanted = gaps.from_target(tables, name, calendar.parse(text, as_of), as_of, by)
                assert (gap.status == "unavailable") == (wanted is None), (name, text, by, gap.reason)
                if wanted is not None:
                    assert not close(found(gap), wanted), (name, text, by)
                    assert sum(found(gap).values()) == Fraction(str(gap.change))


def test_effects_of_a_fact_are_of_its_own():
    assert Effect("price", "P", Fraction(1)).id == "P"


# --- on the command line ------------------------------------------------------------------------------------------


def test_the_command(cli, demo):
    ask = ("gap", "ordered_amount", "--data", demo, "--period", "2026-10", "--by", "customer")
    code, out, _ = cli(*ask)
    assert code == 0
    assert "€14,000.00 → €24,500.00: €10,500.00" in out
    assert "Céramiques du Sud" in out
    code, out, _ = cli(*ask, "--json", "--lang", "fr")
    answer = json.loads(out)
    assert (answer["reference"], answer["change"], answer["status"]) == (14_000, 10_500, "ok")
    assert {row["effect_label"] for row in answer["classes"]} == {"nouveau", "en hausse", "en baisse"}
    assert cli(*ask, "--csv")[1].startswith("effect,effect_label,label,id,amount,share")
    assert "select" in cli(*ask, "--sql")[1]
    code, out, _ = cli("gap", "ordered_amount", "--data", demo, "--period", "2031")
    assert code == 0
    assert "unavailable" in out
