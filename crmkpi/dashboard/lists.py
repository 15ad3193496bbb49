"""The list behind a number: sorted, searched, paged and downloaded in the kernel, its total line the tile's value.

What is downloaded is what is shown: the same rows, in the same order. Below it: dashboard.views.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.columns import Column, columns_of
from crmkpi.dashboard.definition import Define, disclosure
from crmkpi.dashboard.markup import Html, join, table, tag
from crmkpi.dashboard.views import STATIC_ROWS, View, for_file, head, page_of, pager, rows, seen, tools, written
from crmkpi.errors import unknown
from crmkpi.format import NOTHING

__all__ = ["View", "download", "every", "for_file", "only_in_words", "panel", "rows_of"]


def rows_of(ask: Asker, view: View) -> tuple[pd.DataFrame, list[Column]]:
    """The rows that a view shows, on all its pages, and their columns."""
    frame = ask.facts(view.name)
    columns = columns_of(frame, ask.figure(view.name), ask.lang)
    if view.only:
        frame = frame[_of_group(frame, *view.only)]
    return seen(frame, columns, view, ask.lang), columns


def _of_group(frame: pd.DataFrame, dim: str, key: str) -> pd.Series:
    """The rows of one group of a dimension, by the words that its bar has; NOTHING are those without."""
    column = {"customer": "account_id"}.get(dim, dim)
    if column not in frame:
        raise unknown("column", column, frame.columns)
    values = frame[column]
    return values.isna() if key == NOTHING else values.astype(str) == key


def only_in_words(ask: Asker, view: View) -> str:
    """Which group's rows a view shows."""
    dim, key = view.only or ("", "")
    frame = ask.facts(view.name)
    names = frame.loc[_of_group(frame, dim, key), "customer"] if dim == "customer" else pd.Series([key])
    return ask.pair(ask.named(dim), names.iloc[0] if len(names) else key)


def panel(ask: Asker, names: list[str], view: View, static: bool = False, define: Define = disclosure) -> Html:
    """The list of the figure that was opened, with the choice of the others."""
    figure = ask.figure(view.name)
    choices = [name for name in names if not ask.figure(name).inputs]
    tabs = [tag("button", ask.title(name), type="button", data_do="open", data_name=name,
                aria_pressed="true" if name == view.name else "false") for name in choices]  # fmt: skip
    body = _composed(ask, figure) if figure.inputs else _list(ask, view, static)
    return tag(
        "div",
        tag("h2", ask.pair(ask.say("list_behind"), figure.title(ask.lang)), tabindex="-1", class_="ck-list-title"),
        tag("div", *tabs, class_="ck-tabs ck-live", role="group", aria_label=ask.say("list_behind")),
        define(ask, [view.name]),
        body,
        class_="ck-card ck-list",
    )


CLOSED = (Html("<!--lists-->"), Html("<!--/lists-->"))
"""Around the lists of a report, which nobody can open on paper."""


def every(ask: Asker, names: list[str], define: Define = disclosure) -> Html:
    """All lists, where none can be asked for: closed, each under the name of its figure."""
    closed = [
        tag("details", tag("summary", ask.title(name)), panel(ask, [], View(name), True, define), data_list=name, class_="ck-every")
        for name in names
        if not ask.figure(name).inputs
    ]  # fmt: skip
    return join([CLOSED[0], tag("h2", ask.say("lists_behind")), *closed, CLOSED[1]]) if closed else Html("")


def _composed(ask: Asker, figure: Any) -> Html:
    """A formula has no rows of its own: those of its inputs are one press away."""
    inputs = figure.input_names
    buttons = [tag("li", tag("button", ask.title(name), type="button", data_do="open", data_name=name), " ",
                   ask.text(ask.kpi(name).value, ask.figure(name).unit, exact=True)) for name in inputs]  # fmt: skip
    return tag("div", tag("p", figure.definition(ask.lang)), tag("p", ask.say("composed")), tag("ul", *buttons))


def _list(ask: Asker, view: View, static: bool) -> Html:
    frame, columns = rows_of(ask, view)
    shown, page, pages = page_of(frame, view)
    shown = frame.head(STATIC_ROWS) if static else shown
    caption = f"{ask.title(view.name)}, {ask.period_words()}"
    left = ask.left_out(view.name)
    only = tag("p", tag("strong", only_in_words(ask, view)), " ", tag("button", ask.say("all_rows"), type="button", data_do="open",
               data_name=view.name, class_="ck-button"), class_="ck-only ck-live") if view.only else None  # fmt: skip
    return tag(
        "div",
        only,
        tools(ask, view, len(frame)),
        table([head(each, view) for each in columns], rows(ask, shown, columns), caption, _total(ask, view, frame, columns))
        if len(frame) else tag("p", ask.say("no_rows")),
        pager(ask, page, pages, ask.say("list_behind")) if pages > 1 and not static else None,
        tag("p", ask.say("first_rows", n=len(shown), of=len(frame)), class_="ck-note") if static and len(frame) > len(shown) else None,
        tag("p", ask.say("left_out", why=ask.typeset("; ".join(left))), class_="ck-note") if left else None,
    )  # fmt: skip


def _total(ask: Asker, view: View, frame: pd.DataFrame, columns: list[Column]) -> Html | None:
    """The sums of what adds up; for the whole list they give the value on the tile, and say so."""
    figure = ask.figure(view.name)
    some = view.search.strip() or view.only
    words = ask.say("total_found", n=ask.text(len(frame), "count")) if some else ask.say("total")
    summed = [column for column in columns if column.name in ("num", "den", "amount")]
    first = next((place for place, column in enumerate(columns) if column in summed), len(columns))
    value = _value(frame, figure)
    cells = [tag("th", words, _worth(ask, figure, value), scope="row", colspan=str(max(first, 1)))]
    for column in columns[first:]:
        shown = ask.text(_sum(frame[column.name]), column.unit, exact=True) if column in summed else ""
        cells.append(tag("td", shown, class_="ck-num", data_total=column.name if column in summed else None))
    return tag("tr", *cells)


def _worth(ask: Asker, figure: Any, value: float | None) -> Html:
    """The value that the rows give, as on the tile."""
    shown = ask.text(value, figure.unit, exact=True)
    return tag(
        "span", " · " + ask.pair(figure.title(ask.lang), ""), tag("b", shown, data_value=shown), class_="ck-note"
    )


def _value(frame: pd.DataFrame, figure: Any) -> float | None:
    if not len(frame):
        return None
    den = _sum(frame["den"]) if "den" in frame and frame["den"].notna().any() else None
    if den is None:
        return float(_sum(frame["num"]))
    return float(_sum(frame["num"])) / float(den) if den else None


def _sum(values: pd.Series) -> Decimal:
    """To the cent: floats that hold cents are added as decimals."""
    numbers = pd.to_numeric(values, errors="coerce").dropna()
    return sum((Decimal(str(round(float(each), 6))) for each in numbers.tolist()), Decimal(0))


def download(ask: Asker, view: View, kind: str, about: dict[str, str]) -> tuple[str, str, bytes]:
    """The rows of a view as a file: its name, its type, its bytes."""
    frame, columns = rows_of(ask, view)
    title = ask.title(view.name)
    notes = {title: ask.figure(view.name).definition(ask.lang)}
    return written(ask, view.name, title, frame, columns, kind, about, notes)
