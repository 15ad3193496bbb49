"""Charts of what is between: a gap as a waterfall, plans as bullets, two counts by week. Below it: dashboard.charts.base."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmkpi import figures
from crmkpi.calendar import DAY, unit
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.charts.base import (
    MOST,
    Chart,
    alt_of,
    date_of,
    is_drawn,
    key_of,
    listed,
    others,
    ranked_width,
    shared_of,
    short,
    size_of,
)
from crmkpi.format import day_text, is_missing, money_axis

_STEPS = 7
_PARTS = ("product", "basket")


def gap(ask: Asker, name: str, by: str = "", against: str = "") -> Chart:
    """From the target, or from the period compared with, to actual: who makes the gap, the largest steps first.

    ``by`` is a dimension, by default the next place to look into, or ``product`` (price, volume, mix) or ``basket`` (number,
    mean amount); ``against`` is ``target``, by default the comparison.
    """
    figure, by, against = ask.figure(name), by or ask.state.next_place, against or ask.state.compare
    found = ask.gap(name, by, against)
    reference = ask.say("the_target") if against == "target" else ask.period_words(ask.before(against), short=True)
    dim = ask.named(f"gap_{by}" if by in _PARTS else by)
    title = ask.say("gap_title", title=figure.title(ask.lang), reference=reference, dim=dim.lower())
    if found is None or found.change is None or found.frame.empty:
        return Chart(title, "" if found is None else found.reason, "")
    frame = _effects(found.classes) if by in _PARTS else found.frame
    shown, rest = frame.head(_STEPS), frame.iloc[_STEPS:]
    target = ask.say("target_to_date_word" if ask.running else "target")
    first_words = target if against == "target" else reference
    rows = [_reached(ask, first_words, found.reference)]
    rows += [_step(ask, row) for row in shown.to_dict("records")]
    if len(rest):
        amount = float(rest["amount"].astype(float).sum())
        rows.append(_row(ask, others(ask, len(rest)), amount))
    rows.append(_reached(ask, ask.period_words(short=True), found.actual))
    drawn = pd.DataFrame(rows)
    drawn["shown"] = _of_one_size(ask, drawn)
    note = ask.pair(ask.say("gap_word"), _signed(ask, found.change))
    svg = figures.waterfall(
        drawn, alt_of(f"{title}. {note}", drawn), 340 if ask.state.narrow else 600, ask.state.narrow
    )
    table = [[str(row["label"]), str(row["effect_label"] or ""), ask.text(row["reference"], "money", exact=True),
              ask.text(row["actual"], "money", exact=True), ask.text(row["amount"], "money", exact=True)]
             for row in listed(ask, frame, ("reference", "actual", "amount"))]  # fmt: skip
    heads = [dim, ask.say("effect"), first_words, ask.period_words(short=True), ask.say("gap_word")]
    return Chart(title, note, svg, heads, table, filters=by, sql=found.sql)


def moves(ask: Asker, name: str, weighted: str = "", within: str = "") -> Chart:
    """What became of the rows of a stock since the day before the period: new, won, lost, up, down; it adds up to the cent.

    ``weighted`` is another figure whose moves stand beside each row; ``within`` (``quarter``) keeps what is due by the end of
    the one that the period ends in, so that rows are pushed out of it and pulled in.
    """
    title = ask.say("amount_of", title=ask.title(name))
    if ask.period.grain == "all":
        return Chart(title, "", "", why=ask.say("moves_of_all"))
    end = min(ask.period.last_day, ask.as_of)
    horizon = unit(end, within, int(ask.crm.settings.get("fiscal_year_start", 1))) if within else None
    asked = {"since": ask.period.start - DAY, "as_of": end, "within": horizon}
    found = ask.remembered("moves", name, **asked)
    if horizon:
        title = ask.say("moves_within", title=title, period=ask.period_words(horizon))
    title = ask.say("moves_title", title=title, day=day_text(found.since or asked["since"], ask.lang))
    if found.change is None:
        return Chart(title, "", "", why=_sentence(found.reason))
    rows = [_reached(ask, day_text(found.since, ask.lang), found.reference)]
    for each in found.classes.to_dict("records"):
        label = f"{_sentence(each['move_label'])} ({ask.text(each['n'], 'count')})"
        rows.append(_row(ask, label, float(each["amount"])))
    drawn = pd.DataFrame([*rows, _reached(ask, day_text(end, ask.lang), found.actual)])
    drawn["shown"] = _of_one_size(ask, drawn)
    other = ask.remembered("moves", weighted, of="value", **asked) if weighted else None
    notes = [ask.pair(ask.say("gap_word"), _signed(ask, found.change))]
    notes += [ask.pair(ask.title(weighted), _signed(ask, other.change))] if other and other.change is not None else []
    notes += [*_slipped(ask, found), _sentence(found.seen_by)]
    svg = figures.waterfall(drawn, alt_of(title, drawn), 340 if ask.state.narrow else 600, ask.state.narrow)
    heads, table = _moved(ask, found, other)
    return Chart(title, " · ".join(notes), svg, heads, table, more=_sentence(found.reason))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _slipped(ask: Asker, found: Any) -> list[str]:
    """How many rows that stay are due later than they were, and what they are worth."""
    late = found.frame[(found.frame["shift"] > 0) & found.frame["move"].isin(["same", "up", "down"])]
    if late.empty:
        return []
    return [ask.say("slipped", n=ask.text(len(late), "count"), amount=ask.text(late["after"].sum(), "money"))]


def _moved(ask: Asker, found: Any, other: Any) -> tuple[list[str], list[list[str]]]:
    """The list behind the moves: each row that moved, before and after, and the weighted difference beside it."""
    frame = found.frame.rename(columns={"name": "label"})
    amounts = ["before", "after", "amount"]
    if other is not None:
        frame = frame.assign(weighted=frame["id"].map(other.frame.set_index("id")["amount"]))
        amounts.append("weighted")
    frame = frame[(frame["move"] != "same") | (frame[amounts[3:]].fillna(0) != 0).any(axis=1)]
    frame["label"] = frame["label"].fillna(frame["id"])
    table = [[str(row["label"]), *(str(row[each] or "") for each in ("customer", "rep", "move_label")),
              *(ask.text(row[each], "money", exact=True) for each in amounts)]
             for row in listed(ask, frame, amounts)]  # fmt: skip
    heads = [ask.say(each) for each in ("deal", "customer", "rep", "move", "before", "after", "gap_word")]
    return heads + ([ask.title(other.figure.name)] if other is not None else []), table


def _effects(classes: pd.DataFrame) -> pd.DataFrame:
    """What makes the gap by kind of effect, as steps: they have no amounts of their own before and after."""
    steps = classes.rename(columns={"effect_label": "label"})
    return steps.assign(effect_label="", id=None, reference=float("nan"), actual=float("nan"))


def _signed(ask: Asker, amount: float) -> str:
    return ("+" if amount > 0 else "") + ask.text(amount, "money")


def _of_one_size(ask: Asker, drawn: pd.DataFrame) -> list[str]:
    """The amounts on the steps in one unit, so that they compare at a glance; both ends stay as they are read."""
    steps = ~drawn["whole"].astype(bool)
    values, sign = short(ask, drawn["amount"].where(steps).abs().astype(float), "money", digits=1)
    symbol = money_axis(0, ask.lang, ask.crm.currency)[1]
    before, after = ("", f"\u00a0{sign}")
    if ask.lang != "fr":  # as amounts are read: -€28.0K, -CHF 28.0K
        before, after = symbol + ("\u00a0" if len(symbol) > 1 else ""), sign.removeprefix(symbol)
    signs = drawn["amount"].map(lambda amount: "+" if amount > 0 else "\u2212" if amount < 0 else "")
    said = [f"{way}{before}{value}{after}" for way, value in zip(signs, values, strict=True)]
    return list(drawn["shown"].where(~steps, said))


def _reached(ask: Asker, words: str, amount: Any) -> dict[str, Any]:
    shown = ask.text(amount, "money")
    return {"label": words, "amount": float(amount), "shown": shown, "tone": "ink", "tip": f"{words}\u00a0: {shown}",
            "key": "", "whole": True}  # fmt: skip


def _step(ask: Asker, row: dict[Any, Any]) -> dict[str, Any]:
    key = "" if is_missing(row["id"]) else str(row["id"])
    return _row(ask, str(row["label"]), float(row["amount"]), str(row["effect_label"] or ""), key)


def _row(ask: Asker, label: str, amount: float, effect: str = "", key: str = "") -> dict[str, Any]:
    said = _signed(ask, amount)
    words = f"{label}\u00a0: {said}" + (f" ({effect})" if effect else "")
    return {"label": label, "amount": amount, "shown": said, "tone": "main" if amount >= 0 else "behind", "tip": words,
            "key": key, "whole": False}  # fmt: skip


def bullets(ask: Asker, name: str) -> Chart:
    """Plans as bullets: what is done, a tick for what was planned by the day, paler behind it the result.

    The plans that are furthest behind what was planned, weighed by their target, come first.
    """
    figure, facts = ask.figure(name), ask.facts(name)
    title = ask.say("bullets_title", title=figure.title(ask.lang))
    if facts.empty:
        return Chart(title, "", "")
    frame = facts.assign(value=facts["progress"].astype(float), tick=facts["planned"].astype(float))
    frame["outer"] = (
        facts["actual_amount"].astype(float) / facts["amount"].astype(float).where(facts["amount"] > 0)
    ).clip(0, 1.2)
    late = (frame["tick"] - frame["value"]).clip(lower=0).fillna(0.0) * frame["amount"].astype(float).fillna(0.0)
    frame = frame.loc[late.sort_values(ascending=False, kind="stable").index]
    whose = frame["rep"].where(frame["rep"].notna(), frame["team"]).fillna("")
    frame = frame.assign(
        label=[_plan(row, who) for row, who in zip(frame.to_dict("records"), whose, strict=True)], key=""
    )
    frame["shown"] = [ask.text(value, "share") for value in frame["value"]]
    frame["tone"] = ["behind" if v < 0.9 * p else "main" for v, p in zip(frame["value"], frame["tick"], strict=True)]
    words = (ask.say("done"), ask.say("planned_by_now"), ask.say("result_word"))
    parts = ("value", "tick", "outer")
    frame["tip"] = [f"{row['label']}\u00a0: " + ", ".join(f"{said} {ask.text(row[part], 'share')}" for said, part in
                    zip(words, parts, strict=True)) for row in frame.to_dict("records")]  # fmt: skip
    drawn = frame.head(MOST).reset_index(drop=True)
    svg = figures.ranked(drawn, alt_of(title, drawn), ranked_width(ask, wide=True), narrow=ask.state.narrow, cap=1.0)
    note = key_of([("main", words[0]), ("tick", words[1]), ("soft", words[2])])
    heads = [ask.say("plan"), *words]
    table = [[row["label"], *(ask.text(row[part], "share") for part in parts)] for row in listed(ask, frame, ())]
    return Chart(
        title, note, svg, heads, table, more=ask.say("latest_of", shown=MOST, n=len(frame)) if len(frame) > MOST else ""
    )


def _plan(row: dict[Any, Any], who: str) -> str:
    return f"{who} · {row['name']}" if who else str(row["name"])


def weeks(ask: Asker, name: str, whole: str) -> Chart:
    """A count by week in front of the count that it is a part of: reports of visits."""
    count = 6 if ask.state.narrow else 12
    part, all_of = (ask.trend(each, count, "week").reset_index(drop=True) for each in (name, whole))
    title = ask.say("by_week", title=ask.say("and").join([ask.title(whole), ask.title(name).lower()]))
    frame = pd.DataFrame({"value": part["value"].astype(float), "outer": all_of["value"].astype(float)})
    if not is_drawn(frame["outer"]):
        return Chart(title, "", "")
    days = [date_of(each) for each in part["start"]]
    frame["words"] = [ask.say("week_of", day=day_text(day, ask.lang)) for day in days]
    frame["label"] = [f"{day:%d/%m}" if ask.lang == "fr" else f"{day:%d %b}" for day in days]
    if date_of(part["end"].iloc[-1]) > ask.as_of:
        frame.loc[len(frame) - 1, "label"] = f"{frame['label'].iloc[-1]}\n{ask.say('running')}"
    frame["shown"] = [ask.text(value, "count") for value in frame["value"]]
    frame["tip"] = [f"{row['words']}\u00a0: {ask.title(name)} {ask.text(row['value'], 'count')}, "
                    f"{ask.title(whole)} {ask.text(row['outer'], 'count')}" for row in frame.to_dict("records")]  # fmt: skip
    frame = frame.assign(tone="main", key="")
    svg = figures.columns(frame, alt_of(title, frame), size_of(ask))
    table = [
        [row["words"], ask.text(row["outer"], "count"), ask.text(row["value"], "count")]
        for row in frame.to_dict("records")
    ]
    note = key_of([("main", ask.title(name)), ("soft", ask.title(whole))])
    return Chart(title, note, svg, [ask.say("week"), ask.title(whole), ask.title(name)], table)


def beside(ask: Asker, *names: str) -> Chart:
    """Several rates beside each other, the parts that an index is made of; a bar opens its list."""
    results = {name: ask.kpi(name, compare=[]) for name in names}
    unit, titles = ask.figure(names[0]).unit, [ask.title(name) for name in names]
    shared, parts = shared_of(titles)
    frame = pd.DataFrame({"label": parts, "key": names, "tone": "main"})
    frame["value"] = [float("nan") if is_missing(each.value) else float(each.value) for each in results.values()]
    frame["shown"] = [ask.text(each.value, unit) for each in results.values()]
    frame["tip"] = [ask.pair(label, shown) for label, shown in zip(frame["label"], frame["shown"], strict=True)]
    if frame["value"].isna().all():
        return Chart(shared, "", "")
    svg = figures.ranked(frame, alt_of(shared, frame), ranked_width(ask), narrow=ask.state.narrow, cap=1.0)
    table = frame[["label", "shown"]].to_numpy().tolist()
    return Chart(shared, "", svg, [ask.say("figure"), ask.say("value")], table, filters="open")
