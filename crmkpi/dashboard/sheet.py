"""Several figures side by side, one line per customer: the portfolio at a glance; a number opens the rows behind it.

Below it: dashboard.views.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.columns import Column
from crmkpi.dashboard.definition import Define, disclosure
from crmkpi.dashboard.markup import Html, join, table, tag
from crmkpi.dashboard.views import STATIC_ROWS, View, head, page_of, pager, seen, tools, written
from crmkpi.format import NOTHING, is_missing

ROWS = 15


def panel(ask: Asker, names: list[str], view: View, static: bool = False, define: Define = disclosure) -> Html:
    """The lines with the most money first, a total line, and how many there are."""
    title = ask.say("one_line", dim=ask.named(view.name).lower())
    frame, columns = rows_of(ask, names, view)
    shown, page, pages = page_of(frame, view, ROWS)
    shown = frame.head(STATIC_ROWS) if static else shown
    lines = [_line(ask, row, view.name, columns, static) for row in shown.to_dict("records")]
    cut = ask.say("first_rows", n=len(shown), of=len(frame)) if static and len(frame) > len(shown) else ""
    return tag(
        "div", tag("h2", title, tabindex="-1"), define(ask, names), tools(ask, view, len(frame)),
        table([head(each, view) for each in columns], lines, title, _total(ask, view, frame, columns))
        if lines else tag("p", ask.say("no_rows")),
        pager(ask, page, pages, title) if pages > 1 and not static else None,
        tag("p", cut, class_="ck-note") if cut else None,
        class_="ck-card ck-list ck-sheet", data_of="sheet",
    )  # fmt: skip


def rows_of(ask: Asker, names: list[str], view: View) -> tuple[pd.DataFrame, list[Column]]:
    """The lines that a view shows, on all its pages, and their columns: a figure's value and, beside it, its amount."""
    known = [name for name in names if ask.kpi(name).status != "unavailable"]
    if not known:
        return pd.DataFrame(), []
    frame = ask.sheet(known, view.name)
    columns = [Column(view.name, ask.named(view.name), "text")]
    for name in known:
        columns.append(Column(name, ask.title(name), ask.figure(name).unit))
        if (amount := f"{name}_amount") in frame:
            columns.append(Column(amount, ask.say("amount_of", title=ask.title(name)), "money"))
    return seen(frame, columns, view, ask.lang), columns


def _line(ask: Asker, row: dict[Any, Any], by: str, columns: list[Column], static: bool) -> Html:
    cells = []
    for column in columns[1:]:
        said = _text(ask, column, row[column.name])
        shown = said if static or not said else tag(
            "button", said, type="button", class_="ck-cell", data_do="filter", data_name=column.name.removesuffix("_amount"),
            data_dim=by, data_key=row[f"{by}_id"] or NOTHING, aria_label=f"{column.title}, {row[by]}, {said}",
        )  # fmt: skip
        cells.append(tag("td", shown, class_="ck-num"))
    return tag("tr", tag("th", row[by] or "", scope="row", class_="ck-text"), join(cells))


def _text(ask: Asker, column: Column, value: Any) -> str:
    return "" if is_missing(value) or not float(value) else ask.text(value, column.unit)


def _total(ask: Asker, view: View, frame: pd.DataFrame, columns: list[Column]) -> Html:
    """What the tiles say (money at risk counts once per customer); of what a search found, what its lines add up to."""
    found = bool(view.search.strip())
    words = ask.say("total_found", n=ask.text(len(frame), "count")) if found else ask.say("total")
    cells = [tag("td", _text(ask, each, _worth(ask, frame, each, found)), class_="ck-num") for each in columns[1:]]
    return tag("tr", tag("th", words, scope="row"), *cells)


def _worth(ask: Asker, frame: pd.DataFrame, column: Column, found: bool) -> Any:
    if found:
        return frame[column.name].astype(float).sum()
    row = ask.kpi(column.name.removesuffix("_amount")).row
    return row["amount" if column.name.endswith("_amount") else "value"]


def download(ask: Asker, names: list[str], view: View, kind: str, about: dict[str, str]) -> tuple[str, str, bytes]:
    """The lines of a view as a file: its name, its type, its bytes."""
    frame, columns = rows_of(ask, names, view)
    title = ask.say("one_line", dim=ask.named(view.name).lower())
    notes = {ask.title(name): ask.figure(name).definition(ask.lang) for name in names}
    return written(ask, f"sheet_{view.name}", title, frame, columns, kind, about, notes)
