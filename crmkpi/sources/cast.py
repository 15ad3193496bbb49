"""The plan for any column: from the type it was read with to its canonical type.

Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.sources.numbers`, :mod:`crmkpi.sources.moments`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from crmkpi.schema import Column
from crmkpi.sources import moments, numbers
from crmkpi.sources.plan import Plan, examples
from crmkpi.sources.sql import literal, literals, trimmed

TRUE = ("true", "t", "vrai", "oui", "yes", "y", "o", "1", "1.0", "x")
FALSE = ("false", "f", "faux", "non", "no", "n", "0", "0.0")
_NUMERIC = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
)
_FLOAT = ("DOUBLE", "FLOAT")


@dataclass(frozen=True)
class Context:
    """What casting needs to know beside the column: connection, raw relation, zone, whether it came from Excel."""

    con: Any
    source: str
    zone: str
    excel: bool


def is_number(type_: str) -> bool:
    """Whether a DuckDB type is a number."""
    return type_ in _NUMERIC or type_ in _FLOAT or type_.startswith("DECIMAL")


def plan_column(context: Context, column: Column, raw: str, type_: str, name: str) -> Plan:
    """How the cells ``raw`` of DuckDB type ``type_`` become ``column``; ``name`` prefixes its layers."""
    if column.type == "text":
        return _text(context, column, raw, type_)
    if type_ == "VARCHAR":
        return _from_text(context, column, raw, name)
    blank = f"{raw} is null" + (f" or isnan({raw})" if type_ in _FLOAT else "")
    made = Plan("", f"({blank})", [{f"{name}_v": f"case when not ({blank}) then {raw} end"}])
    if column.type in ("money", "number", "integer", "rate") and is_number(type_):
        return _typed_number(context, column, made, name, type_)
    if column.type in ("date", "timestamp") and type_.startswith(("DATE", "TIMESTAMP")):
        return _typed_moment(context, column, made, raw, name, type_)
    if column.type == "bool":
        return _typed_bool(made, raw, type_)
    made.value = f"null::{column.sql_type}"
    made.faults = [("bad_value", "true", column.type)]
    return made


def _from_text(context: Context, column: Column, raw: str, name: str) -> Plan:
    if column.type in ("date", "timestamp"):
        return moments.plan(context.con, context.source, raw, name, column.type, context.zone, context.excel)
    if column.type == "bool":
        word = f"lower({trimmed(raw)})"
        value = f"case when {word} in {literals(TRUE)} then true when {word} in {literals(FALSE)} then false end"
        return Plan(value, _blank(raw), faults=[("bad_value", f"({value}) is null", "bool")])
    return numbers.plan(context.con, context.source, raw, name, column.type, column.sql_type)


def _blank(raw: str) -> str:
    return f"({raw} is null or {trimmed(raw)} = '')"


def _text(context: Context, column: Column, raw: str, type_: str) -> Plan:
    cell = as_text(raw, type_)
    blank = _blank(cell)
    if column.values:
        return _closed(context, column, cell, blank)
    if not (column.key or column.refs):
        return Plan(f"case when not {blank} then {cell} end", blank)
    made = Plan(f"nullif({trimmed(cell)}, '')", blank)
    padded = f"not {blank} and {cell} <> {trimmed(cell)}"
    found = context.con.execute(f"select count(*) from {context.source} where {padded}").fetchone()[0]
    if found:
        made.notes.append(("trimmed", found, "", examples(context.con, context.source, cell, padded)))
    return made


def as_text(raw: str, type_: str) -> str:
    """The SQL of a cell as text; a whole float is written without its ``.0``."""
    if type_ == "VARCHAR":
        return raw
    if type_ in _FLOAT:
        whole = f"{raw} = trunc({raw}) and abs({raw}) < 1e15"
        return f"case when isnan({raw}) then null when {whole} then {raw}::bigint::varchar else {raw}::varchar end"
    return f"decode({raw})" if type_ == "BLOB" else f"{raw}::varchar"


def _closed(context: Context, column: Column, cell: str, blank: str) -> Plan:
    folded = f"regexp_replace(strip_accents(lower({trimmed(cell)})), '[ \u00a0_-]+', '_', 'g')"
    value = f"case when {folded} in {literals(column.values)} then {folded} end"
    odd = f"not {blank} and ({value}) is null"
    if column.open:
        return Plan(folded, blank, notes=_own_names(context, column, cell, odd))
    listed = ", ".join(column.values)
    near = _near(examples(context.con, context.source, cell, odd), column)
    what = (f"{listed}{near[0]}", f"{listed}{near[1]}")
    return Plan(value, blank, faults=[("not_in_list", f"({value}) is null", what)])


def _near(found: list[str], column: Column) -> tuple[str, str]:
    close = [near for word in found for near in difflib.get_close_matches(word.lower(), column.values, n=1)]
    return (f" ; vouliez-vous dire {close[0]} ?", f"; did you mean {close[0]}?") if close else ("", "")


def _own_names(
    context: Context, column: Column, cell: str, odd: str
) -> list[tuple[str, int, str | tuple[str, str], list[str]]]:
    rows = context.con.execute(f"select count(*) from {context.source} where {odd}").fetchone()[0]
    shown = examples(context.con, context.source, cell, odd)
    return [("own_name", rows, _near(shown, column), shown)] if rows else []


def _typed_number(context: Context, column: Column, made: Plan, name: str, type_: str) -> Plan:
    exact, v = f"try_cast({name}_v as {numbers.EXACT})", f"{name}_v"
    if column.type == "rate":
        scale = numbers.rate_scale(context.con, f"(select *, {made.layers[0][v]} as {v} from {context.source})", v)
        return numbers.finish_rate(made, f"({v}::double / {scale})", v, scale, column.sql_type, [])
    made.value = f"try_cast({exact} as {column.sql_type})"
    made.faults = [("bad_value", f"{made.value} is null", column.type)]
    if type_ not in _NUMERIC:
        made.faults.append(("rounded", finer(v, made.value, type_), numbers.FINEST[column.type]))
    made.difference = f"{exact} - {made.value}"
    return made


def finer(v: str, fitted: str, type_: str) -> str:
    """Whether a number lost something when fitted; the noise of binary floats is no loss."""
    if type_ in _FLOAT:
        return f"abs({v} - {fitted}::double) > greatest(1e-9, abs({v}) * 1e-14)"
    return f"{v} <> {fitted}"


def _typed_moment(context: Context, column: Column, made: Plan, raw: str, name: str, type_: str) -> Plan:
    zoned = type_ == "TIMESTAMP WITH TIME ZONE"
    made.layers = [{f"{name}_m": f"{raw} at time zone {literal(context.zone)}" if zoned else f"{raw}::timestamp"}]
    return moments.finish(context.con, context.source, made, f"{raw}::varchar", f"{name}_m", column.type, [])


def _typed_bool(made: Plan, raw: str, type_: str) -> Plan:
    made.value = raw if type_ == "BOOLEAN" else "null::boolean"
    if is_number(type_):
        made.value = f"case {raw} when 1 then true when 0 then false end"
    made.faults = [("bad_value", f"({made.value}) is null", "bool")]
    return made
