"""What the home page says: the state of a family in a line, how fresh the data are, what cannot be computed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.definition import Define, disclosure
from crmkpi.dashboard.markup import Html, join, table, tag
from crmkpi.dashboard.tiles import why
from crmkpi.dashboard.words import say
from crmkpi.format import day_text, is_missing, moved_text, period_text
from crmkpi.schema import TABLES

WATCH, ACT = 0.9, 0.75
"""Under which attainments a family is to watch, and to act on."""


def dataline(ask: Asker) -> Html:
    """As of when, from where, loaded when."""
    manifest = ask.crm.manifest
    words = ask.say("data_line", as_of=day_text(ask.as_of, ask.lang), source=manifest.get("source") or "—",
                    loaded=_moment(manifest.get("loaded_at"), ask.lang))  # fmt: skip
    seen = scope_words(ask)
    failed = import_failed(manifest.get("import_failed"), ask.lang)
    compared = ask.say("compared_to_date") if ask.running else None
    return join([tag("p", words, compared, f" {seen}" if seen else None, class_="ck-dataline"), failed])


def import_failed(note: dict[str, str] | None, lang: str) -> Html | None:
    """That the data are older than they should be, and why; nothing where the last import went well."""
    if not note:
        return None
    said = say(lang, "import_failed", moment=_moment(note["at"], lang), why=note["why"])
    return tag("p", said, class_="ck-error", role="alert")


def scope_words(ask: Asker) -> str:
    """What of the company is included, where it is not all of it."""
    held = ask.crm.manifest.get("scope")
    if not held:
        return ""
    counts = {name: ask.text(held[name], "count", exact=True) for name in ("customers", "of")}
    reps = ask.crm.values("rep")
    return ask.say(
        "scope", what=ask.crm.scope.words(ask.lang, dict(zip(reps["id"], reps["label"], strict=True))), **counts
    )


def _moment(text: Any, lang: str) -> str:
    if not text:
        return "—"
    moment = datetime.fromisoformat(str(text))
    return f"{day_text(moment.date(), lang)} {moment:%H:%M}"


def family(ask: Asker, page: str, title: str, state: tuple[str, str], said: Html, watched: tuple[str, ...]) -> Html:
    """On track, drifting or act, and by what; with the answer in words and the way to the page."""
    counts = ask.alerts(watched)["severity"].value_counts()
    p1, p2 = int(counts.get("P1", 0)), int(counts.get("P2", 0))
    judgement, reason = state
    badge = tag("span", ask.say(judgement), class_=f"ck-badge ck-state ck-state-{judgement}")
    link = tag("a", title, href=page, data_ck_nav="1")
    label = ask.pair(ask.say("open_page"), title)
    notes = [reason, ask.say("alerts_count", p1=p1, p2=p2)]
    return tag(
        "div", badge, tag("h2", link), tag("a", ask.say("open_page"), href=page, class_="ck-go", data_ck_nav="1", aria_label=label),
        tag("div", said, tag("p", " · ".join(note for note in notes if note), class_="ck-note")),
        class_="ck-card ck-line",
    )  # fmt: skip


def attained(ask: Asker, name: str) -> tuple[str, str]:
    """The state of a family by the attainment of its first figure, and from where on it is to watch, and to act on."""
    attainment = ask.kpi(name).row.get("attainment")
    if is_missing(attainment):
        return state_of(attainment), ""
    shown = {key: ask.text(each, "share") for key, each in (("value", attainment), ("watch", WATCH), ("act", ACT))}
    return state_of(attainment), ask.say("judged", title=ask.say("attained"), side=ask.say("below"), **shown)


def judged(ask: Asker, name: str, watch: float, act: float) -> tuple[str, str]:
    """The state of a family by a figure that has no target: from which value on it is to watch, and to act on."""
    result = ask.kpi(name)
    title, unit = result.figure.title(ask.lang), result.figure.unit
    if is_missing(result.value):
        return "unknown_state", ""
    sign, side = (1, "beyond") if act > watch else (-1, "below")
    value = sign * float(result.value)
    state = "act" if value >= sign * act else "drifting" if value >= sign * watch else "on_track"
    shown = {key: ask.text(each, unit) for key, each in (("value", result.value), ("watch", watch), ("act", act))}
    return state, ask.say("judged", title=title, side=ask.say(side), **shown)


def state_of(attainment: Any) -> str:
    """In which state a family is, by the attainment of its first figure.

    >>> state_of(1.02), state_of(0.8), state_of(0.5), state_of(None)
    ('on_track', 'drifting', 'act', 'unknown_state')
    """
    if is_missing(attainment):
        return "unknown_state"
    share = float(attainment)
    return "on_track" if share >= WATCH else "drifting" if share >= ACT else "act"


def since(ask: Asker, names: tuple[str, ...], define: Define = disclosure) -> Html:
    """What has changed since last Monday, as it was remembered: each figure then and now."""
    frame = ask.remembered("since", None, names)
    known = frame[frame["change"].notna()]
    if known.empty:
        reason = str(frame["reason"].dropna().iloc[0])
        return tag(
            "div", tag("h2", ask.say("since_nothing")), tag("p", reason[:1].upper() + reason[1:]), class_="ck-card"
        )
    day = known["since"].iloc[0]
    key = "since_monday" if 0 < (ask.as_of - day).days <= 7 and day.weekday() == 0 else "since_day"
    heads = [tag("th", ask.say(each), scope="col", class_="ck-num" if place else "")
             for place, each in enumerate(("figure", "then", "now", "gap_word"))]  # fmt: skip
    title = ask.say(key, day=day_text(day, ask.lang))
    body = table(heads, [_since_row(ask, row) for row in known.to_dict("records")], title)
    changed = sorted({note for each in known["note"] for note in each.split("; ") if note and ":" in note})
    notes = [] if known["first_hand"].all() else [ask.say("since_later")]
    return tag("div", tag("h2", title), body, *(tag("p", note, class_="ck-note") for note in [*notes, *changed]),
               define(ask, [*known["figure"]]), class_="ck-card")  # fmt: skip


def _since_row(ask: Asker, row: dict[Any, Any]) -> Html:
    good = None if row["better"] == "none" or not row["change"] else (row["change"] > 0) == (row["better"] == "up")
    tone = {None: "", True: "ck-good", False: "ck-bad"}[good]
    figure = ask.figure(row["figure"])
    period = (
        None if figure.kind == "stock" else tag("span", " ", period_text(row["period"], ask.lang), class_="ck-note")
    )
    moved = moved_text(row["change"], row["unit"], ask.lang, ask.crm.currency)
    return tag(
        "tr",
        tag("th", row["title"], period, scope="row"),
        *(tag("td", ask.text(row[each], row["unit"]), class_="ck-num") for each in ("before", "now")),
        tag("td", tag("strong", moved, class_=tone), class_="ck-num"),
    )


def freshness(ask: Asker) -> Html:
    """The tables of the data with their rows, and what the import reported."""
    manifest = ask.crm.manifest
    heads = [tag("th", ask.say("table"), scope="col"), tag("th", ask.say("rows_head"), scope="col", class_="ck-num"),
             tag("th", ask.say("rejected"), scope="col", class_="ck-num")]  # fmt: skip
    rows = [_table_row(ask, name, each) for name, each in manifest.get("tables", {}).items()]
    cells = manifest.get("cells") or {}
    said = ask.say("cells", read=ask.text(cells.get("read", 0), "count", exact=True),
                   reported=ask.text(cells.get("reported", 0), "count", exact=True))  # fmt: skip
    notes = [tag("li", note[ask.lang]) for note in manifest.get("notes", []) if ask.lang in note]
    body = tag(
        "details", tag("summary", ask.say("numbers")), table(heads, rows, ask.say("freshness")), data_key="fresh"
    )
    return tag("div", tag("h2", ask.say("freshness")), dataline(ask), tag("p", said, class_="ck-note"),
               tag("ul", *notes) if notes else None, body, class_="ck-card")  # fmt: skip


def _table_row(ask: Asker, name: str, told: dict[str, Any]) -> Html:
    words = TABLES[name].fr if ask.lang == "fr" else TABLES[name].en
    counts = [told.get("rows", 0), told.get("rejected_rows", 0)]
    return tag(
        "tr",
        tag("th", words, scope="row"),
        *(tag("td", ask.text(n, "count", exact=True), class_="ck-num") for n in counts),
    )


def cannot(ask: Asker) -> Html:
    """Figures that are partial or unavailable as of the day, with the reason."""
    lines = []
    for name in ask.crm.figures:
        result = ask.kpi(name)
        if result.status != "ok":
            badge = tag("span", ask.say(result.status), class_=f"ck-badge ck-badge-{result.status}")
            lines.append(
                tag("li", tag("strong", result.figure.title(ask.lang)), " ", badge, " ", ask.typeset(why(result)))
            )
    body = tag("ul", *lines) if lines else tag("p", ask.say("can_all"))
    return tag("div", tag("h2", ask.say("cannot")), body, class_="ck-card")
