"""Gaps, past errors and what stages closed at: the same on Spark, on the demo and on the sample company."""

import pandas as pd
import pytest

pytestmark = pytest.mark.spark


@pytest.mark.parametrize("data", ["commercial", "sample"])
@pytest.mark.parametrize(
    ("by", "against"), [("customer", "previous"), ("basket", "last_year"), ("product", "previous"), ("team", "target")]
)
def test_gaps(twice, data, by, against):
    here, there = (crm.gap("ordered_amount", by=by, against=against, period="2026-10") for crm in twice(data))
    assert (here.reference, here.actual, here.status, here.reason) == (
        there.reference,
        there.actual,
        there.status,
        there.reason,
    )
    order = ["effect", "label", "id"]
    pd.testing.assert_frame_equal(*(each.frame.sort_values(order, ignore_index=True) for each in (here, there)))


@pytest.mark.parametrize("name", ["landing", "landing_pipeline"])
def test_past_errors(twice, name):
    here, there = (crm.backtest(name) for crm in twice("sample"))
    pd.testing.assert_frame_equal(here.frame, there.frame, rtol=1e-9)
    assert (here.verdict, here.held, here.low) == (there.verdict, there.held, pytest.approx(there.low))


def test_stages(twice):
    here, there = (crm.kpi("stage_realised_rate", by="stage").frame for crm in twice("sample"))
    pd.testing.assert_frame_equal(
        *(each.sort_values("stage_id", ignore_index=True) for each in (here, there)), rtol=1e-9
    )
