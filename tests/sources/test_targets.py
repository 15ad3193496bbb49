"""Targets in a file of their own, and what is checked about any targets."""

import pytest
import xlsxwriter
from written import line, table, write

from crmkpi.errors import DataError
from crmkpi.sources import import_data

HEADER = "scope,scope_id,metric,period_start,period_end,value\n"
USERS = "user_id,name,team\nU1,Ana,Sud\n"
OWN = (
    HEADER + "rep,U1,invoiced_revenue,2026-10-01,2026-10-31,100\nteam,Sud,invoiced_revenue,2026-10-01,2026-10-31,200\n"
)


@pytest.fixture
def imported(tmp_path):
    """``imported(targets of the source, targets of the file)``; either may be None."""

    def run(own, extra):
        texts = {"users": USERS, **({"targets": own} if own else {})}
        source = write(tmp_path / "source", **texts)
        file = write(tmp_path, extra=extra) / "extra.csv" if extra else None
        return import_data(source, tmp_path / "data", targets=file)

    return run


def values(report):
    return {(row[0], row[1]): row[2] for row in table(report, "targets", "scope, scope_id, value::varchar")}


def test_targets_of_a_file_are_added(imported):
    report = imported(None, OWN)
    assert values(report) == {("rep", "U1"): "100.00", ("team", "Sud"): "200.00"}


def test_the_file_wins_and_it_is_said(imported, tmp_path):
    report = imported(
        OWN,
        HEADER
        + 'rep,U1,invoiced_revenue,01/10/2026,31/10/2026,"22 700,00 €"\ncompany,,order_count,2026-10-01,2026-10-31,5\n',
    )
    assert values(report) == {("rep", "U1"): "22700.00", ("team", "Sud"): "200.00", ("company", "company"): "5.00"}
    assert line(report, "assumed_company").rows == 1
    found = line(report, "target_replaced")
    assert (found.rows, found.cells) == (1, 6)
    entry = report.manifest["tables"]["targets"]
    assert (entry["rows"], entry["columns"]["value"], entry["rejected_rows"]) == (3, 3, 1)
    # users 3, own 12, file 6 + 5 and the company's id that was filled in
    assert report.cells == {"read": 27, "kept": 21, "reported": 6}
    assert (tmp_path / "data" / report.manifest["version"] / "rejected" / "targets.parquet").is_file()


def test_scopes_that_nobody_knows_are_reported(imported):
    extra = (
        HEADER
        + "rep,U9,order_count,2026-10-01,2026-10-31,1\n"
        + "team,Nord,order_count,2026-10-01,2026-10-31,2\n"
        + "business_unit,B,order_count,2026-10-01,2026-10-31,3\n"
    )
    report = imported(None, extra)
    found = {each.examples: (each.cells, each.en) for each in report.lines if each.code == "orphan"}
    assert set(found) == {("U9",), ("Nord",)}  # no table has business units: nothing to compare with
    assert "users.user_id (rep)" in found["U9",][1]
    assert len(values(report)) == 3


def test_a_metric_of_ones_own_is_kept_and_said(imported):
    extra = (
        HEADER
        + "rep,U1,Signed quotes,2026-10-01,2026-10-31,1\n"
        + "rep,U2,invoiced_revenu,2026-10-01,2026-10-31,2\n"
        + "rep,U1,Order count,2026-10-01,2026-10-31,3\n"
    )
    report = imported(None, extra)
    said = line(report, "own_name")
    assert (said.rows, set(said.examples)) == (2, {"Signed quotes", "invoiced_revenu"})
    assert said.en.endswith("for a figure of your own; did you mean invoiced_revenue?")
    kept = table(report, "targets", "metric, value")
    assert [name for name, _ in sorted(kept, key=lambda row: row[1])] == [
        "signed_quotes",
        "invoiced_revenu",
        "order_count",
    ]


def test_a_scope_or_period_that_is_not_valid_is_set_aside(imported):
    extra = (
        HEADER
        + "repp,U1,order_count,2026-10-01,2026-10-31,1\n"
        + "rep,U1,order_count,2026-10-31,2026-10-01,2\n"
        + "rep,U1,order_count,2026-10-01,2026-10-31,3\n"
    )
    report = imported(None, extra)
    assert values(report) == {("rep", "U1"): "3.00"}
    assert "did you mean rep?" in line(report, "bad_key").en
    assert line(report, "bad_key").examples == ("repp",)
    assert line(report, "bad_period").rows == 1
    assert report.cells["reported"] == 12


def test_targets_in_a_workbook(tmp_path):
    path = tmp_path / "plan.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("read me").write(0, 0, "hello")
    sheet = book.add_worksheet("Targets")
    for place, text in enumerate(OWN.splitlines()):
        sheet.write_row(place, 0, text.split(","))
    book.close()
    report = import_data(write(tmp_path / "source", users=USERS), tmp_path / "data", targets=path)
    assert len(values(report)) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scope,scope_id\nrep,U1\n", "extra.csv: no column 'metric', the key of targets"),
        (HEADER, "extra.csv: a header and no rows"),
        (HEADER + "rep,U1,order_count\n", "extra.csv, line 2: found 3 values, expected 6"),
    ],
)
def test_a_broken_file_of_targets(imported, tmp_path, text, message):
    with pytest.raises(DataError) as caught:
        imported(None, text)
    assert str(caught.value).startswith(message)
    assert not (tmp_path / "data").exists()


def test_a_change_of_the_file_is_a_new_version(imported):
    assert not imported(None, OWN).up_to_date
    assert imported(None, OWN).up_to_date
    assert not imported(None, OWN.replace("100", "101")).up_to_date
