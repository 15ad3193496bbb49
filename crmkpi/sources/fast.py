"""Clean cells in one pass: expressions that cast what is written plainly and stop at the first cell that is not.

A table that passes is read once; one that stops here goes the long way, which explains. Both give the same
values where both apply. Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.sources.sql`.
"""

from __future__ import annotations

from crmkpi.schema import Column
from crmkpi.sources.cast import finer
from crmkpi.sources.sql import literal, literals, trimmed

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_STOP = "error('not clean')"
_PLAIN = {
    "money": r"-?\d{1,15}(\.\d{1,2})?",
    "number": r"-?\d{1,13}(\.(\d{1,2}|\d{4}))?",
    "integer": r"-?\d{1,18}",
    "rate": r"0(\.\d{1,6})?|1(\.0{1,6})?",
}


def clean(column: Column, raw: str, type_: str) -> str | None:
    """SQL that gives the canonical value of a plainly written cell and stops otherwise; None: no such short way."""
    if type_ == "VARCHAR":
        return _from_text(column, raw)
    if type_ == column.sql_type and type_ != "DECIMAL(7,6)":
        return raw
    if column.type == "text" and not column.values and type_ in _WHOLE:
        return f"{raw}::varchar"
    if column.type in ("money", "number", "integer"):
        return _from_number(column, raw, type_)
    if (column.type, type_) == ("timestamp", "DATE"):
        return f"{raw}::timestamp"
    return (
        _guard(f"{raw} = date_trunc('day', {raw})", f"{raw}::date", raw)
        if (column.type, type_) == ("date", "TIMESTAMP")
        else None
    )


def _guard(condition: str, value: str, raw: str, empty: str = "") -> str:
    nothing = f"{raw} is null or {raw} = ''" if empty else f"{raw} is null"
    return f"case when {condition} then {value} when {nothing} then null else {_STOP} end"


def _from_number(column: Column, raw: str, type_: str) -> str | None:
    value = f"{raw}::{column.sql_type}"
    if type_ in _WHOLE:
        return value
    if type_ == "DOUBLE" or type_.startswith("DECIMAL"):
        return _guard(f"not ({finer(raw, value, type_)})", value, raw)
    return None


def _from_text(column: Column, raw: str) -> str | None:
    if column.values:
        return _guard(f"{raw} in {literals(column.values)}", raw, raw, "text")
    if column.type == "text":
        return _guard(_tight(raw), raw, raw, "text") if column.key or column.refs else _not_blank(raw)
    if column.type == "date":
        return _guard(f"length({raw}) = 10", f"{raw}::date", raw, "text")
    if column.type == "timestamp":
        iso = r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?"
        return _guard(f"regexp_full_match({raw}, '{iso}')", f"{raw}::timestamp", raw, "text")
    if column.type == "bool":
        return _guard(f"{raw} in ('true', 'false', 't', 'f')", f"{raw}::boolean", raw, "text")
    plain = f"regexp_full_match({raw}, '{_PLAIN[column.type]}')"
    if column.type == "money":  # two decimals are the rule, and LIKE is faster; the cast refuses what is no number
        plain = f"({raw} like '%.__' or {plain})"
    return _guard(plain, f"{raw}::{column.sql_type}", raw, "text")


def _not_blank(raw: str) -> str:
    """The text, NULL if blank; trimming costs more than all the rest, so only where the first character may be a space."""
    return f"case when {_starts(raw)} then {raw} when {trimmed(raw)} <> '' then {raw} end"


def _tight(raw: str) -> str:
    """Whether a code has no space before or after it."""
    ends = " and ".join(f"not suffix({raw}, {literal(space)})" for space in " \t\r\n\u00a0")
    return f"{_starts(raw)} and {ends}"


def _starts(raw: str) -> str:
    """Whether a text surely starts with no space: with ASCII, or with a letter of the alphabets of Europe."""
    return f"({raw} between '!' and '~' or {raw} between '\u00a1' and '\u1680')"
