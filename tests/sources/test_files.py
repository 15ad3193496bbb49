"""Reading files: encodings, delimiters, workbooks, and every kind of broken file."""

import datetime as dt

import duckdb
import pytest
import xlsxwriter
from written import ACCOUNTS, ORDERS, clean, codes, line, table, write

from crmkpi.errors import DataError
from crmkpi.sources import detect, import_data

NAMES = "account_id;name;type\n001;Béatrice & Œuvre – 5 €;customer\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_encodings(tmp_path, encoding):
    text = ("\ufeff" if encoding == "utf-16-le" else "") + NAMES
    report = import_data(write(tmp_path / "source", accounts=text.encode(encoding)), tmp_path / "data")
    assert table(report, "accounts", "account_id, name") == [("001", "Béatrice & Œuvre – 5 €")]
    assert codes(report) == set()


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_line_ends(tmp_path, delimiter, end):
    rows = [
        ["order_id", "number", "amount"],
        ["O1", f'"a{delimiter} ""b"""', '"1,5"'],
        ["O2", "x; y" if delimiter == "|" else "xy", '"2,5"'],
    ]
    text = end.join(delimiter.join(row) for row in rows) + end
    report = import_data(write(tmp_path / "source", orders=text), tmp_path / "data")
    assert [row[0] for row in table(report, "orders", "number")] == [f'a{delimiter} "b"', rows[2][1]]
    assert [str(row[0]) for row in table(report, "orders", "amount")] == ["1.50", "2.50"]


def test_a_decimal_comma_is_no_delimiter(tmp_path):
    report = import_data(write(tmp_path / "source", orders="order_id;amount\nO1;1,5\nO2;2,5\n"), tmp_path / "data")
    assert [str(row[0]) for row in table(report, "orders", "amount")] == ["1.50", "2.50"]


def test_one_column_needs_no_delimiter(tmp_path):
    report = import_data(write(tmp_path / "source", stages="stage\nWon, at last\n"), tmp_path / "data")
    assert table(report, "stages", "stage") == [("Won, at last",)]


def test_excels_own_delimiter_line(tmp_path):
    report = import_data(write(tmp_path / "source", orders="sep=;\r\norder_id;amount\r\nO1;5\r\n"), tmp_path / "data")
    assert report.manifest["tables"]["orders"]["rows"] == 1


def test_line_ends_of_two_systems_in_one_file(tmp_path):
    report = import_data(
        write(tmp_path / "source", orders="order_id,number\r\nO1,a\nO2,b\r\nO3,c\n"), tmp_path / "data"
    )
    assert [row[0] for row in table(report, "orders", "number")] == ["a", "b", "c"]


def test_quoted_line_breaks_and_a_bom_before_a_quoted_header(tmp_path):
    text = '\ufeff"activity_id","report","type, kind"\n"T1","said\nyes, twice","x"\n'
    report = import_data(write(tmp_path / "source", activities=text), tmp_path / "data")
    assert table(report, "activities", "activity_id, report") == [("T1", "said\nyes, twice")]


def test_headers_are_recognised_without_case_and_spaces(tmp_path):
    report = import_data(write(tmp_path / "source", orders="Order ID, AMOUNT \nO1,5\n"), tmp_path / "data")
    assert report.manifest["tables"]["orders"]["columns"]["amount"] == 1


def test_tsv_txt_and_parquet_beside_each_other(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "orders.tsv").write_text(ORDERS.replace(",", "\t"))
    (source / "accounts.txt").write_text(ACCOUNTS)
    duckdb.sql(f"copy (select 'U1' as user_id, 'Ana' as name) to '{source}/users.parquet'")
    report = import_data(source, tmp_path / "data")
    assert set(report.manifest["tables"]) == {"users", "accounts", "orders"}


def test_a_single_file_is_a_source(tmp_path):
    source = clean(tmp_path / "source")
    report = import_data(source / "orders.csv", tmp_path / "data")
    assert list(report.manifest["tables"]) == ["orders"]
    assert report.manifest["source"] == "orders.csv"


def workbook(path, sheets):
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(place, column, cell, day)
                else:
                    sheet.write(place, column, cell)
    book.close()
    return path


def test_a_workbook_with_a_sheet_per_table(tmp_path):
    orders = [
        ["order_id", "order_date", "delivered_at", "amount", "number", "is_deleted"],
        [123, dt.date(2026, 3, 2), dt.datetime(2026, 3, 4, 9, 5), 1234.5, "00123", False],
        [124.0, 46083, 46085.5, 0.1 + 0.2, 5.25, True],
    ]
    path = workbook(
        tmp_path / "company.xlsx",
        {
            "orders": [[], *orders],
            "accounts": [["account_id", "name", "type"], ["A", "NA", "customer"]],
            "notes": [["hello"]],
        },
    )
    report = import_data(path, tmp_path / "data")
    assert table(
        report, "orders", "order_id, order_date::varchar, delivered_at::varchar, amount::varchar, number, is_deleted"
    ) == [
        ("123", "2026-03-02", "2026-03-04 09:05:00", "1234.50", "00123", False),
        ("124", "2026-03-02", "2026-03-04 12:00:00", "0.30", "5.25", True),
    ]
    assert table(report, "accounts", "name") == [("NA",)]
    assert codes(report) == {"unknown_file", "excel_serial"}


def test_a_workbook_of_one_sheet_goes_by_its_file_or_its_sheet(tmp_path):
    rows = [["order_id"], ["O1"]]
    (tmp_path / "a").mkdir()
    workbook(tmp_path / "a" / "orders.xlsx", {"Feuil1": rows})
    workbook(tmp_path / "b.xlsx", {"orders": rows})
    assert list(import_data(tmp_path / "a", tmp_path / "1").manifest["tables"]) == ["orders"]
    assert list(import_data(tmp_path / "b.xlsx", tmp_path / "2").manifest["tables"]) == ["orders"]


def test_without_calamine_it_says_what_to_install(tmp_path, monkeypatch):
    path = workbook(tmp_path / "orders.xlsx", {"orders": [["order_id"], ["O1"]]})
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    with pytest.raises(DataError, match=r"orders.xlsx: .*pip install 'crmkpi\[excel\]'"):
        import_data(path, tmp_path / "data")


BROKEN = {
    "empty": ("orders.csv", b"", "orders.csv: the file is empty"),
    "blank": ("orders.csv", b"\xef\xbb\xbf \n\n", "orders.csv: the file is empty"),
    "header only": ("orders.csv", b"order_id,amount\n", "orders.csv: a header and no rows"),
    "binary": ("orders.csv", bytes(range(256)) * 20, "orders.csv: found binary data"),
    "workbook named csv": ("orders.csv", b"PK\x03\x04 and more", "orders.csv: found an Excel workbook"),
    "too many values": (
        "orders.csv",
        b"order_id,amount\nO1,5\nO2,5,6\n",
        "orders.csv, line 3: found 3 values, expected 2",
    ),
    "too few values": (
        "orders.csv",
        b"order_id,number,amount\nO1,,5\nO2\n",
        "orders.csv, line 3: found 1 values, expected 3",
    ),
    "unclosed quote": (
        "orders.csv",
        b'order_id,amount\nO1,"5\nO2,6\n',
        "orders.csv, line 2: a double quote is opened and never closed",
    ),
    "same header twice": (
        "orders.csv",
        b"order_id,amount,Amount\nO1,5,6\n",
        "orders.csv: column 'amount' is there 2 times",
    ),
    "no key column": (
        "orders.csv",
        b"id,amount\nO1,5\n",
        "orders.csv: no column 'order_id', the key of orders; found id, amount",
    ),
    "neither encoding": ("orders.csv", b"order_id,number\nO1,\x81\x8d\n", "orders.csv: neither UTF-8 nor Windows-1252"),
    "not Parquet": ("orders.parquet", b"PAR1 not really", "orders.parquet: not readable as Parquet"),
    "not a workbook": ("orders.xlsx", b"junk", "orders.xlsx: not readable as a workbook"),
    "empty workbook": ("orders.xlsx", b"", "orders.xlsx: the file is empty"),
    "password": (
        "orders.xlsx",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        "orders.xlsx: the workbook is protected by a password",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_named_in_one_line_and_nothing_is_published(tmp_path, kind):
    name, content, message = BROKEN[kind]
    source = clean(tmp_path / "source")
    (source / "orders.csv").unlink()
    (source / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        import_data(source, tmp_path / "data")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "data").exists()


def test_a_parquet_file_cut_short(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    duckdb.sql(f"copy (select 'O' || i as order_id from range(50000) t(i)) to '{source}/orders.parquet'")
    whole = (source / "orders.parquet").read_bytes()
    (source / "orders.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"^orders.parquet: not readable as Parquet, the file is cut short or damaged"):
        import_data(source, tmp_path / "data")


def test_a_ragged_row_far_down_is_found_too(tmp_path):
    rows = "".join(f"O{place},5\n" for place in range(60_000))
    with pytest.raises(DataError, match=r"^orders.csv, line 60002: found 3 values, expected 2"):
        import_data(write(tmp_path / "source", orders=f"order_id,amount\n{rows}Ox,5,6\n"), tmp_path / "data")


def test_two_files_for_one_table(tmp_path):
    source = clean(tmp_path / "source")
    (source / "orders.txt").write_text(ORDERS)
    with pytest.raises(DataError, match=r"orders: found twice \(orders.csv, orders.txt\)"):
        import_data(source, tmp_path / "data")


def test_unknown_files_and_columns_are_reported_with_the_nearest_name(tmp_path):
    source = write(clean(tmp_path / "source"), invoice="x\n1\n", users="user_id,nam,Équipe,zzz\nU1,Ana,Sud,1\n")
    report = import_data(source, tmp_path / "data")
    assert line(report, "unknown_file").en.startswith("file not read: invoice.csv (did you mean invoices?)")
    found = {each.column: each.en for each in report.lines if each.code == "unknown_column"}
    assert set(found) == {"nam", "Équipe", "zzz"}
    assert "did you mean name?" in found["nam"]
    assert "did you mean team?" in found["Équipe"]


def test_detect_names_what_it_looked_for_and_what_is_near(tmp_path):
    assert detect(clean(tmp_path / "good")) == "canonical"
    bad = write(tmp_path / "bad", order=ORDERS)
    with pytest.raises(
        DataError, match=r"found order.csv, expected orders.csv.*Looked for canonical \(users, accounts"
    ):
        detect(bad)
    odoo = write(tmp_path / "odoo", sale_orders="id\n1\n", zzz="id\n1\n")
    with pytest.raises(DataError, match=r"found sale_orders.csv, expected sale_order.csv"):
        detect(odoo)
    with pytest.raises(DataError, match=r"no preset fits these files: found sale_orders.csv, expected sale_order.csv"):
        import_data(odoo, tmp_path / "data", preset="odoo")
    with pytest.raises(DataError, match="no data file found"):
        detect(write(tmp_path / "none"))
    with pytest.raises(DataError, match="no such file or folder"):
        detect(tmp_path / "absent")
