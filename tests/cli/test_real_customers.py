"""Online Retail II's customers by their own cycles: the figures, and the false alarms by plain Python over the order days."""

import datetime as dt
import json
import statistics
from itertools import groupby, pairwise

import pytest

import crmkpi

SEEN = dt.date(2011, 12, 9)
GLOBAL = {"default_cycle": 31, "min_order_days": 999_999}
"""One cycle for everybody: no customer has enough order days for one of its own."""


@pytest.fixture(scope="module")
def folder(load, shared, root):
    mapping = root / "docs" / "mappings" / "online_retail_II.toml"
    return load(shared / "real" / "online_retail_II", "--mapping", mapping)


@pytest.fixture(scope="module")
def retail(folder):
    return crmkpi.open(folder)


@pytest.mark.parametrize(
    ("settings", "active", "inactive", "lost"), [({}, 2_642, 662, 2_574), (GLOBAL, 1_714, 711, 3_453)]
)
def test_states(retail, settings, active, inactive, lost):
    found = [retail.kpi(f"{state}_customers", settings=settings) for state in ("active", "inactive", "lost")]
    assert [each.value for each in found] == [active, inactive, lost]
    assert sum(each.value for each in found) == 5_878
    assert {(each.status, each.reason) for each in found} == {("partial", "silence not checked")}


def test_the_command_says_so_too(folder, cli):
    code, out, _ = cli("kpi", "lost_customers", "--data", folder, "--json", "--lang", "fr")
    answer = json.loads(out)
    assert (code, answer["rows"][0]["value"]) == (0, 2_574)
    assert (answer["status"], answer["reason"]) == ("partial", "silence non vérifiée")


def test_the_list_says_which_cycle_was_used(retail):
    listed = retail.facts("lost_customers")
    assert sorted(listed["cycle_from"].value_counts()) == [606, 1_968]  # their own, the default
    assert (listed["quiet"] > 2 * listed["cycle"]).all()
    assert (listed["age"] == listed["quiet"]).all(), "nobody is known to have answered"


def test_false_alarms(retail):
    found = retail.kpi("false_alarm_rate", by="cycles").frame.set_index("cycles_id")
    assert found["value"].round(3).to_dict() == {"1": 0.897, "2": 0.848}
    assert found["num"].to_dict() == {"1": 8_445, "2": 3_383}
    assert found["den"].to_dict() == {"1": 9_415, "2": 3_989}


def test_false_alarms_by_plain_python(retail):
    """Every gap, with the median of those before it: only gaps whose cycle was known are alarms of a known cycle."""
    sql = "select account_id, order_date as day from orders where account_id is not null and amount > 0"
    rows = retail.base.engine.query(f"{sql} order by 1, 2", {})
    ended, passed = {1: 0, 2: 0}, {1: 0, 2: 0}
    for _, orders in groupby(zip(rows["account_id"], rows["day"].dt.date, strict=True), key=lambda row: row[0]):
        days = sorted({day for _, day in orders})
        gaps = [(later - day).days for day, later in pairwise(days)]
        for number in range(3, len(days)):
            open_ = number == len(gaps)
            length = (SEEN - days[number]).days if open_ else gaps[number]
            for cycles in passed:
                if length > cycles * statistics.median(gaps[:number]):
                    passed[cycles] += 1
                    ended[cycles] += not open_
    assert (ended, passed) == ({1: 8_445, 2: 3_383}, {1: 9_415, 2: 3_989})
