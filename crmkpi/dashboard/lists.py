"""The list behind a number: sorted, searched, paged and downloaded in the kernel, its total line the tile's value.

What is downloaded is what is shown: the same rows, in the same order. Below it: dashboard.asking, columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pandas as pd

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.columns import Column, columns_of, value_words
from crmkpi.dashboard.markup import Html, join, table, tag
from crmkpi.format import NOTHING, csv_bytes, day_text, excel_bytes, is_missing, number_text

PAGE = 25
STATIC_ROWS = 200


@dataclass(frozen=True)
class View:
    """How a list is looked at: which figure, sorted by what, searched for what, which page; only the rows of one group."""

    name: str
    sort: str = ""
    down: bool = True
    search: str = ""
    page: int = 0
    only: tuple[str, str] | None = None

    def sorted_by(self, column: str) -> View:
        """Sorted by a column; the other way round if it already is."""
        return replace(self, sort=column, down=not self.down if column == self.sort else False, page=0)

    def query(self) -> str:
        """The view as the end of an address: which list, searched for what, sorted by what (``-``: the largest first).

        >>> View("dso", "amount", search="Forges").query(), View("").query()
        ('list=dso&search=Forges&sort=-amount', '')
        """
        sort = f"{'-' if self.down else ''}{self.sort}" if self.sort else ""
        shown = {"list": self.name, "search": self.search.strip(), "sort": sort}
        return urlencode({name: value for name, value in shown.items() if value}) if self.name else ""

    @classmethod
    def of_query(cls, query: str, names: Sequence[str]) -> View:
        """The view that an address asks for; none if it names no list of ours.

        >>> View.of_query("team=Sud&list=dso&sort=-amount", ["dso"]).sort, View.of_query("list=x", ["dso"]).name
        ('amount', '')
        """
        asked = dict(parse_qsl(query))
        if asked.get("list", "") not in names:
            return cls("")
        sort = asked.get("sort", "")
        return cls(asked["list"], sort.lstrip("-"), sort.startswith("-") or not sort, asked.get("search", "")[:200])


def rows_of(ask: Asker, view: View) -> tuple[pd.DataFrame, list[Column]]:
    """The rows that a view shows, on all its pages, and their columns."""
    frame = ask.facts(view.name)
    columns = columns_of(frame, ask.figure(view.name), ask.lang)
    if view.only:
        frame = frame[_of_group(frame, *view.only)]
    if view.search.strip():
        frame = frame[_found(frame, columns, view.search.strip())]
    if view.sort in {column.name for column in columns}:
        frame = frame.sort_values(view.sort, ascending=not view.down, kind="stable", na_position="last", key=_sort_key)
    return frame, columns


def _of_group(frame: pd.DataFrame, dim: str, key: str) -> pd.Series:
    """The rows of one group of a dimension, by the words that its bar has; NOTHING are those without."""
    values = frame[{"customer": "account_id"}.get(dim, dim)]
    return values.isna() if key == NOTHING else values.astype(str) == key


def only_in_words(ask: Asker, view: View) -> str:
    """Which group's rows a view shows."""
    dim, key = view.only or ("", "")
    frame = ask.facts(view.name)
    names = frame.loc[_of_group(frame, dim, key), "customer"] if dim == "customer" else pd.Series([key])
    return ask.pair(ask.named(dim), names.iloc[0] if len(names) else key)


def _sort_key(values: pd.Series) -> pd.Series:
    return (
        values.astype(str).str.casefold().where(values.notna())
        if values.dtype == object or str(values.dtype) == "str"
        else values
    )


def _found(frame: pd.DataFrame, columns: list[Column], search: str) -> pd.Series:
    hit = pd.Series(False, index=frame.index)
    for column in columns:
        hit |= frame[column.name].astype(str).str.contains(search, case=False, regex=False, na=False)
    return hit


def panel(ask: Asker, names: list[str], view: View, static: bool = False) -> Html:
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
        body,
        class_="ck-card ck-list",
    )


CLOSED = (Html("<!--lists-->"), Html("<!--/lists-->"))
"""Around the lists of a report, which nobody can open on paper."""


def every(ask: Asker, names: list[str]) -> Html:
    """All lists, where none can be asked for: closed, each under the name of its figure."""
    closed = [
        tag("details", tag("summary", ask.title(name)), panel(ask, [], View(name), static=True), data_list=name, class_="ck-every")
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
    pages = max(1, -(-len(frame) // PAGE))
    page = min(max(view.page, 0), pages - 1)
    shown = frame.head(STATIC_ROWS) if static else frame.iloc[page * PAGE : (page + 1) * PAGE]
    caption = f"{ask.title(view.name)}, {ask.period_words()}"
    left = ask.left_out(view.name)
    only = tag("p", tag("strong", only_in_words(ask, view)), " ", tag("button", ask.say("all_rows"), type="button", data_do="open",
               data_name=view.name, class_="ck-button"), class_="ck-only ck-live") if view.only else None  # fmt: skip
    return tag(
        "div",
        only,
        _tools(ask, view, len(frame)),
        table([_head(each, view) for each in columns], _rows(ask, shown, columns), caption, _total(ask, view, frame, columns))
        if len(frame) else tag("p", ask.say("no_rows")),
        _pager(ask, page, pages) if pages > 1 and not static else None,
        tag("p", ask.say("first_rows", n=len(shown), of=len(frame)), class_="ck-note") if static and len(frame) > len(shown) else None,
        tag("p", ask.say("left_out", why=ask.typeset("; ".join(left))), class_="ck-note") if left else None,
    )  # fmt: skip


def _tools(ask: Asker, view: View, count: int) -> Html:
    said = ask.say("one_row") if count == 1 else ask.say("rows", n=ask.text(count, "count"))
    search = tag("input", type="search", value=view.search, placeholder=ask.say("search"), aria_label=ask.say("search"),
                 data_search="1", data_focus="search")  # fmt: skip
    files = [tag("button", ask.say(kind), type="button", data_do="download", data_kind=kind, class_="ck-button",
                 aria_label=f"{ask.say('download')} {ask.say(kind)}") for kind in ("csv", "excel")]  # fmt: skip
    return tag(
        "div", tag("span", said, class_="ck-count"), tag("span", search, *files, class_="ck-live"), class_="ck-tools"
    )


def _head(column: Column, view: View) -> Html:
    is_sorted = view.sort == column.name
    order = ("descending" if view.down else "ascending") if is_sorted else None
    arrow = tag("span", " ▼" if view.down else " ▲", aria_hidden="true") if is_sorted else None
    button = tag("button", column.title, arrow, type="button", data_do="sort", data_name=column.name,
                 data_focus=f"sort-{column.name}")  # fmt: skip
    return tag("th", button, scope="col", aria_sort=order, class_="ck-num" if column.numeric else None)


def _rows(ask: Asker, frame: pd.DataFrame, columns: list[Column]) -> list[Html]:
    cells = [[_cell(ask, value, column) for value in frame[column.name].tolist()] for column in columns]
    return [tag("tr", join(row)) for row in zip(*cells, strict=True)]


def _cell(ask: Asker, value: Any, column: Column) -> Html:
    if is_missing(value) or value is pd.NaT:
        return Html("<td></td>")
    if column.unit == "date":
        return tag("td", day_text(value, ask.lang), class_="ck-date")
    if column.unit == "number":
        return tag("td", number_text(float(value), ask.lang, column.digits), class_="ck-num")
    if column.numeric:
        return tag("td", ask.text(value, column.unit, exact=True), class_="ck-num")
    return tag("td", value_words(column.name, value, ask.lang), class_="ck-text")


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


def _pager(ask: Asker, page: int, pages: int) -> Html:
    def step(words: str, sign: str, to: int, focus: str) -> Html:
        off = not 0 <= to < pages
        return tag("button", sign, type="button", data_do="page", data_page=str(to), disabled=off, class_="ck-button",
                   aria_label=ask.say(words), data_focus=focus)  # fmt: skip

    said = tag("span", ask.say("page_of", page=page + 1, pages=pages))
    back, on = step("page_previous", "‹", page - 1, "back"), step("page_next", "›", page + 1, "on")
    return tag("nav", back, said, on, class_="ck-pager ck-live", aria_label=ask.say("list_behind"))


def for_file(ask: Asker, frame: pd.DataFrame, column: Column) -> pd.Series:
    """A column as a file holds it: dates as dates, codes in the words that are on screen."""
    if column.unit == "date":
        return pd.to_datetime(frame[column.name])
    if column.unit == "text":
        words = [
            None if is_missing(value) else value_words(column.name, value, ask.lang) for value in frame[column.name]
        ]
        return pd.Series(words, index=frame.index, dtype=object)
    return frame[column.name]


def download(ask: Asker, view: View, kind: str, about: dict[str, str]) -> tuple[str, str, bytes]:
    """The rows of a view as a file: its name, its type, its bytes."""
    frame, columns = rows_of(ask, view)
    headers = {column.name: column.title for column in columns}
    units = {column.name: column.unit for column in columns}
    shown = frame.assign(**{column.name: for_file(ask, frame, column) for column in columns})
    name = f"{view.name}_{ask.state.period.replace('/', '_')}_{ask.as_of}"
    if kind == "excel":
        title = ask.title(view.name)
        data = excel_bytes(shown, headers, units, {title: ask.figure(view.name).definition(ask.lang)} | about, title)
        return f"{name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", data
    return f"{name}.csv", "text/csv;charset=utf-8", csv_bytes(shown, headers, about, ask.lang)
