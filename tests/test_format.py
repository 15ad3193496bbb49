"""What a person reads: French typography, no zero for nothing; downloads that are safe and add up."""

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from crmkpi.calendar import parse
from crmkpi.format import NOTHING, change, csv_bytes, day_text, excel_bytes, money_axis, period_text, text

HOSTILE = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    '=HYPERLINK("http://x","y")',
]


@pytest.mark.parametrize(
    ("value", "unit", "lang", "exact", "shown"),
    [
        (1_284_000, "money", "fr", False, "1,28\u00a0M€"),
        (889_432, "money", "fr", False, "889\u00a0k€"),
        (9_999.4, "money", "fr", False, "9\u202f999\u00a0€"),
        (1_234.56, "money", "fr", True, "1\u202f234,56\u00a0€"),
        (-1_234.56, "money", "fr", True, "−1\u202f234,56\u00a0€"),
        (1_284_000, "money", "en", False, "€1.28M"),
        (-0.001, "money", "en", True, "−€0.00"),
        (8894, "count", "fr", False, "8\u202f894"),
        (0.292, "rate", "fr", False, "29,2\u202f%"),
        (0.8749, "share", "fr", False, "87\u202f%"),
        (0.996, "share", "fr", False, "99,6\u202f%"),
        (0, "rate", "en", False, "0.0%"),
        (2.168, "ratio", "en", False, "2.17\u00a0×"),
        (41_800, "money_per_day", "fr", False, "41,8\u00a0k€\u00a0/\u00a0jour ouvré"),
        (None, "money", "fr", True, NOTHING),
        (float("nan"), "rate", "en", False, NOTHING),
    ],
)
def test_values_in_words(value, unit, lang, exact, shown):
    assert text(value, unit, lang, exact=exact) == shown


def test_days_cannot_be_mistaken_for_months():
    assert (day_text(date(2026, 11, 3)), day_text(date(2026, 11, 3), "en")) == ("03/11/2026", "3 Nov 2026")
    assert day_text(pd.NaT) == NOTHING


def test_periods_in_words():
    assert [period_text(name) for name in ("2026-10", "2026-Q4", "all")] == [
        "octobre 2026",
        "T4 2026",
        "depuis le début",
    ]
    assert period_text(parse("2026-10-01/2026-10-16"), "fr") == "du 01/10/2026 au 15/10/2026"
    assert period_text("2026-10", "en", short=True) == "Oct 2026"


def test_changes_of_rates_are_points_and_of_nothing_are_nothing():
    assert change(0.253, 0.24, "rate").text == "+1,3\u00a0pt"
    assert change(90, 100, "money").direction == -1
    assert change(100.01, 100, "money").direction == 0
    assert change(5, 0, "money") is None
    assert change(100, -100, "money") is None
    assert change(-100, 100, "money").direction == -1
    assert change(None, 5, "money") is None


def test_an_axis_says_its_unit_once():
    assert money_axis(12_000_000) == (1e6, "M€")
    assert money_axis(12_000_000, "en", "USD") == (1e6, "$M")


def frame():
    return pd.DataFrame(
        {
            "customer": HOSTILE,
            "num": [0.1] * 11 + [1234567.89],
            "day": [date(2026, 10, 1)] * 12,
            "n": range(12),
            "note": None,
        }
    )


HEADERS = {"customer": "Client", "num": "Montant", "day": "Date", "n": "Nombre", "note": "=Note"}
ABOUT = {"Filtres": "Équipe : =Sud", "Situation au": "2026-10-15"}


def test_csv_is_french_adds_up_and_runs_nothing():
    data = csv_bytes(frame(), HEADERS, ABOUT, "fr")
    assert data.startswith(b"\xef\xbb\xbf")
    again = pd.read_csv(io.BytesIO(data), sep=";", decimal=",", encoding="utf-8-sig", dtype={"Client": str})
    assert len(again) == 12
    assert again["Montant"].sum() == pytest.approx(1234568.99, abs=1e-6)
    assert all(value.startswith("'") for value in again["Client"])
    assert again["Filtres"].unique().tolist() == ["Équipe : =Sud"]
    assert again["Date"].unique().tolist() == ["01/10/2026"]
    assert "'=Note" in again.columns


def test_csv_is_english_in_english():
    again = pd.read_csv(io.BytesIO(csv_bytes(frame(), HEADERS, {}, "en")), encoding="utf-8-sig")
    assert again["Montant"].sum() == pytest.approx(1234568.99, abs=1e-6)


def test_excel_has_numbers_and_dates_and_no_formula():
    data = excel_bytes(frame(), HEADERS, {"num": "money", "day": "date"}, ABOUT, "Liste : a/b")
    book = openpyxl.load_workbook(io.BytesIO(data))
    page, about = book.worksheets
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:E13"
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sum(cell.value for cell in page["B"][1:]) == pytest.approx(1234568.99, abs=1e-6)
    assert page["C2"].is_date
    assert dict(about.iter_rows(values_only=True)) == ABOUT
    assert page["A2"].quotePrefix


def test_excel_of_an_empty_list_opens():
    book = openpyxl.load_workbook(io.BytesIO(excel_bytes(frame().head(0), HEADERS, {}, {}, "vide")))
    assert book.worksheets[0].max_row == 1
