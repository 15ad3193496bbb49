"""What is written how: money, rates, days, moments, yes/no, closed lists, codes."""

import duckdb
import pytest
from written import cast, codes, csv_text, line, table, write

from crmkpi.sources import import_data


def opportunities(folder, column, cells):
    text = csv_text(["opportunity_id", column], [[f"P{place}", cell] for place, cell in enumerate(cells)])
    report = import_data(write(folder / "source", opportunities=text), folder / "data")
    return [None if row[0] is None else float(row[0]) for row in table(report, "opportunities", column)], report


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.56", "1234.56"),
        ("1 234,56 €", "1234.56"),
        ("1\u00a0234,56\u00a0€", "1234.56"),
        ("1\u202f234,56\u202f€", "1234.56"),
        ("$22,700.00", "22700.00"),
        ("(123.45)", "-123.45"),
        ("($1,123.45)", "-1123.45"),
        ("-1.234,56", "-1234.56"),
        ("\u2212 1.234,56", "-1234.56"),
        ("$342.09K", "342090.00"),
        ("1,2 M€", "1200000.00"),
        ("12,5", "12.50"),
        ("12-", "-12.00"),
        ("1'234.50", "1234.50"),
        ("12,34,567.80", "1234567.80"),
        ("1.5E+05", "150000.00"),
        ("9999999999999999.99", "9999999999999999.99"),
    ],
)
def test_money_is_read_as_people_write_it(tmp_path, cell, value):
    assert cast(tmp_path, "amount", [cell])[0] == [value]


@pytest.mark.parametrize(
    "cell", ["x", "12%", "1,2,3", "(5", "NaN", "99999999999999999999", "1 2", "#REF!", "N/A", "--5", "10 20"]
)
def test_what_is_no_money_is_left_empty_and_reported(tmp_path, cell):
    values, report = cast(tmp_path, "amount", ["1.50", cell])
    assert values == ["1.50", None]
    assert line(report, "bad_value").examples == (cell,)
    assert report.cells == {"read": 4, "kept": 3, "reported": 1}


@pytest.mark.parametrize(("column", "one", "other"), [("point", "1234.50", "1234.00"), ("comma", "1234,50", "1.23")])
def test_other_cells_of_the_column_decide_what_a_mark_before_three_digits_is(tmp_path, column, one, other):
    values, report = cast(tmp_path, "amount", [one, "1,234"])
    assert values == ["1234.50", other]
    assert "assumed_number" not in codes(report)


def test_without_evidence_three_digits_after_a_mark_are_thousands_and_it_says_so(tmp_path):
    values, report = cast(tmp_path, "amount", ["1,234", "2.500", "250"])
    assert values == ["1234.00", "2500.00", "250.00"]
    found = line(report, "assumed_number")
    assert (found.rows, found.cells) == (2, 0)
    assert "milliers" in found.fr
    assert "thousands" in found.en


def test_a_minority_written_otherwise_is_kept_and_reported(tmp_path):
    values, report = cast(tmp_path, "amount", ["1.50", "2.50", "3,50"])
    assert values == ["1.50", "2.50", "3.50"]
    assert (line(report, "mixed_format").cells, line(report, "mixed_format").examples) == (1, ("3,50",))


def test_under_a_cent_is_rounded_half_away_from_zero_and_reported_with_the_difference(tmp_path):
    values, report = cast(tmp_path, "amount", ["0.125", "-0.125", "0.001", "0.001", "5.10"])
    assert values == ["0.13", "-0.13", "0.00", "0.00", "5.10"]
    found = line(report, "rounded")
    assert (found.rows, found.cells, found.examples) == (4, 4, ("-0.125", "0.001", "0.125"))
    assert "total difference 0.002" in found.en
    assert "écart total 0,002" in found.fr


def test_binary_noise_is_no_loss_but_a_tenth_of_a_cent_is(tmp_path):
    (tmp_path / "source").mkdir()
    cells = "select 'O1' as order_id, 0.1::double + 0.2::double as amount union all select 'O2', 1234567890.1 union all select 'O3', 0.001"
    duckdb.sql(f"copy ({cells}) to '{tmp_path}/source/orders.parquet'")
    report = import_data(tmp_path / "source", tmp_path / "data")
    assert [str(row[0]) for row in table(report, "orders", "amount")] == ["0.30", "1234567890.10", "0.00"]
    assert line(report, "rounded").examples == ("0.001",)


@pytest.mark.parametrize(
    ("cells", "values", "scale"),
    [
        (["0.25", "1", "0"], [0.25, 1, 0], None),
        (["0,25", "0,5"], [0.25, 0.5], None),
        (["25", "100", "0"], [0.25, 1, 0], "100"),
        (["250", "1000", "500"], [0.25, 1, 0.5], "1000"),
        (["25%", "12,5 %"], [0.25, 0.125], None),
    ],
)
def test_rates_are_brought_to_0_1(tmp_path, cells, values, scale):
    found, report = opportunities(tmp_path, "probability", cells)
    assert found == values
    assert ("assumed_rate" in codes(report)) == bool(scale)
    assert scale is None or scale in line(report, "assumed_rate").en


def test_a_rate_out_of_range_is_left_empty_and_reported(tmp_path):
    found, report = opportunities(tmp_path, "probability", ["10", "50", "150", "-5"])
    assert found == [0.1, 0.5, None, None]
    assert (line(report, "out_of_range").cells, line(report, "out_of_range").examples) == (2, ("-5", "150"))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2021-04-15", "2021-04-15 00:00:00"),
        ("2021/4/5", "2021-04-05 00:00:00"),
        ("15/04/2021", "2021-04-15 00:00:00"),
        ("15-04-2021", "2021-04-15 00:00:00"),
        ("15.04.2021 10h05", "2021-04-15 10:05:00"),
        ("15 Apr, 2021 00:03:00", "2021-04-15 00:03:00"),
        ("15 avril 2021", "2021-04-15 00:00:00"),
        ("1er août 2021", "2021-08-01 00:00:00"),
        ("15 févr. 2021", "2021-02-15 00:00:00"),
        ("jeudi 15 avril 2021", "2021-04-15 00:00:00"),
        ("April 15, 2021", "2021-04-15 00:00:00"),
        ("25/04/2021 02:15 PM", "2021-04-25 14:15:00"),
        ("25/04/2021 12:05 AM", "2021-04-25 00:05:00"),
        ("2021-04-15T22:30:00Z", "2021-04-16 00:30:00"),
        ("2021-01-15T22:30:00Z", "2021-01-15 23:30:00"),
        ("2021-04-15 22:30:00+05:30", "2021-04-15 19:00:00"),
        ("2021-04-15T22:30:00", "2021-04-15 22:30:00"),
    ],
)
def test_moments_are_read_as_people_and_programs_write_them(tmp_path, cell, value):
    assert cast(tmp_path, "delivered_at", [cell], zone="Europe/Paris")[0] == [value]


@pytest.mark.parametrize(
    "cell",
    ["31/02/2021", "2021-13-01", "0000-00-00", "soon", "45123", "12:30", "25/04/2021 13:05 PM", "2021-04-15 25:00"],
)
def test_what_is_no_moment_is_left_empty_and_reported(tmp_path, cell):
    values, report = cast(tmp_path, "delivered_at", ["2021-01-01", cell])
    assert values == ["2021-01-01 00:00:00", None]
    assert line(report, "bad_value").examples == (cell,)


def test_month_first_only_where_day_first_is_impossible(tmp_path):
    values, report = cast(tmp_path, "order_date", ["04/15/2021", "04/05/2021"])
    assert values == ["2021-04-15", "2021-04-05"]
    assert "assumed_date" not in codes(report)


def test_ambiguous_days_are_day_first_and_it_says_so(tmp_path):
    values, report = cast(tmp_path, "order_date", ["04/05/2021", "03/03/2021"])
    assert values == ["2021-05-04", "2021-03-03"]
    assert (line(report, "assumed_date").rows, line(report, "assumed_date").cells) == (1, 0)


def test_a_time_of_day_that_a_date_cannot_hold_is_said(tmp_path):
    values, report = cast(tmp_path, "order_date", ["2021-04-15 10:00:00", "2021-04-16 00:00:00"])
    assert values == ["2021-04-15", "2021-04-16"]
    assert line(report, "time_dropped").rows == 1


def test_two_digit_years_are_said(tmp_path):
    values, report = cast(tmp_path, "order_date", ["15/04/21", "15/04/99"])
    assert values == ["2021-04-15", "1999-04-15"]
    assert line(report, "assumed_year").rows == 2


def test_yes_and_no_in_two_languages(tmp_path):
    words = ["t", "f", "True", "FAUX", "oui", "Non", "1", "0", "x", "", "maybe"]
    values, report = cast(tmp_path, "is_deleted", words)
    assert values == ["true", "false", "true", "false", "true", "false", "true", "false", "true", None, None]
    assert line(report, "bad_value").examples == ("maybe",)


def test_closed_lists_fold_case_and_accents_and_suggest(tmp_path):
    values, report = cast(tmp_path, "status", ["Confirmed", " DELIVERED ", "Cànceled"])
    assert values == ["confirmed", "delivered", None]
    found = line(report, "not_in_list")
    assert found.examples == ("Cànceled",)
    assert "did you mean cancelled?" in found.en
    assert "vouliez-vous dire cancelled ?" in found.fr


def test_codes_and_names_stay_text(tmp_path):
    text = "account_id,name,type,registration_no\n00123,NA,customer,12345678901234\n 00124,null,other,\n"
    report = import_data(write(tmp_path / "source", accounts=text), tmp_path / "data")
    assert table(report, "accounts", "account_id, name, registration_no") == [
        ("00123", "NA", "12345678901234"),
        ("00124", "null", None),
    ]
    assert line(report, "trimmed").rows == 1


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u00a0", " \u202f "])
def test_a_blank_cell_is_missing_and_no_cell_at_all(tmp_path, blank):
    values, report = cast(tmp_path, "number", ["N1", blank])
    assert values == ["N1", None]
    assert report.cells == {"read": 3, "kept": 3, "reported": 0}


def test_types_of_a_parquet_file_are_cast_too(tmp_path):
    (tmp_path / "source").mkdir()
    duckdb.sql(
        f"""copy (select 12 as order_id, 13085.0::double as account_id, timestamp '2021-04-15 10:00' as order_date, 'CONFIRMED' as status,
        123.456::decimal(18,3) as amount, timestamptz '2021-04-15 22:30:00+00' as delivered_at, 1 as is_deleted,
        date '2021-05-01' as cancelled_at) to '{tmp_path}/source/orders.parquet'"""
    )
    report = import_data(tmp_path / "source", tmp_path / "data", zone="Europe/Paris")
    columns = "order_id, account_id, order_date::varchar, status, amount::varchar, delivered_at::varchar, is_deleted, cancelled_at::varchar"
    assert table(report, "orders", columns) == [
        ("12", "13085", "2021-04-15", "confirmed", "123.46", "2021-04-16 00:30:00", True, "2021-05-01 00:00:00")
    ]
    assert codes(report) == {"rounded", "time_dropped"}
