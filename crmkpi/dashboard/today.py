"""*Today*: what to do first, over every page; each line leads to the list it comes from. Below it: dashboard.asking."""

from __future__ import annotations

from collections.abc import Mapping

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.markup import Html, esc, tag
from crmkpi.dashboard.todo import lines


def today(ask: Asker, pages: Mapping[str, str]) -> Html:
    """The ranked list: severity, customer, reason, money, due date, action.

    ``pages`` names the page of each family, by the first digit of a figure's number: there is its list.
    """
    frame = ask.today()
    if frame.empty:
        return tag("div", tag("h2", ask.say("today")), tag("p", ask.say("nothing_today")), class_="ck-card")

    def to_list(ask: Asker, name: str) -> Html:
        """A link to the page of the figure with its list open; its name where no page has it."""
        page = pages.get(ask.figure(name).no.partition(".")[0])
        if page is None:
            return esc(ask.title(name))
        return tag("a", ask.title(name), href=f"{page}?{ask.state.query()}&list={name}", class_="ck-link")

    note = tag("p", ask.say("today_sub", n=len(frame)), class_="ck-note")
    shown = lines(ask, frame.to_dict("records"), ask.say("today"), to_list)
    return tag("div", tag("h2", ask.say("today")), note, shown, class_="ck-card ck-todo")
