"""What to do next: alerts in words, the most urgent first. Below it: dashboard.asking."""

from __future__ import annotations

from typing import Any

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.markup import Html, esc, join, table, tag
from crmkpi.format import day_text, is_missing

MOST = 20
FIRST = 5


def todo(ask: Asker, names: list[str]) -> Html:
    """The alerts of some figures: severity, who, why, how much, until when, what to do."""
    frame = ask.alerts(names)
    if frame.empty:
        body = tag("p", ask.say("nothing_todo"))
    else:
        counts = frame["severity"].value_counts()
        summary = " · ".join(ask.pair(ask.say(level), counts[level]) for level in ("P1", "P2", "P3") if level in counts)
        body = join([tag("p", summary, class_="ck-note"), _lines(ask, frame.head(MOST).to_dict("records"))])
    return tag("div", tag("h2", ask.say("todo")), body, class_="ck-card ck-todo")


def _lines(ask: Asker, alerts: list[dict[Any, Any]]) -> Html:
    heads = [tag("th", ask.say(key), scope="col", class_="ck-num" if key == "amount" else None)
             for key in ("severity", "who", "reason", "amount", "due", "action", "figure")]  # fmt: skip
    first, more = alerts[:FIRST], alerts[FIRST:]
    shown = table(heads, [_line(ask, each) for each in first], ask.say("todo"), class_="ck-lines")
    if not more:
        return shown
    rest = table(heads, [_line(ask, each) for each in more], ask.say("todo"), class_="ck-lines")
    words = ask.say("others", n=len(more))
    return join([shown, tag("details", tag("summary", words), rest, data_key="todo-more")])


def _line(ask: Asker, alert: dict[str, Any]) -> Html:
    severity = str(alert["severity"])
    badge = tag("span", ask.say(severity), class_=f"ck-badge ck-{severity.lower()}")
    amount = "" if is_missing(alert["amount"]) else ask.text(alert["amount"], "money")
    opener = tag("button", ask.title(alert["figure"]), type="button", data_do="open", data_name=alert["figure"],
                 class_="ck-link")  # fmt: skip
    cells = [
        tag("td", badge), tag("th", who(ask, alert), scope="row"), tag("td", first_up(alert["reason"])),
        tag("td", amount, class_="ck-num"), tag("td", day_text(alert["due"], ask.lang), class_="ck-date"),
        tag("td", first_up(alert["action"])), tag("td", opener),
    ]  # fmt: skip
    return tag("tr", join(cells))


def who(ask: Asker, alert: dict[Any, Any]) -> Html:
    """The customer (or what the line is about) with its rep and document; or the group, with what kind of group it is."""
    known = [str(alert[key]) for key in ("who", "label", "rep") if not is_missing(alert[key]) and alert[key]]
    name = known[0] if known else ""
    if not is_missing(alert["dimension"]) and alert["dimension"]:
        return join(
            [tag("span", name, class_="ck-who"), tag("span", ask.named(str(alert["dimension"])), class_="ck-note")]
        )
    details = [str(alert[key]) for key in ("rep", "label") if str(alert[key]) in known]
    told = " · ".join(each for each in details if each not in (name, str(alert.get("customer_id"))))
    return join([tag("span", name, class_="ck-who"), tag("span", told, class_="ck-note")])


def first_up(words: Any) -> Html:
    """Words as a sentence begins."""
    text = "" if is_missing(words) else str(words)
    return esc(text[:1].upper() + text[1:])
