"""One tile: value, target, change, course over a year, state, and the definition one press away.

A tile reads a result and names no figure. Below it: :mod:`crmkpi.dashboard.asking`, :mod:`crmkpi.figures`.
"""

from __future__ import annotations

from typing import Any

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.context import in_voila
from crmkpi.dashboard.markup import Html, esc, join, tag
from crmkpi.dashboard.state import COMPARISONS
from crmkpi.figures import meter, sparkline
from crmkpi.format import NOTHING, is_missing, past_short, past_text

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
        definition(ask, result, beside),
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
            said.append(ask.pair(more.figure.title(ask.lang), ask.text(more.value, more.figure.unit)))
    return tag("p", " · ".join(said), class_="ck-note") if said else None


def _target(ask: Asker, result: Any) -> Html | None:
    row = result.row
    if is_missing(row.get("attainment")):
        return None
    share = float(row["attainment"])
    tone = "main" if share >= 1 else "behind" if share >= 0.75 else "bad"
    name, words = ("target_to_date", "reached_to_date") if _to_date(ask, row) else ("target", "reached")
    said = ask.say(words, share=ask.text(share, "share"), target=_aim(ask, row[name], result.figure.unit))
    return tag("p", Html(meter(share, tone)), tag("span", said, title=_target_words(ask, result)), class_="ck-attained")


def _to_date(ask: Asker, row: dict[str, Any]) -> bool:
    """Whether the target that counts is a part of the period's."""
    return ask.running and not is_missing(row.get("target_to_date")) and row["target_to_date"] != row.get("target")


def _aim(ask: Asker, target: Any, unit: str) -> str:
    """A target in words: the part to date of a count is a whole number."""
    return ask.text(round(target) if unit == "count" and not is_missing(target) else target, unit)


def _target_words(ask: Asker, result: Any) -> str:
    unit, row = result.figure.unit, result.row
    whole = _aim(ask, row.get("target"), unit)
    if _to_date(ask, row):
        return ask.say("target_both", to_date=_aim(ask, row["target_to_date"], unit), target=whole)
    return ask.say("target_whole", target=whole)


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


def definition(ask: Asker, result: Any, beside: str = "") -> Html:
    """What the figure means, on what it was computed, and the query that ran; the same of the figure read with it."""
    name, row = result.figure.name, result.row
    facts = [ask.say("used", n=ask.text(row["n"], "count"))] if not is_missing(row.get("n")) else []
    if not is_missing(row.get("coverage")) and row["coverage"] < 1:
        facts.append(ask.say("coverage", share=ask.text(row["coverage"], "share")))
    facts.append(ask.say("no_target") if is_missing(row.get("target")) else _target_words(ask, result))
    if past := ask.past(name):
        facts.append(past_text(past, ask.lang))
    return tag(
        "details",
        tag("summary", ask.say("definition")),
        tag("p", ask.typeset(result.figure.definition(ask.lang))),
        tag("ul", *(tag("li", each) for each in [*_traps(ask, result.figure), *facts])),
        _reference(ask, name),
        _sql(ask, result),
        *(_also(ask, beside) if beside else ()),
        class_="ck-definition",
        data_key=f"def-{name}",
    )


def _sql(ask: Asker, result: Any) -> Html:
    name = result.figure.name
    return tag("details", tag("summary", ask.say("sql")), *_queries(ask, result), data_key=f"sql-{name}")


def _also(ask: Asker, name: str) -> list[Html]:
    """The definition of a figure that is read with a tile's."""
    result = ask.kpi(name)
    return [
        tag("h4", result.figure.title(ask.lang)),
        tag("p", ask.typeset(result.figure.definition(ask.lang))),
        *([tag("p", past_text(past, ask.lang))] if (past := ask.past(name)) else []),
        _reference(ask, name) or Html(""),
        _sql(ask, result),
    ]


def _queries(ask: Asker, result: Any) -> list[Html]:
    """The SQL that ran; a composed figure's is that of its parts, each under its name, then the formula over them."""
    names = _asked(ask, result.figure.name)
    if len(names) != len(result.sql):
        names = [result.figure.name] * len(result.sql)
    queries = [tag("pre", tag("code", text), tabindex="0") for text in result.sql]
    if len(queries) == 1:
        return queries
    return [part for name, query in zip(names, queries, strict=True) for part in (tag("h4", ask.title(name)), query)]


def _asked(ask: Asker, name: str) -> list[str]:
    """The figures whose queries make a figure, in the order in which they ran: its parts' parts, its parts, itself."""
    return [part for each in ask.figure(name).input_names for part in _asked(ask, each)] + [name]


def _traps(ask: Asker, figure: Any) -> list[str]:
    return [fr if ask.lang == "fr" else en for fr, en in figure.traps]


def _reference(ask: Asker, name: str) -> Html | None:
    """The way to the figure's reference: formula, settings, alerts, examples; there is one where pages are served."""
    if not in_voila():
        return None
    return tag(
        "p", tag("a", ask.say("reference"), href=f"reference/{ask.lang}#{name}", target="_blank", rel="noopener")
    )


def failed(ask: Asker, why: str) -> Html:
    """What stands in the place of a part that could not be computed."""
    return tag("p", esc(ask.say("error", why=why)), class_="ck-error", role="alert")


def grid(tiles: list[Html]) -> Html:
    """Tiles side by side."""
    return tag("div", join(tiles), class_="ck-tiles")
