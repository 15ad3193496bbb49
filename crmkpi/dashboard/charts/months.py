"""Charts over months: a figure against its target, with the rate that guards it, with what stands beside it."""

from __future__ import annotations

from crmkpi import figures
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.charts.base import Chart, alt_of, course_of, date_of, is_drawn, month_tip, short, size_of, tone_of
from crmkpi.format import day_text, is_missing, month_label, period_text


def months(ask: Asker, name: str, landing: str = "") -> Chart:
    """A figure by month against its target; the running month with its landing."""
    figure, frame = ask.figure(name), course_of(ask, name)
    has_target = "target" in frame and frame["target"].notna().any()
    shown, sign = short(ask, frame["value"].astype(float), figure.unit)
    frame = frame.assign(shown=shown, tone=[tone_of(each) for each in frame.get("attainment", [None] * len(frame))])
    frame["tip"] = [month_tip(ask, row, figure.unit) for row in frame.to_dict("records")]
    target_end = ask.text(frame["target"].iloc[-1], figure.unit) if has_target and len(frame) else ""
    words = f"{ask.say('target')}\n{target_end}" if target_end and not is_missing(frame["target"].iloc[-1]) else ""
    ends = ""
    if ask.made_of(landing, name) and len(frame) and ask.as_of < date_of(frame["end"].iloc[-1]):
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
    svg = figures.columns(frame, alt_of(title, frame), size_of(ask), (words, ends)) if is_drawn(frame["value"]) else ""
    return Chart(title, note, svg, heads, table, filters="period")


def guarded(ask: Asker, name: str, guard: str) -> Chart:
    """A quantity by month, and under it the rate that must not be spent to get it."""
    figure, rate = ask.figure(name), ask.figure(guard)
    frame, below = course_of(ask, name), course_of(ask, guard)
    shown, sign = short(ask, frame["value"].astype(float), figure.unit)
    frame = frame.assign(shown=shown, tone=[tone_of(each) for each in frame.get("attainment", [None] * len(frame))])
    frame["tip"] = [month_tip(ask, row, figure.unit) for row in frame.to_dict("records")]
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
    alt = alt_of(title, frame)
    if below["value"].isna().all():  # nothing to guard with: the quantity alone
        title, svg = ask.say("by_month", title=names[0]), figures.columns(frame, alt, size_of(ask))
    else:
        svg = figures.guard(frame, below, names, alt, size_of(ask))
    svg = svg if is_drawn(frame["value"]) else ""
    return Chart(title, "", svg, [ask.say("month"), *names], table, filters="period")


def spread(ask: Asker, name: str, beside: tuple[str, ...] = ("median",)) -> Chart:
    """A mean by month with what stands beside it, since one large value hides a fall."""
    figure, frame = ask.figure(name), course_of(ask, name)
    words = {each.name: each.fr if ask.lang == "fr" else each.en for each in figure.beside}
    series = {"value": figure.title(ask.lang)} | {each: words.get(each, each) for each in beside if each in frame}
    for each, called in series.items():
        frame[f"{each}_shown"] = [ask.text(value, figure.unit) for value in frame[each]]
        frame[f"{each}_tip"] = [f"{month}\u00a0: {called} {shown}" for month, shown in
                                zip(frame["words"], frame[f"{each}_shown"], strict=True)]  # fmt: skip
    title = ask.say("by_month", title=ask.say("and").join(series.values()))
    table = [[row["words"], *(row[f"{each}_shown"] for each in series)] for row in frame.to_dict("records")]
    alt = alt_of(title, frame.assign(tip=frame["value_tip"]))
    svg = figures.lines(frame, series, alt, size_of(ask)) if is_drawn(frame["value"]) else ""
    return Chart(title, "", svg, [ask.say("month"), *series.values()], table)


def course(ask: Asker, name: str) -> Chart:
    """A figure month by month as it was known then, from the history; a thin line where its definition changed."""
    figure = ask.figure(name)
    frame = ask.remembered("course", name, periods=7 if ask.state.narrow else 13)
    title = ask.say("recalled", title=figure.title(ask.lang))
    begins = ask.remembered("begins", name)
    first_words = begins[:1].upper() + begins[1:]
    if frame["value"].isna().all():
        return Chart(title, "", "", why=first_words)
    days = [date_of(each) for each in frame["start"]]
    frame = frame.assign(
        label=[month_label(day, ask.lang, place == 0) for place, day in enumerate(days)],
        words=[period_text(f"{day:%Y-%m}", ask.lang) for day in days],
        value_shown=[ask.text(value, figure.unit) for value in frame["value"]],
        mark=[ask.say("definition_word") if each else "" for each in frame["changed"]],
    )
    rows = frame.to_dict("records")
    said = [
        ask.say("known_at", day=day_text(row["as_of"], ask.lang)) if not is_missing(row["value"]) else ""
        for row in rows
    ]
    said = [
        f"{words} ({ask.say('later_word')})" if row["first_hand"] is False else words
        for words, row in zip(said, rows, strict=True)
    ]
    frame["value_tip"] = [
        f"{row['words']}\u00a0: {row['value_shown']}, {words}" for row, words in zip(rows, said, strict=True)
    ]
    later = int(sum(row["first_hand"] is False for row in rows))
    note = ask.say("computed_later", n=later) if later else first_words
    svg = figures.lines(frame, {"value": ""}, alt_of(title, frame.assign(tip=frame["value_tip"])), size_of(ask))
    table = [[row["words"], row["value_shown"], words, row["changed"]] for row, words in zip(rows, said, strict=True)]
    heads = [ask.say("month"), figure.title(ask.lang), ask.say("known_head"), ask.say("definition")]
    return Chart(title, note, svg, heads, table)
