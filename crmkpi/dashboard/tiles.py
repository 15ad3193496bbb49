"""One tile: value, target, change, course over a year, state, and the definition one press away.

A tile reads a result and names no figure. Below it: :mod:`crmkpi.dashboard.definition`, :mod:`crmkpi.figures`.
"""

from __future__ import annotations

from typing import Any

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.definition import aim, disclosure, target_words, to_date
from crmkpi.dashboard.markup import Html, esc, join, tag
from crmkpi.dashboard.state import COMPARISONS
from crmkpi.figures import meter, sparkline
from crmkpi.format import NOTHING, is_missing, past_short

_SMALL = 5


def tile(ask: Asker, name: str, beside: str = "") -> Html:
    """The tile of a figure under the filters of ``ask``; ``beside`` is another figure to be read with it."""
    result = ask.kpi(name)
    figure = result.figure
    return tag(
        "article",
        tag("h3", _opener(ask, name, result)),
        _value(ask, result),
        _beside(ask, result, beside),
        _target(ask, result),
        _changes(ask, result),
        _course(ask, name, figure),
        _status(ask, result),
        disclosure(ask, [name, beside] if beside else [name]),
        class_=f"ck-tile ck-is-{result.status}",
        data_figure=name,
    )


def _opener(ask: Asker, name: str, result: Any) -> Html:
    """The title is the button that opens the list; it covers the tile."""
    title = result.figure.title(ask.lang)
    return tag("button", title, type="button", class_="ck-open", data_do="open", data_name=name,
               title=ask.say("see_list"))  # fmt: skip


def _value(ask: Asker, result: Any) -> Html:
    unit = result.figure.unit
    small = unit == "rate" and not is_missing(result.value) and result.row.get("n", _SMALL) < _SMALL
    note = tag("span", ask.say("small", n=ask.text(result.row["n"], "count")), class_="ck-note") if small else None
    exact = None if is_missing(result.value) else ask.text(result.value, unit, exact=True)
    shown = tag("span", ask.text(result.value, unit), class_="ck-number", title=exact, data_value=exact)
    return tag("p", shown, note, class_="ck-value" + (" ck-small" if small else ""))


def _beside(ask: Asker, result: Any, other: str) -> Html | None:
    """What must be read with the value: columns the figure declares beside it (a median), another figure."""
    said = [
        f"{each.fr if ask.lang == 'fr' else each.en} {ask.text(result.row[each.name], each.unit or result.figure.unit)}"
        for each in result.figure.beside
        if not is_missing(result.row.get(each.name))
    ]
    if past := ask.past(result.figure.name):
        said.append(past_short(past, ask.lang))
    if other:
        more = ask.kpi(other)
        if not is_missing(more.value) and (more.value or more.figure.unit != "count"):  # none of them is no news
            past = ask.past(other)
            how = f" ({past_short(past, ask.lang)})" if past else ""
            said.append(ask.pair(more.figure.title(ask.lang), ask.text(more.value, more.figure.unit)) + how)
    return tag("p", " · ".join(said), class_="ck-note") if said else None


def _target(ask: Asker, result: Any) -> Html | None:
    row = result.row
    if is_missing(row.get("attainment")):
        return None
    share = float(row["attainment"])
    tone = "main" if share >= 1 else "behind" if share >= 0.75 else "bad"
    name, words = ("target_to_date", "reached_to_date") if to_date(ask, row) else ("target", "reached")
    said = ask.say(words, share=ask.text(share, "share"), target=aim(ask, row[name], result.figure.unit))
    return tag("p", Html(meter(share, tone)), tag("span", said, title=target_words(ask, result)), class_="ck-attained")


def _changes(ask: Asker, result: Any) -> Html | None:
    """Against the period before and against last year, what was chosen first; why there is nothing to compare with."""
    if ask.compared is None or is_missing(result.value):
        return None
    if not ask.crm.is_dated(result.figure.name):
        return tag("p", ask.say("no_history"), class_="ck-note")
    chosen = sorted(COMPARISONS, key=lambda each: each != ask.state.compare)
    lines = [line for each in chosen if (line := _change(ask, result, each))]
    return tag("div", *lines, class_="ck-changes") if lines else None


def _change(ask: Asker, result: Any, comparison: str) -> Html | None:
    """A change in words, with what it is a change from; only the latter where that was nothing."""
    unit, before = result.figure.unit, result.row.get(comparison)
    if is_missing(result.value) or is_missing(before):
        return None
    period = ask.period_words(ask.before(comparison), short=True)
    exact = ask.text(before, unit, exact=True)
    hint = f"{exact} ({ask.say('same_days')})" if ask.running else exact
    note = tag("span", ask.say("against", value=ask.text(before, unit), period=period), class_="ck-note", title=hint)
    moved = ask.change(result.value, before, unit)
    if moved is None or moved.direction == 0:
        return tag("p", tag("span", ask.say("stable"), " ") if moved else None, note, class_="ck-change")
    good = (moved.direction > 0) == (result.figure.better == "up")
    tone = "" if result.figure.better == "none" else "ck-good" if good else "ck-bad"
    arrow = tag("span", "▲" if moved.direction > 0 else "▼", aria_hidden="true")
    return tag("p", tag("strong", arrow, " ", moved.text, class_=tone), " ", note, class_="ck-change")


def _course(ask: Asker, name: str, figure: Any) -> Html | None:
    """Thirteen months; nothing where the source does not date what the figure weighs (the status says why)."""
    if figure.kind == "composite" or not ask.crm.is_dated(name):
        return None
    frame = ask.trend(name)
    if frame["den"].isna().all() and figure.kind == "flow" and _unfinished(ask, frame):
        frame = frame.iloc[:-1]  # a month that has only begun would look like a fall
    values = [None if is_missing(value) else float(value) for value in frame["value"]]
    return Html(sparkline(values, ask.say("trend_of", title=figure.title(ask.lang)))) or None


def _unfinished(ask: Asker, frame: Any) -> bool:
    return bool(len(frame)) and frame["end"].iloc[-1] > ask.as_of


def _status(ask: Asker, result: Any) -> Html | None:
    if result.status == "ok":
        return None
    badge = tag("strong", ask.say(result.status), class_=f"ck-badge ck-badge-{result.status}")
    return tag("p", badge, " ", ask.typeset(why(result)) or NOTHING, class_="ck-status")


def why(result: Any) -> str:
    """Why the value is not complete; that there is no target is another matter."""
    about_target = str(result.row.get("target_reason") or "")
    return "; ".join(part for part in result.reason.split("; ") if part and part != about_target) or about_target


def failed(ask: Asker, why: str) -> Html:
    """What stands in the place of a part that could not be computed."""
    return tag("p", esc(ask.say("error", why=why)), class_="ck-error", role="alert")


def grid(tiles: list[Html]) -> Html:
    """Tiles side by side."""
    return tag("div", join(tiles), class_="ck-tiles")
