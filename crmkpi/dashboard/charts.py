"""Charts by kind: each asks a figure, makes the frame that a picture draws, and a table of the same numbers.

A kind is a function ``(ask, name, ...) -> Chart``; :data:`KINDS` is the closed list that a notebook
chooses from. Below it: :mod:`crmkpi.dashboard.asking`, :mod:`crmkpi.figures`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from crmkpi import figures
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.markup import Html, join, tag
from crmkpi.dashboard.tiles import why
from crmkpi.figures import NARROW, WIDE, Size
from crmkpi.format import is_missing, money_axis, month_label, number_text, period_text

_MOST = 9


@dataclass
class Chart:
    """A picture with its title, the words under it, and the numbers in it."""

    title: str
    note: str
    svg: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    filters: str = ""


def _size(ask: Asker) -> Size:
    return NARROW if ask.state.narrow else WIDE


def _course(ask: Asker, name: str) -> pd.DataFrame:
    """The months of a figure with their labels; fewer on a phone."""
    frame = ask.trend(name).reset_index(drop=True)
    frame["value"] = frame["value"].where(frame["dated"].astype(bool))  # no trend is drawn of what is not dated
    if ask.state.narrow:
        frame = frame.tail(7).reset_index(drop=True)
    days = [_date(each) for each in frame["start"]]
    labels = [month_label(day, ask.lang, place == 0) for place, day in enumerate(days)]
    if len(frame) and _date(frame["end"].iloc[-1]) > ask.as_of:
        labels[-1] = f"{labels[-1].partition(chr(10))[0]}\n{ask.say('running')}"
    words = [period_text(f"{day:%Y-%m}", ask.lang) for day in days]
    return frame.assign(label=labels, words=words, key=[f"{day:%Y-%m}" for day in days])


def _date(value: Any) -> date:
    return pd.Timestamp(value).date()


def _short(ask: Asker, values: pd.Series, unit: str) -> tuple[list[str], str]:
    """Values short enough to stand on a column, and the unit to say once."""
    if unit != "money":
        return [ask.text(value, unit) for value in values], ""
    top = float(values.abs().max() or 0)
    size, sign = money_axis(top, ask.lang, ask.crm.currency)
    places = 0 if size == 1 or top / size >= 100 else 1 if top / size >= 10 else 2
    return ["" if is_missing(value) else number_text(value / size, ask.lang, places) for value in values], sign


def months(ask: Asker, name: str, landing: str = "") -> Chart:
    """A figure by month against its target; the running month with its landing."""
    figure, frame = ask.figure(name), _course(ask, name)
    has_target = "target" in frame and frame["target"].notna().any()
    shown, sign = _short(ask, frame["value"].astype(float), figure.unit)
    frame = frame.assign(shown=shown, tone=[_tone(each) for each in frame.get("attainment", [None] * len(frame))])
    frame["tip"] = [_month_tip(ask, row, figure.unit) for row in frame.to_dict("records")]
    target_end = ask.text(frame["target"].iloc[-1], figure.unit) if has_target and len(frame) else ""
    words = f"{ask.say('target')}\n{target_end}" if target_end and not is_missing(frame["target"].iloc[-1]) else ""
    ends = ""
    if ask.made_of(landing, name) and len(frame) and ask.as_of < _date(frame["end"].iloc[-1]):
        result = ask.kpi(landing, period=str(frame["key"].iloc[-1]), compare=["target"])
        if not is_missing(result.value):
            frame["outer"] = [float("nan")] * (len(frame) - 1) + [float(result.value)]
            ends = f"{ask.say('landing')}\n{ask.text(result.value, figure.unit)}"
    title = ask.say("with_target" if has_target else "by_month", title=figure.title(ask.lang))
    if not has_target:
        frame = frame.drop(columns=["target"], errors="ignore")
    note = ask.say("million", unit=sign) if sign else ""
    table = [[row["words"], ask.text(row["value"], figure.unit, exact=True),
              ask.text(row.get("target"), figure.unit, exact=True),
              ask.text(row.get("attainment"), "share")] for row in frame.to_dict("records")]  # fmt: skip
    heads = [ask.say("month"), figure.title(ask.lang), ask.say("target"), "%"]
    svg = figures.columns(frame, _alt(title, frame), _size(ask), (words, ends)) if frame["value"].notna().any() else ""
    return Chart(title, note, svg, heads, table, filters="period")


def _tone(attainment: Any) -> str:
    return "main" if is_missing(attainment) or float(attainment) >= 1 else "behind"


def _month_tip(ask: Asker, row: dict[Any, Any], unit: str) -> str:
    said = f"{row['words']}\u00a0: {ask.text(row['value'], unit)}"
    if is_missing(row.get("attainment")):
        return said
    return f"{said}, {ask.say('of_target', share=ask.text(row['attainment'], 'share'))}"


def _alt(title: str, frame: pd.DataFrame) -> str:
    """The title and the marks in words: what the picture says, for those who cannot see it."""
    return f"{title}. " + "; ".join(str(tip) for tip in frame["tip"].tolist()[:16])


def attainment(ask: Asker, name: str, by: str = "team") -> Chart:
    """Who reaches the target, by a dimension: bars against 100 %, those without a target said so."""
    figure, result = ask.figure(name), ask.kpi(name, by=[by])
    if result.frame["attainment"].isna().all():
        return _without_targets(ask, name, by)
    frame = result.frame.assign(label=result.frame[by].fillna(""), key=result.frame[f"{by}_id"].fillna(""))
    frame["gap"] = (frame["value"].astype(float) - frame["target_to_date"].astype(float)).abs()
    count = len(frame)
    if count > _MOST:
        frame = frame.nlargest(_MOST, "gap")
    frame = frame.sort_values("attainment", ascending=False, na_position="last").reset_index(drop=True)
    frame["tip"] = [_attained_tip(ask, row, figure.unit) for row in frame.to_dict("records")]
    frame["tone"] = [_tone(each) for each in frame["attainment"]]
    frame["shown"] = [_attained(ask, row) for row in frame.to_dict("records")]
    title = ask.say("attainment", dim=ask.named(by).lower())
    to_date = ask.say("to_date") if ask.running else ""
    note = ask.say("attainment_sub", title=figure.title(ask.lang), period=ask.period_words(), to_date=to_date)
    note += f" · {ask.say('shown_of', shown=_MOST, n=count)}" if count > _MOST else ""
    table = [[row["label"], ask.text(row["value"], figure.unit, exact=True),
              ask.text(row["target_to_date"], figure.unit, exact=True),
              ask.text(row["attainment"], "share")] for row in frame.to_dict("records")]  # fmt: skip
    heads = [ask.named(by), figure.title(ask.lang), ask.say("target"), "%"]
    drawn = frame.assign(value=frame["attainment"].astype(float))
    svg = figures.ranked(drawn, _alt(title, frame), _ranked_width(ask), 1.0, f"{ask.say('target')} 100 %",
                         ask.state.narrow, cap=1.6)  # fmt: skip
    return Chart(title, note, svg, heads, table, filters=by)


def _attained(ask: Asker, row: dict[str, Any]) -> str:
    if not is_missing(row["attainment"]):
        return ask.text(row["attainment"], "share")
    return ask.say("no_target" if is_missing(row["target"]) else "partial_target")


def _without_targets(ask: Asker, name: str, by: str) -> Chart:
    """Who makes how much, where nobody has a target to reach."""
    chart = groups(ask, name, by)
    chart.note, chart.filters = ask.say("no_target"), by
    return chart


def _ranked_width(ask: Asker) -> int:
    return 340 if ask.state.narrow else 480


def _attained_tip(ask: Asker, row: dict[str, Any], unit: str) -> str:
    said = f"{row['label']}\u00a0: {ask.text(row['value'], unit)}"
    if is_missing(row["attainment"]):
        return f"{said}, {row.get('target_reason') or ask.say('no_target')}"
    return f"{said}, {ask.say('of_target', share=ask.text(row['attainment'], 'share'))} ({ask.text(row['target_to_date'], unit)})"


def guarded(ask: Asker, name: str, guard: str) -> Chart:
    """A quantity by month, and under it the rate that must not be spent to get it."""
    figure, rate = ask.figure(name), ask.figure(guard)
    frame, below = _course(ask, name), _course(ask, guard)
    shown, sign = _short(ask, frame["value"].astype(float), figure.unit)
    frame = frame.assign(shown=shown, tone=[_tone(each) for each in frame.get("attainment", [None] * len(frame))])
    frame["tip"] = [_month_tip(ask, row, figure.unit) for row in frame.to_dict("records")]
    if not ("target" in frame and frame["target"].notna().any()):
        frame = frame.drop(columns=["target"], errors="ignore")
    below = below.assign(
        value=below["value"].astype(float), shown=[ask.text(each, rate.unit) for each in below["value"]]
    )
    below["tip"] = [f"{row['words']}\u00a0: {row['shown']}" for row in below.to_dict("records")]
    names = (figure.title(ask.lang) + (f" ({sign})" if sign else ""), rate.title(ask.lang))
    title = ask.say("guarded", title=names[0], guard=names[1].lower())
    table = [[row["words"], ask.text(row["value"], figure.unit, exact=True), other]
             for row, other in zip(frame.to_dict("records"), below["shown"], strict=True)]  # fmt: skip
    alt = _alt(title, frame)
    if below["value"].isna().all():  # nothing to guard with: the quantity alone
        title, svg = ask.say("by_month", title=names[0]), figures.columns(frame, alt, _size(ask))
    else:
        svg = figures.guard(frame, below, names, alt, _size(ask))
    svg = svg if frame["value"].notna().any() else ""
    return Chart(title, "", svg, [ask.say("month"), *names], table, filters="period")


def spread(ask: Asker, name: str, beside: tuple[str, ...] = ("median",)) -> Chart:
    """A mean by month with what stands beside it, since one large value hides a fall."""
    figure, frame = ask.figure(name), _course(ask, name)
    words = {each.name: each.fr if ask.lang == "fr" else each.en for each in figure.beside}
    series = {"value": figure.title(ask.lang)} | {each: words.get(each, each) for each in beside if each in frame}
    for each, called in series.items():
        frame[f"{each}_shown"] = [ask.text(value, figure.unit) for value in frame[each]]
        frame[f"{each}_tip"] = [f"{month}\u00a0: {called} {shown}" for month, shown in
                                zip(frame["words"], frame[f"{each}_shown"], strict=True)]  # fmt: skip
    title = ask.say("by_month", title=ask.say("and").join(series.values()))
    table = [[row["words"], *(row[f"{each}_shown"] for each in series)] for row in frame.to_dict("records")]
    alt = _alt(title, frame.assign(tip=frame["value_tip"]))
    svg = figures.lines(frame, series, alt, _size(ask)) if frame["value"].notna().any() else ""
    return Chart(title, "", svg, [ask.say("month"), *series.values()], table)


def groups(ask: Asker, name: str, by: str, outer: str = "") -> Chart:
    """A figure by a dimension: ranked bars, or columns in order where the groups are months.

    ``outer`` names the column of the result that stands behind, paler (the full amount behind the weighted).
    """
    figure, result = ask.figure(name), ask.kpi(name, by=[by], compare=[])
    frame = result.frame.copy()
    frame["raw"] = frame[f"{by}_id"].fillna("") if f"{by}_id" in frame else frame[by].fillna("")
    frame = frame[frame["value"].notna() | (frame["n"].astype(float) > 0)]
    frame["label"] = [_group_label(ask, figure, by, row) for row in frame.to_dict("records")]
    frame["shown"] = [ask.text(value, figure.unit) for value in frame["value"]]
    frame["tip"] = [_group_tip(ask, row, figure.unit, outer) for row in frame.to_dict("records")]
    frame = frame.assign(tone="main", key=frame["raw"], **({"outer": frame[outer].astype(float)} if outer else {}))
    title = ask.say("by", title=figure.title(ask.lang), dim=ask.named(by).lower())
    keys = [
        tag("span", class_="ck-key"),
        figure.title(ask.lang),
        tag("span", class_="ck-key ck-key-soft"),
        ask.say("declared"),
    ]
    note = join(keys) if outer else ""
    heads = [ask.named(by), figure.title(ask.lang), *([ask.say("declared")] if outer else [])]
    order = frame["raw"].astype(str)
    if order.str.fullmatch(r"\d{4}-\d{2}").any():
        frame, svg = _by_month(ask, frame, title, figure.unit)
    else:
        frame = frame.sort_values("outer" if outer else "value", ascending=False).head(_MOST).reset_index(drop=True)
        frame, whole, word = _against_whole(ask, frame, result)
        svg = (
            figures.ranked(frame, _alt(title, frame), _ranked_width(ask), whole, word, ask.state.narrow)
            if len(frame)
            else ""
        )
    table = [[row["label"].replace("\n", " "), ask.text(row["value"], figure.unit, exact=True),
              *([ask.text(row["outer"], "money", exact=True)] if outer else [])]
             for row in frame.to_dict("records")]  # fmt: skip
    return Chart(title, note, svg, heads, table)


def _against_whole(ask: Asker, frame: pd.DataFrame, result: Any) -> tuple[pd.DataFrame, float | None, str]:
    """A rate stands against that of all together; groups clearly worse are marked, unless they are small."""
    whole, unit, better = result.value, result.figure.unit, result.figure.better
    if unit != "rate" or not whole or len(frame) < 2:
        return frame, None, ""
    values = frame["value"].astype(float)
    worse = values > 1.2 * whole if better == "down" else values < 0.8 * whole
    enough = frame["n"].astype(float) >= int(ask.crm.settings.get("small_n", 5))
    tones = [
        "none" if not many else "behind" if bad and better != "none" else "main"
        for bad, many in zip(worse, enough, strict=True)
    ]
    return frame.assign(tone=tones), float(whole), f"{ask.say('together')} {ask.text(whole, unit)}"


def _by_month(ask: Asker, frame: pd.DataFrame, title: str, unit: str) -> tuple[pd.DataFrame, str]:
    """Months in order, at most nine, what is later in one; what has no month stands apart at both ends."""
    is_month = frame["raw"].astype(str).str.fullmatch(r"\d{4}-\d{2}")
    dated = frame[is_month].sort_values("raw")
    count = 4 if ask.state.narrow else 9
    near, later = dated.head(count), dated.iloc[count:]
    if len(later):
        tip = f"{ask.say('later')}\u00a0: {ask.text(later['value'].sum(), unit)}"
        row = {
            "label": ask.say("later").replace(" ", "\n"),
            "raw": "9999",
            "value": later["value"].sum(),
            "tip": tip,
            "tone": "main",
            "key": "",
        }
        near = pd.concat([near, pd.DataFrame([row | ({"outer": later["outer"].sum()} if "outer" in later else {})])])
    apart = frame[~is_month]
    late = apart[apart["raw"] == "overdue"].assign(tone="behind")
    frame = pd.concat([late, near, apart[apart["raw"] != "overdue"].assign(tone="none")]).reset_index(drop=True)
    frame["shown"], _ = _short(ask, frame["value"].astype(float), unit)
    svg = figures.columns(frame, _alt(title, frame), _size(ask), ("", ""))
    return frame, svg


def _group_label(ask: Asker, figure: Any, by: str, row: dict[str, Any]) -> str:
    raw = str(row["raw"])
    if re.fullmatch(r"\d{4}-\d{2}", raw):
        day = date.fromisoformat(f"{raw}-01")
        return month_label(day, ask.lang)
    if raw in ("overdue", "undated"):
        return ask.say(raw).replace(" ", "\n")
    return str(row[by]) if row.get(by) else raw


def _group_tip(ask: Asker, row: dict[str, Any], unit: str, outer: str) -> str:
    said = f"{str(row['label']).replace(chr(10), ' ')}\u00a0: {ask.text(row['value'], unit)}"
    return f"{said} / {ask.text(row[outer], 'money')}" if outer and not is_missing(row.get(outer)) else said


KINDS: dict[str, Callable[..., Chart]] = {
    "months": months, "attainment": attainment, "guarded": guarded, "spread": spread, "groups": groups,
}  # fmt: skip


def card(ask: Asker, chart: Chart, name: str) -> Html:
    """A chart with its title, its words and its numbers; in place of an empty picture, why it is empty."""
    return tag(
        "figure",
        tag(
            "figcaption",
            tag("h3", chart.title),
            tag("p", chart.note, class_="ck-note") if chart.note else None,
        ),
        tag("div", Html(chart.svg), class_="ck-picture", data_dim=chart.filters)
        if chart.svg
        else tag("p", _empty(ask, name)),
        _numbers(ask, chart) if chart.rows and chart.svg else None,
        class_="ck-card ck-chart",
    )


def _empty(ask: Asker, name: str) -> str:
    result = ask.kpi(name)
    return ask.say("empty_chart") if result.status == "ok" else ask.pair(ask.say("unavailable"), why(result))


def _numbers(ask: Asker, chart: Chart) -> Html:
    head = [tag("th", each, scope="col", class_="ck-num" if place else "") for place, each in enumerate(chart.columns)]
    rows = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", each, class_="ck-num") for each in row[1:]))
            for row in chart.rows]  # fmt: skip
    body = tag(
        "table", tag("caption", chart.title, class_="ck-hidden"), tag("thead", tag("tr", *head)), tag("tbody", *rows)
    )
    return tag("details", tag("summary", ask.say("numbers")), tag("div", body, class_="ck-scroll"),
               class_="ck-numbers", data_key=f"numbers-{chart.title}")  # fmt: skip
