"""What Spark says is what DuckDB says: every figure, whole and by group, and the list behind it."""

import pandas as pd
import pytest

from crmkpi.indicators import Library

FIGURES = Library().figures
FACTS = [figure.name for figure in FIGURES.values() if not figure.inputs]
COMPARE = ["previous", "last_year", "target"]
pytestmark = pytest.mark.spark


def check_same(one, other, *keys):
    """The same rows, whatever their order."""
    frames = [frame.sort_values(list(keys), na_position="first", ignore_index=True) for frame in (one, other)]
    pd.testing.assert_frame_equal(*frames, rtol=1e-9, atol=1e-9)


def company(figure):
    """The name of the golden company that a figure's examples are asked of."""
    return figure.company or figure.family


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("data", ["golden", "random"])
def test_every_figure(twice, data, name):
    """Value, amount, coverage, reason, comparisons and targets: of the whole and of each group."""
    figure = FIGURES[name]
    by = "business_unit" if data == "random" else "team"  # a random company is a business unit
    question = {"by": by, "compare": COMPARE, "period": "2026" if data == "random" else None}
    here, there = (crm.kpi(name, **question) for crm in twice(company(figure) if data == "golden" else data))
    check_same(here.frame, there.frame, f"{by}_id")
    check_same(*(pd.DataFrame([answer.total]) for answer in (here, there)), "status")


@pytest.mark.parametrize("name", FACTS)
def test_every_list(twice, name):
    """The rows used, with their types."""
    check_same(*(crm.facts(name) for crm in twice("sample")), "id", "day")


@pytest.mark.parametrize("name", FACTS)
def test_every_row_left_out(twice, name):
    """The rows left out and why, of the company that has a row of every kind."""
    check_same(*(crm.facts(name, left_out=True) for crm in twice(company(FIGURES[name]))), "id", "day")
