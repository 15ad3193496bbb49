"""The answer in words: sentences made from figures, for any figure with a target. Below it: dashboard.asking.

Every sentence is said only when its figures exist: without a target, nothing is said of attainment; when
nobody explains most of a gap, nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from crmkpi.calendar import DAY, WorkingDays
from crmkpi.dashboard import outliers
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.charts.base import whole_months
from crmkpi.dashboard.markup import Html, join, tag
from crmkpi.dashboard.tiles import why
from crmkpi.format import day_text, is_missing, past_short

_SENTENCES = re.compile(r'<(?:p class="ck-headline"[^>]*|li)>(.*?)</(?:p|li)>', re.DOTALL)


def sentences(markup: str) -> list[str]:
    """The sentences of an answer as plain text: what a message says.

    >>> sentences('<p class="ck-headline" role="status">R &amp; D.</p><ul><li>Watch.</li></ul><p class="ck-dataline">x</p>')
    ['R & D.', 'Watch.']
    """
    return [unescape(each) for each in _SENTENCES.findall(markup)]


def headline(
    ask: Asker, name: str, landing: str = "", watch: Sequence[str] = (), also: Sequence[str] = (), standing: Sequence[str] = (),
    largest: Sequence[str] = (),
) -> Html:  # fmt: skip
    """The sentences about a figure, its landing, who makes the gap; who drifts on the rates to ``watch``.

    ``also`` are figures said in the same breath (a page without a target); of ``standing`` it is said who stands apart, of
    ``largest`` which customer is worth far more than the others.
    """
    result = ask.kpi(name)
    answer = [_several(ask, [name, *also]) if also else _state(ask, result)]
    if ask.made_of(landing, name) and ask.running:
        answer.append(_landing(ask, ask.kpi(landing)))
    points = [*(_drift(ask, rate) for rate in watch), *(apart(ask, each) for each in standing),
              *(largest_of(ask, each) for each in largest)]  # fmt: skip
    if not is_missing(result.row.get("attainment")):
        points.insert(0, _gap(ask, name, float(result.value) - float(result.row["target_to_date"])))
    lines = [tag("li", point + ".") for point in points if point]
    first = tag("p", ". ".join(sentence for sentence in answer if sentence) + ".", class_="ck-headline", role="status")
    return join([first, tag("ul", *lines, class_="ck-points") if lines else None])


def _several(ask: Asker, names: Sequence[str]) -> str:
    """Some figures in one sentence: those that are known, at their day or in their period."""
    results = [ask.kpi(name) for name in names]
    known = [each for each in results if not is_missing(each.value)]
    if not known:
        return _state(ask, results[0])
    stocks = all(each.figure.kind == "stock" for each in known)
    day = min(ask.as_of, ask.period.last_day) if ask.period.grain != "all" else ask.as_of
    subject = ask.say("at_day", day=day_text(day, ask.lang)) if stocks else _subject(ask)
    return ask.pair(subject, ", ".join(_phrase(ask, each.figure, each.row) for each in known))


def _phrase(ask: Asker, figure: Any, row: dict[str, Any]) -> str:
    """A value with its title: a count reads before its noun ("12 overdue visits worth 40 k€"), any other value after it.

    Titles are plurals: of one thing the number stands behind it.
    """
    title, value = _lower(figure.title(ask.lang)), ask.text(row["value"], figure.unit)
    if figure.unit != "count":
        return f"{title} {value}"
    worth = 0.0 if is_missing(row.get("amount")) else float(row["amount"])
    said = f"{title} ({value})" if row["value"] == 1 else f"{value} {title}"
    return ask.say("worth", what=said, amount=ask.text(worth, "money")) if worth else said


def apart(ask: Asker, name: str) -> str:
    """The one rep or group that stands clearly apart on the bad side: most of what is late, a rate far below the others'.

    Nothing is said where nobody does, or where the figure has no bad side. A figure that warns of groups of its own (product
    families) says which one it warns of.
    """
    result = ask.kpi(name)
    if ask.state.rep or is_missing(result.value) or result.figure.better == "none":
        return ""
    own = [each for alert in result.figure.alerts for each in alert.dimensions if each in result.figure.dimensions]
    if own and (months := _months_of(ask, result.figure)):
        return _warned_of(ask, name, own[0], months)
    places = ("rep", ask.state.next_place) if result.figure.unit == "count" else (ask.state.next_place,)
    for place in dict.fromkeys(places):
        frame = ask.kpi(name, by=[place]).frame
        frame = frame[frame["value"].notna() & frame[f"{place}_id"].notna() & outliers.enough(frame, ask.crm.settings)]
        worst = (_worst_rate if frame["den"].notna().any() else _most)(frame, result.figure) if len(frame) > 2 else None
        if worst is not None:
            row, others = frame.loc[worst].to_dict(), frame.drop(worst)["value"].astype(float).median()
            unit, title = result.figure.unit, _lower(result.figure.title(ask.lang))
            value, beside = ask.text(row["value"], unit), ask.text(others, unit)
            return ask.say("apart", title=title, who=row[place], value=value, others=beside)
    return ""


def _warned_of(ask: Asker, name: str, by: str, months: int) -> str:
    """The group that a figure of some whole months over those of a year before warns of first: by how much, and the others."""
    warned = ask.alerts([name])
    if warned.empty:
        return ""
    result = ask.kpi(name, by=[by], compare=[])
    rows = result.frame.set_index(f"{by}_id")
    row = rows.loc[warned["who_id"].iloc[0]]
    others = rows["value"].drop(row.name).astype(float).median()
    return ask.say(
        "falling", who=row[by], title=_lower(result.figure.title(ask.lang)), change=_signed(ask, row["value"] - 1, "share"),
        others=_signed(ask, others - 1, "share"), now=ask.text(row["num"], "count"), before=ask.text(row["den"], "count"),
        amount=_signed(ask, row["amount"], "money"), period=ask.period_words(whole_months(ask, months)),
    )  # fmt: skip


def _months_of(ask: Asker, figure: Any) -> int:
    """How many whole months a figure looks back, by its setting that says so; 0 if it has none."""
    named = next((each.name for each in figure.settings if each.name.endswith("_months")), "")
    return int(ask.crm.settings[named]) if named else 0


def largest_of(ask: Asker, name: str) -> str:
    """The customer that is worth at least twice as much as any other of a list; nothing where there is none."""
    result = ask.kpi(name)
    if is_missing(result.value) or result.value < 2:
        return ""
    worth = ask.kpi(name, by=["customer"], compare=[]).frame.dropna(subset=["customer_id", "amount"])
    two = worth.assign(amount=worth["amount"].astype(float)).nlargest(2, "amount")
    if len(two) < 2 or two["amount"].iloc[0] < 2 * two["amount"].iloc[1]:
        return ""
    amount = ask.text(two["amount"].iloc[0], "money")
    return ask.say("largest", title=_lower(result.figure.title(ask.lang)), who=two["customer"].iloc[0], amount=amount)


def _worst_rate(frame: Any, figure: Any) -> Any:
    """The group that is worst of all, if its rate stands apart from the others'."""
    worst = (frame["value"].astype(float) * (1 if figure.better == "up" else -1)).idxmin()
    return worst if outliers.apart(frame, figure)[worst] else None


def _most(frame: Any, figure: Any) -> Any:
    """The group that has more than a quarter of what should be few, and twice as much as any other."""
    if figure.better != "down":
        return None
    values = frame["value"].astype(float)
    most = values.idxmax()
    return most if values[most] > 0.25 * values.sum() and values[most] >= 2 * values.drop(most).max() else None


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
        return ask.say("unknown_value", subject=subject, title=title, reason=ask.typeset(why(result)))
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
    bad = outliers.enough(frame, ask.crm.settings) & outliers.drifting(frame, float(whole), result.figure)
    if not bad.any():
        return ""
    row = frame.loc[(sign * frame["value"].astype(float)[bad]).idxmax()]
    unit = result.figure.unit
    return ask.say("watch", title=_lower(result.figure.title(ask.lang)), who=row[place], value=ask.text(row["value"], unit),
                   before=ask.text(row["last_year"], unit), whole=ask.text(whole, unit))  # fmt: skip


def _signed(ask: Asker, amount: float, unit: str) -> str:
    return ("+" if amount > 0 else "") + ask.text(amount, unit)
