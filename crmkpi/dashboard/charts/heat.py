"""Charts as tables of coloured cells: a rate by two dimensions, the parts of an index by age. Below it: dashboard.charts.base."""

from __future__ import annotations

import pandas as pd

from crmkpi import figures
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.charts.base import MOST, Chart, key_of, shared_of
from crmkpi.format import is_missing, period_text

_GAP = "\u2014"


def matrix(ask: Asker, name: str, rows: str, columns: str) -> Chart:
    """A rate by two dimensions: each row that is lowest first, each cell with its value."""
    figure, frame = ask.figure(name), ask.kpi(name, by=[rows, columns], compare=[]).frame
    title = ask.say("by", title=figure.title(ask.lang), dim=ask.named(columns).lower())
    frame = frame.dropna(subset=["value"])
    if frame.empty:
        return Chart(title, "", "")
    frame = frame.assign(row=frame[rows].fillna("").astype(str), column=frame[columns].fillna("").astype(str))
    sums = frame.assign(weight=frame["den"].astype(float).fillna(0.0), part=frame["num"].astype(float)).groupby("row")
    lowest = (sums["part"].sum() / sums["weight"].sum()).sort_values().index
    wide = frame.pivot_table(index="row", columns="column", values="value", aggfunc="first").reindex(lowest)
    heads = frame.groupby("column")["den"].sum().sort_values(ascending=False).index[: 4 if ask.state.narrow else MOST]
    wide = wide[heads.tolist()]
    shown = wide.map(lambda value: _GAP if is_missing(value) else ask.text(value, "share"))
    return _drawn(ask, title, wide, shown, ask.named(rows))


def cohorts(ask: Asker, name: str, by: str, whole: float = 1.0) -> Chart:
    """A figure and the rates beside it by the quarter that its records began in, the latest quarters last.

    ``whole`` is the figure's largest value (100 for an index out of 100). A quarter of too few records has no cell.
    """
    figure, frame = ask.figure(name), ask.kpi(name, by=[by], compare=[]).frame
    title = ask.say("by", title=figure.title(ask.lang), dim=ask.named(by).lower())
    enough = frame["n"].astype(float) >= int(ask.crm.settings.get("small_n", 5))
    frame = frame[frame[f"{by}_id"].notna() & enough].sort_values(f"{by}_id").tail(4 if ask.state.narrow else 8)
    if len(frame) < 2:
        return Chart(title, ask.say("no_quarters"), "")
    series = {"value": ask.say("together")}
    series |= {each.name: each.fr if ask.lang == "fr" else each.en for each in figure.beside if each.unit == "rate"}
    shares = frame[list(series)].astype(float).div([whole, *[1.0] * (len(series) - 1)])
    quarters: list[str] = frame[f"{by}_id"].tolist()
    wide = shares.set_axis([period_text(each, ask.lang) for each in quarters]).T
    wide = wide.set_axis([words[:1].upper() + words[1:] for words in series.values()])
    units = [figure.unit, *["share"] * (len(series) - 1)]
    shown = pd.DataFrame(
        [[_GAP if is_missing(value) else ask.text(value, unit) for value in frame[part]]
         for part, unit in zip(series, units, strict=True)], wide.index, wide.columns,
    )  # fmt: skip
    return _drawn(ask, title, wide, shown, ask.say("figure"))


def recalled(ask: Asker, name: str, *parts: str, whole: float = 1.0) -> Chart:
    """A figure and its parts month by month as they were known then, from the history; where a definition changed, it is said.

    ``whole`` is the figure's largest value (100 for an index out of 100).
    """
    count = 4 if ask.state.narrow else 8
    courses = {each: ask.remembered("course", each, periods=count) for each in (name, *parts)}
    shared, own = shared_of([ask.title(each) for each in parts]) if parts else (ask.title(name), [])
    title = ask.say("recalled", title=shared)
    known = [place for place in range(count) if not all(is_missing(each["value"][place]) for each in courses.values())]
    if not known:
        return Chart(title, "", "", why=_since_when(ask, name))
    wholes = [whole, *[1.0] * len(parts)]
    months = [period_text(courses[name]["period"][place], ask.lang, short=ask.state.narrow) for place in known]
    together = ask.say("together")
    labels = [together[:1].upper() + together[1:], *own]
    values = [
        [courses[each]["value"][place] / size for place in known] for each, size in zip(courses, wholes, strict=True)
    ]
    units = [ask.figure(each).unit for each in courses]
    wide = pd.DataFrame(values, labels, months, dtype=float)
    shown = pd.DataFrame(
        [[_GAP if is_missing(courses[each]["value"][place]) else ask.text(courses[each]["value"][place], unit) for place in known]
         for each, unit in zip(courses, units, strict=True)], labels, months,
    )  # fmt: skip
    chart = _drawn(ask, title, wide, shown, ask.say("figure"))
    first = courses[name]
    later = [place for place in known if first["first_hand"].eq(False)[place]]
    chart.more = ask.say("computed_later", n=len(later)) if later else _since_when(ask, name)
    changed = [f"{month}\u00a0: {first['changed'][place]}" for month, place in zip(months, known, strict=True)
               if first["changed"][place]]  # fmt: skip
    chart.more = " · ".join([chart.more, *changed])
    return chart


def _since_when(ask: Asker, name: str) -> str:
    """Since which day a figure is remembered."""
    reason = ask.remembered("begins", name)
    return reason[:1].upper() + reason[1:]


def _drawn(ask: Asker, title: str, wide: pd.DataFrame, shown: pd.DataFrame, head: str) -> Chart:
    """The cells, coloured by how good a share is, each with its words."""
    tips = [
        f"{row}, {column}\u00a0: {said}"
        for row, cells in zip(map(str, shown.index), shown.to_numpy().tolist(), strict=True)
        for column, said in zip(map(str, shown.columns), cells, strict=True)
    ]
    alt = f"{title}. " + "; ".join(tips[:16])
    svg = figures.matrix(wide, shown, tips, alt, 340 if ask.state.narrow else 640, ask.state.narrow)
    limits = [ask.text(each, "share") for each in figures.CLASSES]
    note = key_of([("alarm", ask.say("under", limit=limits[0])), ("warn", ask.say("under", limit=limits[1])),
                   ("tint", ask.say("under", limit=limits[2])), ("soft", ask.say("from_on", limit=limits[2]))])  # fmt: skip
    table = [[str(row), *cells] for row, cells in zip(shown.index, shown.to_numpy().tolist(), strict=True)]
    return Chart(title, note, svg, [head, *map(str, wide.columns)], table)
