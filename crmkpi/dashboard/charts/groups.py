"""Charts of groups: who reaches the target, a figure by a dimension."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from crmkpi import figures
from crmkpi.dashboard import outliers
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.charts.base import (
    MOST,
    Chart,
    alt_of,
    key_of,
    keys_of,
    ranked_width,
    short,
    size_of,
    tone_of,
    whole_months,
)
from crmkpi.dashboard.markup import join
from crmkpi.format import is_missing, month_label


def attainment(ask: Asker, name: str, by: str = "team") -> Chart:
    """Who reaches the target, by a dimension: bars against 100 %, those without a target said so."""
    figure, result = ask.figure(name), ask.kpi(name, by=[by])
    if result.frame["attainment"].isna().all():
        return _without_targets(ask, name, by)
    frame = result.frame.assign(label=result.frame[by].fillna(""), key=result.frame[f"{by}_id"].fillna(""))
    frame["gap"] = (frame["value"].astype(float) - frame["target_to_date"].astype(float)).abs()
    count = len(frame)
    if count > MOST:
        frame = frame.nlargest(MOST, "gap")
    frame = frame.sort_values("attainment", ascending=False, na_position="last").reset_index(drop=True)
    frame["tip"] = [_attained_tip(ask, row, figure.unit) for row in frame.to_dict("records")]
    frame["tone"] = [tone_of(each) for each in frame["attainment"]]
    frame["shown"] = [_attained(ask, row) for row in frame.to_dict("records")]
    title = ask.say("attainment", dim=ask.named(by).lower())
    to_date = ask.say("to_date") if ask.running else ""
    note = ask.say("attainment_sub", title=figure.title(ask.lang), period=ask.period_words(), to_date=to_date)
    note += f" · {ask.say('shown_of', shown=MOST, n=count)}" if count > MOST else ""
    table = [[row["label"], ask.text(row["value"], figure.unit, exact=True),
              ask.text(row["target_to_date"], figure.unit, exact=True),
              ask.text(row["attainment"], "share")] for row in frame.to_dict("records")]  # fmt: skip
    heads = [ask.named(by), figure.title(ask.lang), ask.say("target"), "%"]
    drawn = frame.assign(value=frame["attainment"].astype(float))
    svg = figures.ranked(drawn, alt_of(title, frame), ranked_width(ask), 1.0, f"{ask.say('target')} 100 %",
                         ask.state.narrow, cap=1.6)  # fmt: skip
    return Chart(title, note, svg, heads, table, filters=by)


def _attained(ask: Asker, row: dict[str, Any]) -> str:
    if not is_missing(row["attainment"]):
        return ask.text(row["attainment"], "share")
    return ask.say("no_target" if is_missing(row["target"]) else "partial_target")


def _without_targets(ask: Asker, name: str, by: str) -> Chart:
    """Who makes how much, where nobody has a target to reach."""
    chart = groups(ask, name, by)
    chart.note = ask.say("no_target")
    return chart


def _attained_tip(ask: Asker, row: dict[str, Any], unit: str) -> str:
    said = f"{row['label']}\u00a0: {ask.text(row['value'], unit)}"
    if is_missing(row["attainment"]):
        return f"{said}, {row.get('target_reason') or ask.say('no_target')}"
    return f"{said}, {ask.say('of_target', share=ask.text(row['attainment'], 'share'))} ({ask.text(row['target_to_date'], unit)})"


def groups(
    ask: Asker, name: str, by: str, outer: str = "", order: Sequence[str] = (), tick: str = "", months: int = 0
) -> Chart:
    """A figure by a dimension: ranked bars, or columns in order where the groups are months.

    ``outer`` names the column of the result that stands behind, paler (the full amount behind the weighted); ``order``
    gives the ids where they have an order of their own (ages); ``tick`` is another figure, a line across each bar.
    ``months`` draws that many whole months instead of the period, the line being the same ones a year before.
    """
    stretch = whole_months(ask, months) if months else None
    figure = ask.figure(name)
    asked: dict[str, Any] = {"compare": ["last_year"] if stretch or figure.unit == "rate" else []}
    result = ask.kpi(name, by=[by], **asked | ({"period": stretch.label} if stretch else {}))
    frame = result.frame.copy()
    frame["raw"] = frame[f"{by}_id"].fillna("")
    frame = frame[frame["value"].notna() | (frame["n"].astype(float) > 0)]
    frame["label"] = [_group_label(ask, figure, by, row) for row in frame.to_dict("records")]
    frame["shown"] = _shown(ask, frame, figure.unit, outer)
    frame["tip"] = [_group_tip(ask, row, figure.unit, outer) for row in frame.to_dict("records")]
    frame = frame.assign(
        tone="main", key=keys_of(frame, by), **({"outer": frame[outer].astype(float)} if outer else {})
    )
    title = ask.say("by", title=figure.title(ask.lang), dim=ask.named(by).lower())
    crossed = ask.say("year_before") if stretch else ask.title(tick) if tick else ""
    if crossed:
        frame["tick"] = frame["last_year"].astype(float) if stretch else _values_of(ask, tick, by, frame["raw"])
        crossed = crossed if frame["tick"].notna().any() else ""  # nothing of it to be seen
    if crossed:
        unit = ask.figure(tick or name).unit
        frame["tip"] = [
            said if is_missing(value) else f"{said} ({crossed}\u00a0: {ask.text(value, unit)})"
            for said, value in zip(frame["tip"], frame["tick"], strict=True)
        ]
    first = ask.period_words(stretch) if stretch else figure.title(ask.lang)
    keys = [("main", first), *([("soft", ask.say("declared"))] if outer else [])]
    note = key_of([*keys, *([("tick", crossed)] if crossed else [])]) if outer or crossed else ""
    more = [("outer", ask.say("declared"), "money")] if outer else []
    more += [("tick", crossed, ask.figure(tick or name).unit)] if crossed else []
    heads = [ask.named(by), first, *(words for _name, words, _unit in more)]
    if frame["raw"].astype(str).str.fullmatch(r"\d{4}-\d{2}").any():
        frame, svg, unit_said = _by_month(ask, frame, title, figure.unit)
        note = join([note, " ", unit_said]) if note else unit_said
    else:
        frame = frame.sort_values("outer" if outer else "value", ascending=False).head(MOST).reset_index(drop=True)
        frame = _in_order(frame, order)
        frame, whole, word = _against_whole(ask, frame, result)
        svg = (
            figures.ranked(frame, alt_of(title, frame), ranked_width(ask), whole, word, ask.state.narrow)
            if len(frame)
            else ""
        )
    table = [
        [
            str(row["label"]).replace("\n", " "),
            ask.text(row["value"], figure.unit, exact=True),
            *(ask.text(row[column], kind, exact=True) for column, _words, kind in more),
        ]
        for row in frame.to_dict("records")
    ]
    return Chart(title, note, svg, heads, table, filters=by)


def _shown(ask: Asker, frame: pd.DataFrame, unit: str, outer: str) -> list[str]:
    """The value of each group; where a paler bar stands behind it, both, in one unit."""
    if not outer or frame.empty:
        return [ask.text(value, unit) for value in frame["value"]]
    both, sign = short(ask, pd.concat([frame["value"], frame[outer]]).astype(float), "money")
    pairs = zip(both[: len(frame)], both[len(frame) :], strict=True)
    return [f"{' / '.join(filter(None, pair))}\u00a0{sign}" for pair in pairs]


def _values_of(ask: Asker, name: str, by: str, keys: pd.Series) -> list[float]:
    """The values of another figure for the same groups."""
    other = ask.kpi(name, by=[by], compare=[]).frame
    values = dict(zip(other[f"{by}_id"].fillna(""), other["value"].astype(float), strict=True))
    return [values.get(key, float("nan")) for key in keys]


def _in_order(frame: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    if not order:
        return frame
    place = frame["raw"].map({key: place for place, key in enumerate(order)}).fillna(len(order))
    return frame.assign(place=place).sort_values("place", kind="stable").reset_index(drop=True)


def _against_whole(ask: Asker, frame: pd.DataFrame, result: Any) -> tuple[pd.DataFrame, float | None, str]:
    """A rate stands against that of all together; groups that stand out are marked (as the words would), small ones pale."""
    whole, figure = result.value, result.figure
    if figure.unit != "rate" or not whole or len(frame) < 2:
        return frame, None, ""
    enough = outliers.enough(frame, ask.crm.settings)
    known = frame[enough & frame["value"].notna()]
    bad = outliers.drifting(known, float(whole), figure)
    if len(known) > 2:
        bad |= outliers.apart(known, figure)
    tones = pd.Series("main", index=frame.index).where(enough, "none")
    if figure.better != "none":
        tones[bad[bad].index] = "behind"
    return frame.assign(tone=tones), float(whole), f"{ask.say('together')} {ask.text(whole, figure.unit)}"


def _by_month(ask: Asker, frame: pd.DataFrame, title: str, unit: str) -> tuple[pd.DataFrame, str, str]:
    """Months in order, at most nine, what is later in one; what has no month stands apart at both ends. And the unit."""
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
        row |= {name: later[name].astype(float).sum(min_count=1) for name in ("outer", "tick") if name in later}
        near = pd.concat([near, pd.DataFrame([row])])
    apart = frame[~is_month]
    late = apart[apart["raw"] == "overdue"].assign(tone="behind")
    frame = pd.concat([late, near, apart[apart["raw"] != "overdue"].assign(tone="none")]).reset_index(drop=True)
    frame["shown"], sign = short(ask, frame["value"].astype(float), unit)
    drawn = frame.assign(target=frame["tick"].astype(float)) if "tick" in frame else frame
    svg = figures.columns(drawn, alt_of(title, frame), size_of(ask), ("", ""))
    return frame, svg, ask.say("million", unit=sign) if sign else ""


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
