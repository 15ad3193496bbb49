"""Several figures side by side, one line per customer: the portfolio at a glance. Below it: dashboard.asking."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.markup import Html, join, table, tag
from crmkpi.format import is_missing

ROWS = 25


def panel(ask: Asker, names: list[str], by: str) -> Html:
    """The lines with the most money first, a total line, and how many there are."""
    known = [name for name in names if ask.kpi(name).status != "unavailable"]
    title = tag("h2", ask.say("one_line", dim=ask.named(by).lower()))
    frame = ask.sheet(known, by) if known else pd.DataFrame()
    if frame.empty:
        return tag("div", title, tag("p", ask.say("no_rows")), class_="ck-card ck-list")
    columns = [(name, figure) for name in known for figure in _columns(frame, name)]
    heads = [tag("th", ask.named(by), scope="col"), *(_head(ask, name, column) for name, column in columns)]
    rows = [_row(ask, row, by, columns) for row in frame.head(ROWS).to_dict("records")]
    note = ask.say("first_rows", n=len(rows), of=len(frame)) if len(frame) > ROWS else ask.say("rows", n=len(frame))
    body = table(heads, rows, ask.say("one_line", dim=ask.named(by).lower()), _total(ask, columns))
    return tag("div", title, tag("p", note, class_="ck-note"), body, class_="ck-card ck-list ck-sheet")


def _columns(frame: pd.DataFrame, name: str) -> list[str]:
    return [each for each in (name, f"{name}_amount") if each in frame]


def _head(ask: Asker, name: str, column: str) -> Html:
    title = ask.title(name)
    words = title if column == name else ask.say("amount_of", title=title)
    opener = tag("button", words, type="button", data_do="open", data_name=name, title=ask.say("see_list"))
    return tag("th", opener, scope="col", class_="ck-num")


def _row(ask: Asker, row: dict[Any, Any], by: str, columns: list[tuple[str, str]]) -> Html:
    cells = [tag("td", _text(ask, name, column, row[column]), class_="ck-num") for name, column in columns]
    return tag("tr", tag("th", row[by] or "", scope="row", class_="ck-text"), join(cells))


def _text(ask: Asker, name: str, column: str, value: Any) -> str:
    if is_missing(value) or not float(value):
        return ""
    return ask.text(value, ask.figure(name).unit if column == name else "money")


def _total(ask: Asker, columns: list[tuple[str, str]]) -> Html:
    """What the tiles say: groups of one customer add up, money at risk once per customer."""
    cells = []
    for name, column in columns:
        row = ask.kpi(name).row
        cells.append(
            tag("td", _text(ask, name, column, row["value"] if column == name else row["amount"]), class_="ck-num")
        )
    return tag("tr", tag("th", ask.say("total"), scope="row"), *cells)
