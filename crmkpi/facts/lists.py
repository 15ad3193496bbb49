"""The list behind a number: its facts one by one, used or left out."""

from __future__ import annotations

import re

import pandas as pd

from crmkpi.errors import UsageError
from crmkpi.facts import rows
from crmkpi.facts.base import Base, without_share
from crmkpi.facts.grid import Ask
from crmkpi.facts.measure import Filters, places
from crmkpi.indicators import Figure

FIRST = ("day", "customer", "rep", "team", "business_unit", "id", "num", "den", "amount")
_CENTS = re.compile(r"DECIMAL\(\d+, ?2\)", re.IGNORECASE)


def facts(
    base: Base, figure: Figure, ask: Ask, where: Filters, left_out: bool, limit: int | None, coded: bool = False,
    alerts: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """The facts of a figure for an ask and filters, newest and largest first (records: the worst); with ``alerts``, those that have one.

    Those used add up to the figure's value; with ``left_out``, the others, with ``left_out`` (excluded,
    missing) and ``reason`` in words; ``coded`` leaves codes as codes. A composite has no list of its own: its inputs have.
    ``attrs["amounts"]`` of the frame names the columns that are amounts of money: exact, with cents.
    """
    if figure.inputs:
        names = ", ".join(figure.input_names)
        raise UsageError(f"{figure.name} is a formula; its lists are those of {names}")
    columns, _, _ = places(base, figure, [], where)
    if not _can_be_asked(base, figure, ask):
        return pd.DataFrame(columns=[*FIRST, *(name for name in columns if name not in FIRST)])
    frame = rows.rows(base, figure, ask, where, rows.OTHERS if left_out else rows.ALERTS if alerts else rows.USED)
    for name in FIRST:
        if name not in frame:
            frame[name] = None
    order = [*FIRST, *(name for name in frame if name not in FIRST and name != "base")]
    if left_out:
        frame = _reasoned(base, figure, frame)
        order += ["left_out", "reason"]
    frame = frame.drop(columns=[name for name in rows.LEFT_OUT if name in frame and not left_out])
    frame = frame if coded else _worded(base, figure, frame)
    first = [name for name in ("first_in_list", "day", "num") if name in frame]
    frame = frame[[name for name in order if name in frame]]
    worst_first = figure.kind == "stock" and figure.better == "up" and figure.unit in ("rate", "index")
    ties = ["id", *(name for name in figure.dimensions if name in frame)]  # so that the order is the same each time
    ascending = [worst_first and name == "num" for name in first] + [True] * len(ties)
    frame = frame.sort_values([*first, *ties], ascending=ascending, kind="stable")
    frame.attrs["amounts"] = [name for name, kind in columns.items() if _CENTS.fullmatch(kind)]
    return frame.head(limit).reset_index(drop=True) if limit else frame.reset_index(drop=True)


def _reasoned(base: Base, figure: Figure, frame: pd.DataFrame) -> pd.DataFrame:
    excluded = frame["excluded"] if "excluded" in frame else pd.Series([None] * len(frame))
    missing = frame["missing"] if "missing" in frame else pd.Series([None] * len(frame))
    rule = excluded.notna()
    codes = excluded.where(rule, missing).fillna("no_date")
    words = [_bare(base.words(figure, str(code))) for code in codes]
    return frame.assign(left_out=["excluded" if each else "missing" for each in rule], reason=words, code=codes)


def _bare(words: str) -> str:
    """The words for a code about one row: without the count, and without a share of all."""
    return without_share(words).replace("{n} ", "").replace("[s]", "")


def _worded(base: Base, figure: Figure, frame: pd.DataFrame) -> pd.DataFrame:
    """The codes of dimensions, of lists of codes and of alerts as words; no code where there is no alert."""
    named = {code: pair[base.lang != "fr"] for code, pair in figure.words.items()}

    def said(value: object) -> object:
        return ", ".join(named.get(code, code) for code in value.split(", ")) if isinstance(value, str) else value

    coded = [name for name in map(str, frame) if name in figure.dimensions or name.endswith("_codes")]
    frame = frame.assign(**{name: frame[name].map(said) for name in coded})
    if "severity" not in frame:
        return frame
    frame, quiet = frame.copy(), frame["severity"].isna()
    for name in ("alert_reason", "action"):
        if name in frame:
            spoken: list[object] = [
                None if silent or code is None else base.words(figure, str(code))
                for code, silent in zip(frame[name], quiet, strict=True)
            ]
            frame[name] = pd.Series(spoken, index=frame.index, dtype=object)
    return frame


def _can_be_asked(base: Base, figure: Figure, ask: Ask) -> bool:
    """Whether the period has begun, and the source has the tables."""
    return ask.span(0).begun and all(base.engine.has(table) for table in figure.needs)


def left_out(base: Base, figure: Figure, ask: Ask, where: Filters) -> dict[str, int]:
    """How many rows are left out, by reason code, the most first; rows marked deleted in the source are its table's."""
    if figure.inputs:
        return {}
    counts: dict[str, int] = {}
    if _can_be_asked(base, figure, ask):
        found = rows.rows(base, figure, ask, where, rows.COUNTS)
        counts = {str(code): int(n) for code, n in zip(found["code"], found["n"], strict=True)}
    deleted = sum(base.engine.deleted[table] for table in figure.needs[:1])
    return counts | ({"deleted": deleted} if deleted else {})
