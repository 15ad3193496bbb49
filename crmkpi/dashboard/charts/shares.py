"""Charts of parts: who by what, a state over months, a matrix of rates. Below it: dashboard.charts.base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from crmkpi import figures
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.charts.base import MOST, Chart, alt_of, course_of, key_of, keys_of, listed, ranked_width, size_of

_TONES = ("main", "behind", "second", "none")
_WORSE = ("none", "main", "second", "behind", "bad")
_REST = "rest"


def split(ask: Asker, name: str, by: str, within: str, order: Sequence[str] = (), weigh: str = "value") -> Chart:
    """A figure by a dimension, each bar in the parts of a second one: the largest bars, the largest parts.

    ``order`` gives the ids of the parts where they have an order of their own, the worst last (ageing); ``weigh`` is the column that is
    added up (``amount`` for the money beside a count).
    """
    figure, frame = ask.figure(name), ask.kpi(name, by=[by, within], compare=[]).frame
    unit = "money" if weigh == "amount" else figure.unit
    title = ask.say(
        "by_within", title=figure.title(ask.lang), dim=ask.named(by).lower(), part=ask.named(within).lower()
    )
    frame = frame.assign(worth=frame[weigh].astype(float)).dropna(subset=["worth"])
    net = bool((frame["worth"] < 0).any())
    frame = frame[frame["worth"] > 0]
    if frame.empty:
        return Chart(title, "", "")
    frame = frame.assign(key=keys_of(frame, by), part=frame[f"{within}_id"].fillna(""))
    parts = _parts(frame, within, order, ask.say("others_parts"))
    frame["part"] = frame["part"].where(frame["part"].isin(parts.keys()), _REST)
    wide = frame.pivot_table(index="key", columns="part", values="worth", aggfunc="sum", fill_value=0.0)
    wide = wide.reindex(columns=list(parts), fill_value=0.0).assign(whole=lambda each: each.sum(axis=1))
    wide = wide.sort_values("whole", ascending=False)
    labels = frame.drop_duplicates("key").set_index("key")[by].fillna("").astype(str)
    drawn = wide.head(MOST).assign(label=lambda each: labels.reindex(each.index), key=lambda each: each.index)
    drawn["shown"] = [ask.text(value, unit) for value in drawn["whole"]]
    drawn["tip"] = [_split_tip(ask, row, parts, unit) for row in drawn.to_dict("records")]
    tones = dict(zip(order, _WORSE[-len(order) :], strict=False)) if order else dict(zip(parts, _TONES, strict=False))
    tones = {part: tones[part] for part in parts}  # an age that nothing has is no part of any bar
    svg = figures.stacked_ranked(drawn, tones, alt_of(title, drawn), ranked_width(ask, wide=True), ask.state.narrow)
    note = key_of([(tones[part], words) for part, words in parts.items()])
    heads = [ask.named(by), *parts.values(), ask.say("total")]
    table = [[row["label"], *(ask.text(row[part], unit, exact=True) for part in [*parts, "whole"])]
             for row in listed(ask, wide.assign(label=labels.reindex(wide.index)), [*parts, "whole"])]  # fmt: skip
    more = [_more(ask, len(wide)), ask.say("credits_apart") if net else ""]
    return Chart(title, note, svg, heads, table, filters=by, more=" · ".join(filter(None, more)))


def _more(ask: Asker, count: int) -> str:
    return ask.say("largest_of", shown=MOST, n=count) if count > MOST else ""


def _parts(frame: pd.DataFrame, within: str, order: Sequence[str], rest: str) -> dict[str, str]:
    """The parts with their words: in their own order, else the largest first, the small ones together."""
    words = frame.drop_duplicates("part").set_index("part")[within].fillna("").astype(str)
    if order:
        return {part: words[part] for part in order if part in words}
    large = frame.groupby("part")["worth"].sum().sort_values(ascending=False).index.tolist()
    if len(large) > len(_TONES):
        return {part: words[part] for part in large[: len(_TONES) - 1]} | {_REST: rest}
    return {part: words[part] for part in large}


def _split_tip(ask: Asker, row: dict[Any, Any], parts: dict[str, str], unit: str) -> str:
    said = ", ".join(f"{words} {ask.text(row[part], unit)}" for part, words in parts.items() if row[part])
    return f"{row['label']}\u00a0: {row['shown']} ({said})"


def states(ask: Asker, *names: str, periods: int = 24) -> Chart:
    """Several stocks that are parts of one whole (active, inactive, lost), month by month."""
    courses = {name: course_of(ask, name, periods) for name in names}
    frame = courses[names[0]][["label", "words", "key"]].copy()
    for name, course in courses.items():
        frame[name] = course["value"].astype(float).to_numpy()
    lower = [ask.title(name).lower() for name in names[1:]]
    title = ask.say("by_month", title=ask.say("and").join([", ".join([ask.title(names[0]), *lower[:-1]]), lower[-1]]))
    frame["whole"] = frame[list(names)].sum(axis=1, min_count=1)
    if frame["whole"].isna().all():
        return Chart(title, "", "")
    unit = ask.figure(names[0]).unit
    frame["shown"] = [ask.text(value, unit) for value in frame["whole"]]
    words = {name: ask.title(name) for name in names}
    frame["tip"] = [
        f"{row['words']}\u00a0: " + ", ".join(f"{words[name]} {ask.text(row[name], unit)}" for name in names)
        for row in frame.to_dict("records")
    ]
    tones = dict(zip(names, _TONES, strict=False))
    svg = figures.stacked(frame, tones, alt_of(title, frame), size_of(ask))
    table = [
        [row["words"], *(ask.text(row[name], unit, exact=True) for name in names)] for row in frame.to_dict("records")
    ]
    note = key_of([(tones[name], words[name]) for name in names])
    return Chart(title, note, svg, [ask.say("month"), *words.values()], table, filters="period")
