"""*Today*: what to do first, over every page; each line leads to the list it comes from. Below it: dashboard.asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.markup import Html, esc, join, table, tag
from crmkpi.dashboard.todo import first_up, who
from crmkpi.format import day_text, is_missing


def today(ask: Asker, pages: Mapping[str, str]) -> Html:
    """The ranked list: severity, customer, reason, money, due date, action.

    ``pages`` names the page of each family, by the first digit of a figure's number: there is its list.
    """
    frame = ask.today()
    if frame.empty:
        return tag("div", tag("h2", ask.say("today")), tag("p", ask.say("nothing_today")), class_="ck-card")
    heads = [tag("th", ask.say(key), scope="col", class_="ck-num" if key == "amount" else None)
             for key in ("severity", "who", "reason", "amount", "due", "action", "figure")]  # fmt: skip
    rows = [_line(ask, each, pages) for each in frame.to_dict("records")]
    note = tag("p", ask.say("today_sub", n=len(rows)), class_="ck-note")
    return tag("div", tag("h2", ask.say("today")), note, table(heads, rows, ask.say("today"), class_="ck-lines"),
               class_="ck-card ck-todo")  # fmt: skip


def _line(ask: Asker, line: dict[Any, Any], pages: Mapping[str, str]) -> Html:
    severity, amount = str(line["severity"]), line["amount"]
    badge = tag("span", ask.say(severity), class_=f"ck-badge ck-{severity.lower()}")
    also = tag("span", first_up(line["also"]), class_="ck-note") if line["also"] else None
    cells = [
        tag("td", badge), tag("th", who(ask, line), scope="row"), tag("td", first_up(line["reason"]), also),
        tag("td", "" if is_missing(amount) else ask.text(amount, "money"), class_="ck-num"),
        tag("td", day_text(line["due"], ask.lang), class_="ck-date"), tag("td", first_up(line["action"])),
        tag("td", _to_list(ask, str(line["figure"]), pages)),
    ]  # fmt: skip
    return tag("tr", join(cells))


def _to_list(ask: Asker, name: str, pages: Mapping[str, str]) -> Html:
    """A link to the page of the figure with its list open; its name where no page has it."""
    page = pages.get(ask.figure(name).no.partition(".")[0])
    if page is None:
        return esc(ask.title(name))
    return tag("a", ask.title(name), href=f"{page}?{ask.state.query()}&list={name}", class_="ck-link")
