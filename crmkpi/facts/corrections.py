"""What to correct in the records: one line for each field that is empty or wrong, with room for the right value.

The records are those of the list that has a column ``record_type`` and the codes of what is missing and wrong.
"""

from __future__ import annotations

import pandas as pd

from crmkpi.errors import UsageError
from crmkpi.facts import lists
from crmkpi.facts.base import Base
from crmkpi.facts.grid import Ask
from crmkpi.facts.measure import Filters
from crmkpi.indicators import Figure
from crmkpi.schema import TABLES

COLUMNS = {
    "record_type": ("Fiche", "Record"),
    "record_id": ("Code", "Id"),
    "name": ("Nom", "Name"),
    "customer": ("Client", "Customer"),
    "rep": ("Commercial", "Rep"),
    "is_decision_maker": ("Décideur", "Decision maker"),
    "revenue_12m": ("Commandes sur 12 mois", "Orders of 12 months"),
    "code": ("Code de l'anomalie", "Code of what is wrong"),
    "what": ("À corriger", "To correct"),
    "field": ("Champ", "Field"),
    "current": ("Valeur actuelle", "Current value"),
    "corrected": ("Valeur corrigée", "Corrected value"),
}
"""The columns of the correction list, with their titles in French and English."""

_CODES = {"missing_codes": ("{} : à compléter", "{}: to fill in"), "wrong_codes": ("{}", "{}")}
_WITHIN = ("record_type", "record_id", "same_as", *_CODES)
# The columns that a code is about, where they do not follow from its name.
_ABOUT = {
    "account": ("account_id",),
    "no_account": ("account_id",),
    "orphan": ("account_id",),
    "closed_account": ("account_id",),
    "owner": ("owner_id",),
    "unknown_owner": ("owner_id",),
    "no_parent": ("parent_account_id",),
    "address": ("street", "city"),
}


def corrections(base: Base, ask: Ask, where: Filters) -> pd.DataFrame:
    """The correction list at the day of an ask: decision makers first, then the largest accounts."""
    figure = source(base)
    rows = lists.facts(base, figure, ask, where, False, None, coded=True)
    if not len(rows):
        return pd.DataFrame(columns=list(COLUMNS))
    found = pd.concat([_problems(base, figure, rows, kind) for kind in _CODES], ignore_index=True)
    found = found.explode("column", ignore_index=True)
    parts = [_filled(base, str(record), part) for record, part in found.groupby("record_type", sort=False)]
    every = pd.concat(parts) if parts else found.assign(line=0)
    first = every["is_decision_maker"].fillna(False).astype(bool)
    order = every.assign(first=first, size=pd.to_numeric(every["revenue_12m"]).fillna(0))
    order = order.sort_values(
        ["first", "size", "record_type", "record_id", "line"], ascending=[False, False, True, True, True]
    )
    words = {record: base.words(figure, record) for record in order["record_type"].unique()}
    return (
        order.assign(record_type=order["record_type"].map(words)).reindex(columns=list(COLUMNS)).reset_index(drop=True)
    )


def source(base: Base) -> Figure:
    """The first figure whose list says what is missing or wrong in each record."""
    for figure in base.library.figures.values():
        if not figure.inputs and set(_WITHIN) <= set(base.columns(figure)):
            return figure
    raise UsageError("no figure lists what is missing or wrong in the records")


def _problems(base: Base, figure: Figure, rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """One line per record and code of a kind, with the code's words and the columns it is about."""
    lines = rows[rows[kind].notna()]
    lines = lines.assign(code=lines[kind].str.split(", ")).explode("code", ignore_index=True)
    phrase = base.say(*_CODES[kind])
    words = {code: phrase.format(base.words(figure, code)) for code in lines["code"].unique()}
    columns = {code: _columns(code) for code in words}
    return lines.assign(what=lines["code"].map(words), column=lines["code"].map(columns), corrected="")


def _columns(code: str) -> tuple[str | None, ...]:
    """The columns that a code is about: its own name, or what follows ``bad_``; a duplicate is about none."""
    column = code.removeprefix("bad_")
    known = any(each.name == column for table in TABLES.values() for each in table.columns)
    return _ABOUT.get(code, (column if known else None,))


def _filled(base: Base, record: str, lines: pd.DataFrame) -> pd.DataFrame:
    """The lines of one type of record with the words and the current value of each field."""
    table = TABLES[f"{record}s"]
    columns = [str(name) for name in lines["column"].dropna().unique()]
    picked = ", ".join(f'"{name}"::varchar as "{name}"' for name in columns)
    values = base.engine.query(f"select {table.key[0]} as record_id{', ' * bool(picked)}{picked} from {table.name}", {})
    held = values.melt("record_id", var_name="column", value_name="current")
    titles = {name: base.say(table.column(name).fr, table.column(name).en) for name in columns}
    named = lines.assign(field=lines["column"].map(titles).fillna(""), line=lines.index)
    named = named.merge(held, on=["record_id", "column"], how="left")
    return named.assign(current=named["current"].where(named["column"].notna(), named["same_as"]).fillna(""))
