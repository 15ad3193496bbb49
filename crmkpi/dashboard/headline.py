"""The answer in words: sentences made from figures, for any figure with a target. Below it: dashboard.asking.

Every sentence is said only when its figures exist: without a target, nothing is said of attainment; when
nobody explains most of a gap, nobody is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmkpi.calendar import DAY, WorkingDays
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.markup import Html, join, tag
from crmkpi.dashboard.tiles import why
from crmkpi.format import is_missing, past_short


def headline(ask: Asker, name: str, landing: str = "", watch: Sequence[str] = ()) -> Html:
    """The sentences about a figure, its landing, who makes the gap; and who drifts on the rates to ``watch``."""
    result = ask.kpi(name)
    answer = [_state(ask, result)]
    if ask.made_of(landing, name) and ask.running:
        answer.append(_landing(ask, ask.kpi(landing)))
    points = [_drift(ask, rate) for rate in watch]
    if not is_missing(result.row.get("attainment")):
        points.insert(0, _gap(ask, name, float(result.value) - float(result.row["target_to_date"])))
    lines = [tag("li", point + ".") for point in points if point]
    first = tag("p", ". ".join(sentence for sentence in answer if sentence) + ".", class_="ck-headline", role="status")
    return join([first, tag("ul", *lines, class_="ck-points") if lines else None])


def _subject(ask: Asker) -> str:
    words = ask.period_words()
    if ask.running and ask.as_of >= ask.period.start:
        days = WorkingDays(str(ask.crm.settings.get("country", "FR")))
        done, total = days.count(ask.period.start, ask.as_of + DAY), days.count(ask.period.start, ask.period.end)
        words = ask.say("so_far", period=words, done=done, total=total)
    return words[:1].upper() + words[1:]


def _lower(title: str) -> str:
    """A title inside a sentence: small first letter, unless it is an abbreviation."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _state(ask: Asker, result: Any) -> str:
    title = _lower(result.figure.title(ask.lang))
    subject = _subject(ask)
    if is_missing(result.value):
        return ask.say("unknown_value", subject=subject, title=title, reason=why(result))
    value = ask.text(result.value, result.figure.unit)
    share = result.row.get("attainment")
    if is_missing(share):
        return ask.say("is", subject=subject, title=title, value=value)
    to_date = ask.say("to_date") if ask.running else ""
    return ask.say("is_with_target", subject=subject, title=title, value=value, share=ask.text(share, "share"),
                   to_date=to_date)  # fmt: skip


def _landing(ask: Asker, landing: Any) -> str:
    if is_missing(landing.value):
        return ""
    said = ask.say("lands" if ask.period.grain == "month" else "lands_period",
                   value=ask.text(landing.value, landing.figure.unit))  # fmt: skip
    share = landing.row.get("attainment")
    said += "" if is_missing(share) else ask.say("lands_share", share=ask.text(share, "share"))
    past = ask.past(landing.figure.name)
    return f"{said} ({past_short(past, ask.lang)})" if past and past.origins else said


def _gap(ask: Asker, name: str, gap: float) -> str:
    """Who makes most of the gap: up to two groups that make more than half of what is on its side."""
    place = ask.state.next_place
    if ask.state.rep:
        return ""
    known = ask.kpi(name, by=[place]).frame.dropna(subset=["value", "target_to_date"])
    gaps = (known["value"] - known["target_to_date"]).astype(float)
    if len(known) < 2 or abs(gaps.sum() - gap) > 0.2 * abs(gap):
        return _behind(ask, known, place)  # targets of groups and of the whole are set apart: nothing adds up
    same_side = gaps[(gaps > 0) == (gap > 0)]
    largest = same_side.reindex(same_side.abs().sort_values(ascending=False).index)[:2]
    if abs(largest.iloc[0]) >= 0.6 * same_side.abs().sum():
        largest = largest[:1]
    if largest.abs().sum() < 0.5 * same_side.abs().sum():
        return _behind(ask, known, place)
    unit = ask.figure(name).unit
    who = [f"{known.at[index, place]} ({_signed(ask, amount, unit)})" for index, amount in largest.items()]
    return ask.say("gap_behind" if gap < 0 else "gap_ahead", gap=ask.text(abs(gap), unit), who=ask.say("and").join(who))


def _behind(ask: Asker, known: Any, place: str) -> str:
    """The two groups that are furthest behind a target of their own, under 90 % of it."""
    late = known[known["attainment"] < 0.9].sort_values("attainment")[:2]
    who = [f"{row[place]} ({ask.text(row['attainment'], 'share')})" for row in late.to_dict("records")]
    return ask.say("behind", who=ask.say("and").join(who)) if who else ""


def _drift(ask: Asker, name: str) -> str:
    """The group that is clearly worse on a rate than all together, and than itself a year before."""
    place = ask.state.next_place
    if ask.state.rep or ask.period.grain == "all":
        return ""
    result = ask.kpi(name, by=[place], compare=["last_year"])
    frame, whole, sign = result.frame, result.value, 1 if result.figure.better == "down" else -1
    if is_missing(whole) or not whole:
        return ""
    many = frame["n"].astype(float) >= int(ask.crm.settings.get("small_n", 5))
    value, before = frame["value"].astype(float), frame["last_year"].astype(float)
    bad = many & (sign * (value - whole) > 0.2 * abs(whole)) & (sign * (value - before) > 0.35 * before.abs())
    if not bad.any():
        return ""
    row = frame.loc[(sign * value[bad]).idxmax()]
    unit = result.figure.unit
    return ask.say("watch", title=_lower(result.figure.title(ask.lang)), who=row[place], value=ask.text(row["value"], unit),
                   before=ask.text(row["last_year"], unit), whole=ask.text(whole, unit))  # fmt: skip


def _signed(ask: Asker, amount: float, unit: str) -> str:
    return ("+" if amount > 0 else "") + ask.text(amount, unit)
