"""The demo data gives the sums that data/demo/README.md works out by hand, and imports without a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import crmkpi
from crmkpi import sources

DEMO = Path(__file__).parent.parent / "data" / "demo"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("demo") / "data"
    report = sources.import_data(DEMO, to)
    assert report.manifest["report"] == []
    assert report.manifest["as_of"] == "2026-10-15"
    return to


@pytest.fixture(scope="module")
def crm(folder: Path) -> Any:
    return crmkpi.open(folder)


@pytest.mark.parametrize(
    ("figure", "value", "more"),
    [
        (
            "invoiced_revenue",
            14_000,
            {"target": 36_000, "target_to_date": 18_000, "previous": 14_000, "last_year": 5_000},
        ),
        ("landing", 28_000, {"target": 36_000}),
        ("landing_pipeline", 29_500, {}),
        ("needed_pace", 2_000, {}),
        ("ordered_amount", 24_500, {"target_to_date": 25_000, "attainment": 0.98, "previous": 14_000}),
        ("order_count", 8, {"target_to_date": 10, "previous": 2, "last_year": 1}),
        ("discount_rate", 0.16, {"num": 4_000, "den": 25_000, "coverage": 21 / 24.5, "status": "partial"}),
        ("margin_rate", 0.30, {"num": 6_750, "den": 22_500, "coverage": 22.5 / 24.5, "status": "partial"}),
        ("average_basket", 3_500, {"target": 2_500, "previous": 7_000}),
        ("weighted_pipeline", 26_000, {"amount": 43_000, "status": "partial"}),
        ("open_opportunities", 6, {"amount": 46_000}),
        ("win_rate", 0.5, {"num": 2, "den": 4}),
        ("win_rate_by_value", 0.6, {"num": 9_000, "den": 15_000}),
        ("pipeline_coverage", 20_000 / 25_500, {}),
    ],
)
def test_company_in_october(crm: Any, figure: str, value: float, more: dict[str, Any]) -> None:
    row = crm.kpi(figure, period="2026-10", compare=["previous", "last_year", "target"]).row
    assert row["value"] == pytest.approx(value)
    assert {name: row[name] for name in more} == {
        name: given if isinstance(given, str) else pytest.approx(given) for name, given in more.items()
    }


@pytest.mark.parametrize(
    ("figure", "nord", "sud", "nobody"),
    [
        ("invoiced_revenue", 9_500, 3_500, 1_000),
        ("ordered_amount", 13_500, 10_000, 1_000),
        ("order_count", 4, 3, 1),
        ("average_basket", 4_500, 10_000 / 3, 1_000),
        ("discount_rate", 0.2, 1_500 / 11_500, 0),
        ("margin_rate", 4_500 / 11_500, 0.19, 0.35),
    ],
)
def test_teams_in_october(crm: Any, figure: str, nord: float, sud: float, nobody: float) -> None:
    frame = crm.kpi(figure, period="2026-10", by=["team"]).frame
    by_team = {
        (None if pd.isna(who) else who): value for who, value in zip(frame["team_id"], frame["value"], strict=True)
    }
    assert by_team == {"Nord": pytest.approx(nord), "Sud": pytest.approx(sud), None: pytest.approx(nobody)}


def test_september_to_the_same_working_day_and_whole(crm: Any) -> None:
    month = crm.kpi("invoiced_revenue", period="2026-09", by=["team"]).frame
    assert dict(zip(month["team"], month["value"], strict=True)) == {"Nord": 16_000, "Sud": 3_000}


def test_a_rep_with_a_target_but_no_sale_is_shown(crm: Any) -> None:
    frame = crm.kpi("invoiced_revenue", period="2026-10", by=["rep"], compare=["target"]).frame.set_index("rep_id")
    assert (frame.loc["U4", "target_to_date"], frame.loc["U4", "attainment"]) == (2_000, 0)
    assert "U2" not in frame.index or pd.isna(frame.loc["U2", "target"])
