"""What an import says about rows and references, and that nothing is lost."""

import json

import duckdb
import pytest
from written import clean, codes, line, table, write

from crmkpi.schema import TABLES
from crmkpi.sources import import_data

HEADER = "order_id,account_id,order_date,status,amount\n"


def orders(folder, rows, **options):
    return import_data(write(folder / "source", orders=HEADER + rows), folder / "data", **options)


def rejected(report, name="orders"):
    path = report.folder / report.manifest["version"] / "rejected" / f"{name}.parquet"
    return duckdb.sql(f"select order_id, amount, reason, source_row from '{path}'").fetchall()


def test_a_row_that_is_there_twice_is_counted_once(tmp_path):
    report = orders(tmp_path, "O1,A,2026-03-02,draft,5\nO2,A,2026-03-02,draft,6\nO1,A,2026-03-02,draft, 5\n")
    assert table(report, "orders", "order_id") == [("O1",), ("O2",)]
    found = line(report, "duplicate_row")
    assert (found.rows, found.cells, found.examples) == (1, 5, ("O1",))
    assert rejected(report) == [("O1", " 5", "duplicate_row", 3)]
    assert report.cells == {"read": 15, "kept": 10, "reported": 5}


def test_of_different_rows_of_one_key_the_first_is_kept(tmp_path):
    report = orders(tmp_path, "O1,A,2026-03-02,draft,5\nO1,B,,,7\nO1,A,2026-03-02,draft,5\n")
    assert table(report, "orders", "order_id, account_id, amount::varchar") == [("O1", "A", "5.00")]
    assert line(report, "duplicate_key").rows == 1
    assert line(report, "duplicate_key").cells == 3
    assert line(report, "duplicate_row").rows == 1
    assert [row[2] for row in rejected(report)] == ["duplicate_key", "duplicate_row"]


def test_order_is_kept_around_rows_set_aside(tmp_path):
    rows = "".join(f"O{place % 3000},A,2026-03-02,draft,5\n" for place in range(4000))
    report = orders(tmp_path, rows)
    assert [row[0] for row in table(report, "orders", "order_id")] == [f"O{place}" for place in range(3000)]
    assert line(report, "duplicate_row").rows == 1000


def test_a_row_without_key_is_set_aside_and_a_blank_one_is_nothing(tmp_path):
    report = orders(tmp_path, "O1,A,2026-03-02,draft,5\n ,A,2026-03-02,draft,6\n,,,,\n")
    assert (line(report, "no_key").rows, line(report, "no_key").cells) == (1, 4)
    assert (line(report, "empty_rows").rows, line(report, "empty_rows").cells) == (1, 0)
    assert [row[2] for row in rejected(report)] == ["no_key:order_id"]
    assert report.manifest["tables"]["orders"]["rows"] == 1
    assert report.manifest["tables"]["orders"]["rejected_rows"] == 1


def test_lines_that_repeat_in_a_table_without_key_are_all_kept(tmp_path):
    text = "order_id,product_id,amount\nO1,P,5.00\nO1,P,5.00\n"
    report = import_data(write(tmp_path / "source", order_lines=text), tmp_path / "data")
    assert report.manifest["tables"]["order_lines"]["rows"] == 2


def test_orphans_are_kept_and_reported(tmp_path):
    source = write(
        clean(tmp_path / "source"),
        orders=HEADER + "O1,A1,2026-03-02,draft,5.00\nO2,A9,2026-03-02,draft,5.00\nO3,,2026-03-02,draft,5.00\n",
    )
    report = import_data(source, tmp_path / "data")
    found = line(report, "orphan")
    assert (found.table, found.column, found.rows, found.cells, found.examples) == (
        "orders",
        "account_id",
        1,
        1,
        ("A9",),
    )
    assert table(report, "orders", "account_id") == [("A1",), ("A9",), (None,)]


def test_a_table_refers_to_itself_too(tmp_path):
    text = "account_id,name,type,parent_account_id\nA,a,customer,B\nB,b,customer,C\n"
    report = import_data(write(tmp_path / "source", accounts=text), tmp_path / "data")
    assert line(report, "orphan").examples == ("C",)


def test_no_orphans_where_the_table_referred_to_was_not_supplied(tmp_path):
    assert codes(orders(tmp_path, "O1,A,2026-03-02,draft,5.00\n")) == set()


def test_a_required_column_that_is_absent_and_a_required_cell_that_is_empty(tmp_path):
    report = import_data(write(tmp_path / "source", orders="order_id,amount\nO1,5.00\nO2,\n"), tmp_path / "data")
    assert {(each.column, each.rows) for each in report.lines if each.code == "missing_column"} == {
        ("order_date", 2),
        ("status", 2),
    }
    assert (line(report, "missing_value").column, line(report, "missing_value").rows) == ("amount", 1)
    assert report.manifest["tables"]["orders"]["columns"]["status"] == 0


def test_every_canonical_column_is_there_with_its_exact_type(tmp_path):
    for name, rows in {"clean": "O1,A,2026-03-02,draft,5.00\n", "not": "O1,A,02/03/2026,Draft,5 €\n"}.items():
        folder = tmp_path / name
        folder.mkdir()
        report = orders(folder, rows)
        path = folder / "data" / report.manifest["version"] / "orders.parquet"
        described = duckdb.sql(f"describe from '{path}'").fetchall()
        assert [(row[0], row[1]) for row in described] == [(c.name, c.sql_type) for c in TABLES["orders"].columns]


def test_the_manifest_says_what_the_folder_holds(tmp_path):
    source = write(clean(tmp_path / "source"), users="user_id,name,is_deleted\nU1,Ana,t\nU2,Bob,f\n")
    report = import_data(source, tmp_path / "data", currency="USD", zone="UTC")
    manifest = json.loads((tmp_path / "data" / "manifest.json").read_text())
    assert manifest == report.manifest
    assert {key: manifest[key] for key in ("schema", "source", "preset", "as_of", "zone", "currency", "language", "notes")} == {
        "schema": 1, "source": "source", "preset": "canonical", "as_of": "2026-03-03", "zone": "UTC", "currency": "USD",
        "language": "fr", "notes": [],
    }  # fmt: skip
    assert manifest["tables"]["users"]["rows"] == 2
    assert manifest["tables"]["users"]["deleted"] == 1
    assert manifest["tables"]["orders"]["columns"]["amount"] == 2
    assert manifest["tables"]["orders"]["columns"]["team"] == 0
    assert str(tmp_path) not in json.dumps(manifest)


@pytest.mark.parametrize(("option", "expected"), [(None, "2026-03-03"), ("2020-06-15", "2020-06-15")])
def test_the_datas_own_date(tmp_path, option, expected):
    rows = "O1,A,2026-03-03,draft,5\nO2,A,2999-01-01,draft,5\n"
    assert orders(tmp_path, rows, as_of=option).manifest["as_of"] == expected


def test_the_report_reads_in_two_languages(tmp_path):
    report = orders(tmp_path, "O1,A,2026-03-02,Confirmd,x\n")
    french, english = report.text("fr"), report.text("en")
    assert "Commandes (orders) : 1 ligne\n" in french
    assert "1 valeur illisible comme montant : laissée vide" in french
    assert "5 valeurs lues = 3 gardées telles quelles + 2 signalées" in french
    assert "Orders (orders): 1 row\n" in english
    assert "1 value not readable as money: left empty" in english
    assert "[x]" in english
    assert "5 values read = 3 kept as they were + 2 reported" in english
