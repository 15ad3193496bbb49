"""From sums to values: what a figure is worth for each ask and group, with status, coverage and reason.

An *ask* is a period seen at a day. A value is ``num``, or ``num / den``; a composite is a formula over the
values of other figures at the same ask and group. Undefined is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from crmkpi.calendar import ALL, Period
from crmkpi.facts.base import Base
from crmkpi.facts.measure import Filters, first_day, measure, reasons, undated
from crmkpi.facts.spans import Span, span
from crmkpi.indicators import Figure

COLUMNS = ("num", "den", "value", "amount", "n", "status", "coverage", "reason")


@dataclass(frozen=True)
class Ask:
    """A period as seen at the close of a day."""

    period: Period
    as_of: date

    def span(self, key: int) -> Span:
        """The days that count."""
        return span(key, self.period, self.as_of)


@dataclass
class Values:
    """``frame`` has one row per ask (``key``), group (``d0``...) and, as ``total``, per whole; ``sql`` is what ran."""

    frame: pd.DataFrame
    sql: list[str]
    params: list[dict[str, object]]


def values(base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters) -> Values:
    """The values of a figure (not a composite) for each ask, by dimensions, under filters."""
    groups = [f"d{number}" for number in range(len(by))]
    lacking = [table for table in figure.needs if not base.engine.has(table)]
    spans = [ask.span(key) for key, ask in enumerate(asks)]
    if lacking:
        words = base.say(f"la source n'a pas de table {', '.join(lacking)}", f"the source has no {', '.join(lacking)}")
        return Values(_nothing(range(len(asks)), groups, words), [], [])
    measured = measure(base, figure, spans, by, where)
    frame = measured.frame
    unknown = {each.key: why for each in spans if (why := _unknown(base, figure, each, frame))}
    frame = _complete(
        frame[~frame["key"].isin(list(unknown))], groups, [each.key for each in spans if each.key not in unknown]
    )
    frame = _judge(base, figure, frame)
    if (frame["left_out"] > 0).any():
        frame = _explain(base, figure, frame, reasons(base, figure, [s for s in spans if s.begun], by, where), groups)
    frame = _source_reasons(base, figure, frame, {each.key: each.state for each in spans})
    parts = [frame, *(_nothing([key], groups, why) for key, why in unknown.items())]
    return Values(
        pd.concat([part for part in parts if len(part)], ignore_index=True), [measured.sql], [measured.params]
    )


def _nothing(keys: Sequence[int] | range, groups: list[str], why: str) -> pd.DataFrame:
    """One unavailable row for each whole."""
    row = {"n": 0, "status": "unavailable", "coverage": 0.0, "reason": why, "total": True, "empty": False}
    frame = pd.DataFrame([{"key": key, **row} for key in keys])
    return frame.assign(**dict.fromkeys([*groups, "num", "den", "value", "amount"]))


def _unknown(base: Base, figure: Figure, each: Span, frame: pd.DataFrame) -> str:
    """Why nothing can be said of a span, or ''."""
    if not each.begun:
        return base.say(
            f"la période commence après le {each.state:%d/%m/%Y}",
            f"the period begins after the as-of day, {each.state}",
        )
    here = frame[(frame["key"] == each.key) & frame["total"]]
    if len(here) and (here[["used", "left_out"]].sum().sum() > 0):
        return ""
    first = first_day(base, figure)
    limit = each.stop if figure.kind == "flow" else each.state
    if first is None and not undated_rows(base, figure):
        return base.say("aucune ligne à mesurer dans la source", "the source has no row to measure")
    if first is not None and (first >= limit if figure.kind == "flow" else first > limit):
        return base.say(f"les données commencent le {first:%d/%m/%Y}", f"the data begin on {first}")
    return ""


def undated_rows(base: Base, figure: Figure) -> bool:
    """Whether a flow has facts without a day."""
    return figure.kind == "flow" and undated(base, figure)


def _complete(frame: pd.DataFrame, groups: list[str], keys: list[int]) -> pd.DataFrame:
    """The frame with a whole for every key, even where there was no fact."""
    missing = sorted(set(keys) - set(frame.loc[frame["total"].astype(bool), "key"]))
    if not missing:
        return frame
    zeros = dict.fromkeys(("num", "used", "n", "left_out"), 0)
    rows = pd.DataFrame([{"key": key, **zeros, "total": True, "coverage": 1.0} for key in missing])
    rows = rows.assign(**dict.fromkeys([*groups, "den", "amount"]))
    return rows if not len(frame) else pd.concat([frame, rows], ignore_index=True)


def _judge(base: Base, figure: Figure, frame: pd.DataFrame) -> pd.DataFrame:
    """Value and status of each row."""
    frame = frame.assign(
        **{
            name: pd.to_numeric(frame[name], errors="coerce")
            for name in ("num", "den", "amount", "n", "used", "left_out")
        }
    )
    frame["left_out"] = frame["left_out"].fillna(0)
    frame["n"] = frame["n"].fillna(0).astype(int)
    is_ratio = "den" in base.columns(figure)
    empty = frame["used"].fillna(0) == 0
    frame["num"] = frame["num"].where(~empty, np.nan if is_ratio else 0.0).where(~(empty & (frame["left_out"] > 0)))
    ratio = frame["num"].astype(float) / frame["den"].astype(float).replace(0, np.nan) if is_ratio else frame["num"]
    low, high = base.settings["min_coverage"], base.settings["ok_coverage"]
    frame["status"] = np.select(
        [ratio.isna() | (frame["coverage"] < low), frame["coverage"] < high], ["unavailable", "partial"], "ok"
    )
    frame["value"] = ratio.where(frame["status"] != "unavailable")
    frame["empty"] = empty & (frame["left_out"] == 0)
    nothing = base.say("rien à mesurer", "nothing to measure")
    frame["reason"] = np.where(ratio.isna() & (frame["left_out"] == 0), nothing, "")
    return frame


def _explain(base: Base, figure: Figure, frame: pd.DataFrame, found: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """The frame with, in words, what was lacking."""
    at = ["key", *groups, "total"]
    texts: dict[tuple[object, ...], list[str]] = {}
    coverage = {tuple(_plain(row)): share for *row, share in frame[[*at, "coverage"]].itertuples(index=False)}
    for *where, code, n in found[[*at, "code", "n"]].itertuples(index=False):
        place = tuple(_plain(where))
        texts.setdefault(place, []).append(_say(base, figure, code, n, coverage.get(place, 0.0)))
    if "undated" in frame:
        for *where, n in frame[[*at, "undated"]].itertuples(index=False):
            if n and n > 0:
                texts.setdefault(tuple(_plain(where)), []).append(_say(base, figure, "no_date", int(n), 0.0))
    said = ["; ".join(sorted(texts.get(tuple(_plain(where)), []))) for where in frame[at].itertuples(index=False)]
    return frame.assign(reason=[new or old for new, old in zip(said, frame["reason"], strict=True)])


def _plain(values: Sequence[object]) -> list[object]:
    return [None if value is None or value != value else value for value in values]


def _say(base: Base, figure: Figure, code: str, n: int, coverage: float) -> str:
    """The words for a code: ``{n}`` is the count, ``[s]`` an s where it is a plural, ``{coverage}`` a percentage."""
    share = f"{100 * coverage:.1f}".removesuffix(".0") + " %"
    plural = "s" if n > 1 or (n == 0 and base.lang != "fr") else ""
    text = base.words(figure, code).replace("[s]", plural).replace("{n}", str(n))
    return text.replace("{coverage}", share.replace(".", ",") if base.lang == "fr" else share)


def _source_reasons(base: Base, figure: Figure, frame: pd.DataFrame, states: dict[int, date]) -> pd.DataFrame:
    """The frame with what the source as a whole lacks: results it makes partial."""
    always = [base.say(fr, en) for table, fr, en in figure.helps if not base.engine.has(table)]
    notes = base.engine.manifest.get("notes", [])
    always += [note[base.lang] for note in notes if note["code"] in figure.heeds]
    past = {key for key, state in states.items() if figure.undated and state < base.as_of}
    status, reason = frame["status"].tolist(), frame["reason"].tolist()
    for number, key in enumerate(frame["key"]):
        said = always + ([base.say(*figure.undated)] if figure.undated and key in past else [])
        if said and status[number] != "unavailable":
            status[number] = "partial"
            reason[number] = "; ".join([part for part in [reason[number]] if part] + said)
    return frame.assign(status=status, reason=reason)


def calendar_columns(base: Base, ask: Ask) -> dict[str, object]:
    """The working days of an ask's period: elapsed, left, in all (None for ``all``)."""
    if ask.period.grain == ALL.grain:
        return {"days_elapsed": None, "days_total": None, "days_left": None}
    total = base.working.count(ask.period.start, ask.period.end)
    elapsed = base.working.count(ask.period.start, ask.span(0).stop) if ask.span(0).begun else 0
    return {"days_elapsed": elapsed, "days_total": total, "days_left": total - elapsed}
