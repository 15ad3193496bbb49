"""What a person downloads: CSV and Excel of the list on screen, safe to open. Below it: nothing of crmkpi.

Spreadsheets run a cell that starts with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return (or the
full-width form of the signs): in CSV such text gets a leading apostrophe, in Excel it is written as
text. Numbers and dates stay numbers and dates, so that the file adds up to what was shown.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

_DANGEROUS = re.compile(r"^[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|^[\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_EXCEL_ROWS = 1_048_575
_SHEET_ABOUT = "crmkpi"
_NUMBER_FORMATS = {
    "money": "#,##0.00", "money_per_day": "#,##0.00", "count": "#,##0", "rate": "0.0%", "ratio": "0.00", "days": "0", "index": "0.0",
    "number": "#,##0.##", "date": "dd/mm/yyyy", "timestamp": "dd/mm/yyyy hh:mm",
}  # fmt: skip


def is_dangerous(value: str) -> bool:
    r"""Whether a spreadsheet could take the text for a formula.

    >>> [is_dangerous(text) for text in ("=1+1", " @cmd", "\tx", "＝A1", "A-1", "")]
    [True, True, True, True, False, False]
    """
    return bool(_DANGEROUS.search(value))


def safe_text(value: str) -> str:
    r"""The text as a spreadsheet may read it from a CSV.

    >>> safe_text('=HYPERLINK("x")'), safe_text("Dupont & Fils")
    ('\'=HYPERLINK("x")', 'Dupont & Fils')
    """
    return "'" + value if is_dangerous(value) else value


def csv_bytes(frame: pd.DataFrame, headers: Mapping[str, str], about: Mapping[str, str], lang: str = "fr") -> bytes:
    """The frame as CSV with a byte order mark; in French with ``;`` and a decimal comma.

    Parameters
    ----------
    frame:
        The rows, as shown.
    headers:
        The columns to write, in order, each with its title.
    about:
        What the figures depend on (filters, as-of day): columns of their own at the end, the same on each
        row, so that the file still reads as one table and adds up.
    lang:
        ``fr`` or ``en``.
    """
    point = "," if lang == "fr" else "."
    separator = ";" if lang == "fr" else ","
    columns = {title: frame[name].map(lambda value: _csv_cell(value, point)) for name, title in headers.items()}
    shown = pd.DataFrame(columns, index=frame.index, dtype=object)
    for title, value in about.items():
        shown[title] = safe_text(value)
    shown.columns = [safe_text(str(title)) for title in shown.columns]
    return shown.to_csv(sep=separator, index=False, lineterminator="\r\n").encode("utf-8-sig")


def _csv_cell(value: Any, point: str) -> str:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, (bool, int)):
        return str(value)
    if isinstance(value, (float,)) or hasattr(value, "as_tuple"):
        return _plain_number(value).replace(".", point)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y" if value.time() == datetime.min.time() else "%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return safe_text(str(value))


def _plain_number(value: Any) -> str:
    """Never an exponent, and a whole number without decimals."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: a frame, the titles of the columns shown, the kinds of their values.

    A kind ``@name`` is that of each row: the column ``name`` of the frame has it.
    """

    title: str
    frame: pd.DataFrame
    headers: Mapping[str, str]
    units: Mapping[str, str]


def excel_bytes(
    frame: pd.DataFrame, headers: Mapping[str, str], units: Mapping[str, str], about: Mapping[str, str], sheet: str
) -> bytes:
    """The frame as a workbook: real numbers and dates, a filter and a frozen header; a second sheet says ``about``."""
    return workbook_bytes([Sheet(sheet, frame, headers, units)], about)


def workbook_bytes(sheets: Sequence[Sheet], about: Mapping[str, str]) -> bytes:
    """Several frames as a workbook, each on its sheet; the last sheet says ``about``, and what did not fit."""
    import xlsxwriter

    buffer, names = io.BytesIO(), [_SHEET_ABOUT]
    cut: dict[str, str] = {}
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        for sheet in sheets:
            names.append(_unlike(_sheet_name(sheet.title), names))
            _write_table(book, book.add_worksheet(names[-1]), sheet.frame.head(_EXCEL_ROWS), sheet.headers, sheet.units)
            cut |= _cut(len(sheet.frame), names[-1] if len(sheets) > 1 else "")
        _write_about(book, {**about, **cut})
    return buffer.getvalue()


def _unlike(name: str, others: Sequence[str]) -> str:
    """The name, told apart from the others as Excel compares them: without regard to capitals.

    >>> _unlike("Orders", ["crmkpi", "orders"])
    'Orders 2'
    """
    taken = {other.lower() for other in others}
    ends = ["", *(f" {number}" for number in range(2, len(others) + 2))]
    return next(found for end in ends if (found := name[: 31 - len(end)] + end).lower() not in taken)


def _cut(rows: int, sheet: str = "") -> dict[str, str]:
    """A sheet has 1,048,576 rows: what does not fit is said, not lost in silence."""
    return {f"! {sheet}".strip(): f"{_EXCEL_ROWS} / {rows} lignes, rows"} if rows > _EXCEL_ROWS else {}


def _sheet_name(title: str) -> str:
    r"""Excel refuses []:*?/\ and more than 31 characters.

    >>> _sheet_name("Orders: a/b")
    'Orders  a b'
    """
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "crmkpi"


def _write_table(
    book: Any, page: Any, frame: pd.DataFrame, headers: Mapping[str, str], units: Mapping[str, str]
) -> None:
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    quoted = book.add_format({"quote_prefix": True})
    forms = {kind: book.add_format({"num_format": form}) for kind, form in ({"": "General"} | _NUMBER_FORMATS).items()}
    for place, (name, title) in enumerate(headers.items()):
        page.write_string(0, place, _CONTROL.sub("", title), bold)
        values, kind = frame[name].tolist(), units.get(name, "")
        kinds = frame[kind[1:]].tolist() if kind.startswith("@") else [kind] * len(values)
        for row, (value, each) in enumerate(zip(values, kinds, strict=True), start=1):
            _write_cell(page, row, place, value, forms.get(each, forms[""]), quoted)
        widest = max([len(str(value)) for value in values[:200] if value is not None] + [len(title)], default=8)
        page.set_column(place, place, min(max(10, widest + 2), 48))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(frame), 1), max(len(headers) - 1, 0))


def _write_cell(page: Any, row: int, place: int, value: Any, form: Any, quoted: Any) -> None:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return
    if isinstance(value, bool):
        page.write_boolean(row, place, value)
    elif isinstance(value, (int, float)) or hasattr(value, "as_tuple"):
        page.write_number(row, place, float(value), form)
    elif isinstance(value, date):
        page.write_datetime(row, place, pd.Timestamp(value).to_pydatetime().replace(tzinfo=None), form)
    else:
        shown = _CONTROL.sub("", str(value))[:32_767]
        page.write_string(row, place, shown, quoted if is_dangerous(shown) else None)


def _write_about(book: Any, about: Mapping[str, str]) -> None:
    page = book.add_worksheet(_SHEET_ABOUT)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for row, (title, value) in enumerate(about.items()):
        page.write_string(row, 0, _CONTROL.sub("", title), bold)
        page.write_string(row, 1, _CONTROL.sub("", value)[:32_767], wrap)
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 90)
