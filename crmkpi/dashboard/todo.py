"""What to do next: alerts in words, the most urgent first. Below it: dashboard.asking."""

from __future__ import annotations

from collections.abc import Callable
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
        body = join([tag("p", summary, class_="ck-note"), _lines(ask, frame.head(MOST).to_dict("records"), len(frame))])
    return tag("div", tag("h2", ask.say("todo")), body, class_="ck-card ck-todo")


def _lines(ask: Asker, alerts: list[dict[Any, Any]], count: int) -> Html:
    """The first ones in sight, the next ones one press away; the others are in the lists."""
    first, more = alerts[:FIRST], alerts[FIRST:]
    shown = lines(ask, first, ask.say("todo"), _opener)
    if not more:
        return shown
    rest = lines(ask, more, ask.say("todo"), _opener)
    words = ask.say("next_todo", n=len(more), of=ask.text(count, "count"))
    return join([shown, tag("details", tag("summary", words), rest, data_key="todo-more")])


def _opener(ask: Asker, name: str) -> Html:
    return tag("button", ask.title(name), type="button", data_do="open", data_name=name, class_="ck-link")


def lines(ask: Asker, alerts: list[dict[Any, Any]], caption: str, to_list: Callable[[Asker, str], Html]) -> Html:
    """Alerts as a table; ``to_list`` makes what leads from a figure's name to its list."""
    heads = [tag("th", ask.say(key), scope="col", class_="ck-num" if key == "amount" else None)
             for key in ("severity", "who", "reason", "amount", "due", "action", "figure")]  # fmt: skip
    return table(heads, [_line(ask, each, to_list) for each in alerts], caption, class_="ck-lines")


def _line(ask: Asker, alert: dict[Any, Any], to_list: Callable[[Asker, str], Html]) -> Html:
    severity = str(alert["severity"])
    badge = tag("span", ask.say(severity), class_=f"ck-badge ck-{severity.lower()}")
    amount = "" if is_missing(alert["amount"]) else ask.text(alert["amount"], "money")
    also = tag("span", _first_up(ask, alert["also"]), class_="ck-note") if alert.get("also") else None
    cells = [
        tag("td", badge), tag("th", _who(ask, alert), scope="row"), tag("td", _first_up(ask, alert["reason"]), also),
        tag("td", amount, class_="ck-num", data_label=ask.say("amount")),
        tag("td", day_text(alert["due"], ask.lang), class_="ck-date", data_label=ask.say("due")),
        tag("td", _first_up(ask, alert["action"])), tag("td", to_list(ask, str(alert["figure"]))),
    ]  # fmt: skip
    return tag("tr", join(cells))


def _who(ask: Asker, alert: dict[Any, Any]) -> Html:
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


def _first_up(ask: Asker, words: Any) -> Html:
    """Words as a sentence begins."""
    text = "" if is_missing(words) else ask.typeset(str(words))
    return esc(text[:1].upper() + text[1:])
