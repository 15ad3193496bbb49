"""A sample of the mutants of the SQL files: each is noticed by a test, or argued. ``make mutate`` runs them all."""

import random
from dataclasses import replace

import pytest
from mutation.__main__ import REPORT, argued, every, known, stale
from mutation.judge import LIBRARY, killed_by
from mutation.mutants import mutants

SAMPLE = 50


@pytest.fixture(scope="module")
def found():
    return every([])


def test_a_sample_of_mutants_is_killed_or_argued(found):
    reasons = argued()
    chosen = random.Random("crmkpi").sample([each for each in found if each.key not in reasons], SAMPLE)
    assert [each.key for each in chosen if not killed_by(each.item)] == []


def test_what_is_argued_is_a_mutant_and_has_a_reason(found):
    assert set(argued()) - {each.key for each in found} == set(), "no such mutant any more"
    assert all(len(why) > 15 for why in argued().values())


def test_the_report_knows_every_mutant_and_none_is_alive(found):
    counts = known(REPORT.read_text(encoding="utf-8"))
    assert stale(counts, found) == [], "make mutate FILES=..."
    assert [name for name, row in counts.items() if row["alive"]] == []


def test_a_figure_that_is_not_changed_is_not_killed():
    """A text written again by the parser is the same figure: what kills a mutant is its change."""
    for name in ("ordered_amount", "win_rate", "confirmed_orders"):
        item = {**LIBRARY.views, **LIBRARY.figures}[name]
        assert killed_by(replace(item, sql=f"{item.sql} ")) == ""


def test_each_kind_of_change_is_made():
    sql = """select case when a.x is null then 'one' when a.y in ('p', 'q') then 'two' end as code, coalesce(a.n, 0) + 1 as num,
      min(a.z), row_number() over (partition by a.k order by a.d desc) as place
      from t a left join b on b.id = a.id where a.v <= 7 and not a.w or a.u is not null"""
    item = replace(LIBRARY.figures["ordered_amount"], sql=sql, settings=(), alerts=())
    words = " | ".join(each.change for each in mutants(item))
    kinds = ("LTE -> LT", "And -> Or", "Or -> And", "only the left", "only the right", "not dropped", "only the first",
                   "negated", "+ 1", "other text", "inner", "branch dropped",
             "'p' dropped", "turned", "Add -> Sub", "Min -> Max")  # fmt: skip
    assert [change for change in kinds if change not in words] == []


def test_a_setting_and_an_alert_are_changed():
    changes = [each.change for each in mutants(LIBRARY.figures["margin_rate"])]
    assert any(change.startswith("setting margin_floor") for change in changes)
    assert any(change.startswith("alert: ") for change in changes)
