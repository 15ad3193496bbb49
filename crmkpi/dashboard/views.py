"""How a list is looked at: searched, sorted, paged, kept in the address, written to a file; any list, of rows or of customers.

Below it: dashboard.asking, columns, :mod:`crmkpi.format`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pandas as pd

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.columns import Column, value_words
from crmkpi.dashboard.markup import Html, esc, join, tag
from crmkpi.format import csv_bytes, day_text, excel_bytes, is_missing, number_text

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

    def query(self, of: str = "") -> str:
        """The view as the end of an address: which list, searched for what, sorted by what (``-``: the largest first).

        ``of`` stands before the names of a list that is not the page's first.

        >>> View("dso", "amount", search="Forges", page=1).query(), View("").query()
        ('list=dso&search=Forges&sort=-amount&page=2', '')
        >>> View("sheet", "dso").query("sheet"), View("dso", only=("why", "a:b")).query()
        ('sheet_sort=-dso', 'list=dso&only=why%3Aa%3Ab')
        """
        sort = f"{'-' if self.down else ''}{self.sort}" if self.sort else ""
        shown = {
            "list": "" if of else self.name, "only": ":".join(self.only or ()), "search": self.search.strip(), "sort": sort,
            "page": str(self.page + 1) if self.page else "",
        }  # fmt: skip
        return urlencode({_of(name, of): value for name, value in shown.items() if value}) if self.name else ""

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> View:
        """The view that was kept as JSON, which knows no tuples.

        >>> View.of_json({"name": "dso", "only": ["why", "a"]}).only
        ('why', 'a')
        """
        return cls(**{**said, "only": tuple(said["only"]) if said["only"] else None})

    @classmethod
    def of_query(cls, query: str, names: Sequence[str], of: str = "") -> View:
        """The view that an address asks for; none if it names no list of ours.

        >>> View.of_query("team=Sud&list=dso&sort=-amount", ["dso"]).sort, View.of_query("list=x", ["dso"]).name
        ('amount', '')
        >>> View.of_query("sheet_page=3", ["sheet"], "sheet").page, View.of_query("list=dso&only=why:a:b", ["dso"]).only
        (2, ('why', 'a:b'))
        """
        asked = {name: value for name, value in parse_qsl(query)}  # noqa: C416 - the last of a name counts
        said = {name: asked.get(_of(name, of), "") for name in ("list", "only", "search", "sort", "page")}
        name = of or said["list"]
        if name not in names:
            return cls("")
        dim, colon, key = said["only"].partition(":")
        page = int(said["page"]) - 1 if said["page"].isdecimal() and len(said["page"]) < 7 else 0
        down = said["sort"].startswith("-") or not said["sort"]
        only = (dim, key) if colon else None
        return cls(name, said["sort"].lstrip("-"), down, said["search"][:200], max(page, 0), only)


def _of(name: str, of: str) -> str:
    return f"{of}_{name}" if of else name


def seen(frame: pd.DataFrame, columns: Sequence[Column], view: View, lang: str) -> pd.DataFrame:
    """The rows that a view finds, on all its pages, in its order."""
    if view.search.strip():
        frame = frame[_found(frame, columns, view.search.strip(), lang)]
    if view.sort in {column.name for column in columns}:
        frame = frame.sort_values(view.sort, ascending=not view.down, kind="stable", na_position="last", key=_sort_key)
    return frame


def _found(frame: pd.DataFrame, columns: Iterable[Column], search: str, lang: str) -> pd.Series:
    """Rows in which a text stands, as it is on screen or in the data."""
    hit = pd.Series(False, index=frame.index)
    for column in columns:
        kept = frame[column.name]
        hit |= _holds(kept.astype(str), search)
        if column.unit in ("text", "bool"):
            words = {value: value_words(column.name, value, lang) for value in kept.dropna().unique()}
            hit |= _holds(kept.map(words).astype(str), search)
        elif column.unit == "date" and "/" in search:
            hit |= _holds(kept.map(lambda day: day_text(day, lang), na_action="ignore").astype(str), search)
    return hit


def _holds(values: pd.Series, search: str) -> pd.Series:
    return values.str.contains(search, case=False, regex=False, na=False)


def _sort_key(values: pd.Series) -> pd.Series:
    return (
        values.astype(str).str.casefold().where(values.notna())
        if values.dtype == object or str(values.dtype) == "str"
        else values
    )


def page_of(frame: pd.DataFrame, view: View, size: int = PAGE) -> tuple[pd.DataFrame, int, int]:
    """The rows of the page one looks at, its number from 0, and how many pages there are."""
    pages = max(1, -(-len(frame) // size))
    page = min(max(view.page, 0), pages - 1)
    return frame.iloc[page * size : (page + 1) * size], page, pages


def tools(ask: Asker, view: View, count: int) -> Html:
    """How many rows there are, the search, the files."""
    said = ask.say("one_row") if count == 1 else ask.say("rows", n=ask.text(count, "count"))
    search = tag("input", type="search", value=view.search, placeholder=ask.say("search"), aria_label=ask.say("search"),
                 data_search="1", data_focus="search")  # fmt: skip
    files = [tag("button", ask.say(kind), type="button", data_do="download", data_kind=kind, class_="ck-button",
                 aria_label=f"{ask.say('download')} {ask.say(kind)}") for kind in ("csv", "excel")]  # fmt: skip
    return tag(
        "div", tag("span", said, class_="ck-count"), tag("span", search, *files, class_="ck-live"), class_="ck-tools"
    )


def head(column: Column, view: View) -> Html:
    """The title of a column, which sorts by it."""
    is_sorted = view.sort == column.name
    order = ("descending" if view.down else "ascending") if is_sorted else None
    arrow = tag("span", " ▼" if view.down else " ▲", aria_hidden="true") if is_sorted else None
    button = tag("button", column.title, arrow, type="button", data_do="sort", data_name=column.name,
                 data_focus=f"sort-{column.name}")  # fmt: skip
    return tag("th", button, scope="col", aria_sort=order, class_="ck-num" if column.numeric else None)


def pager(ask: Asker, page: int, pages: int, about: str) -> Html:
    """From one page of a list to the next."""

    def step(words: str, sign: str, to: int, focus: str) -> Html:
        off = not 0 <= to < pages
        return tag("button", sign, type="button", data_do="page", data_page=str(to), disabled=off, class_="ck-button",
                   aria_label=ask.say(words), data_focus=focus)  # fmt: skip

    said = tag("span", ask.say("page_of", page=page + 1, pages=pages))
    back, on = step("page_previous", "‹", page - 1, "back"), step("page_next", "›", page + 1, "on")
    return tag("nav", back, said, on, class_="ck-pager ck-live", aria_label=about)


def rows(ask: Asker, frame: pd.DataFrame, columns: Sequence[Column]) -> list[Html]:
    """The rows of a list as lines of a table."""
    cells = [[cell(ask, value, column) for value in frame[column.name].tolist()] for column in columns]
    return [tag("tr", join(row)) for row in zip(*cells, strict=True)]


def cell(ask: Asker, value: Any, column: Column) -> Html:
    """One value in its place."""
    if is_missing(value) or value is pd.NaT:
        return Html("<td></td>")
    if column.unit == "date":
        return _td("ck-date", day_text(value, ask.lang))
    if column.unit == "number":
        return _td("ck-num", number_text(float(value), ask.lang, column.digits))
    if column.numeric:
        return _td("ck-num", ask.text(value, column.unit, exact=True))
    return _td("ck-text", value_words(column.name, value, ask.lang))


def _td(look: str, shown: str) -> Html:
    """A cell. A page has thousands: they are written without the detour of ``tag``."""
    return Html(f'<td class="{look}">{esc(shown)}</td>')


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


def written(
    ask: Asker, name: str, title: str, frame: pd.DataFrame, columns: Sequence[Column], kind: str, about: dict[str, str],
    notes: dict[str, str],
) -> tuple[str, str, bytes]:  # fmt: skip
    """The rows of a list as a file: its name, its type, its bytes. ``notes`` are for the workbook, beside ``about``."""
    headers = {column.name: column.title for column in columns}
    units = {column.name: column.unit for column in columns}
    shown = frame.assign(**{column.name: for_file(ask, frame, column) for column in columns})
    file = f"{name}_{ask.state.period.replace('/', '_')}_{ask.as_of}"
    if kind == "excel":
        data = excel_bytes(shown, headers, units, notes | about, title)
        return f"{file}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", data
    return f"{file}.csv", "text/csv;charset=utf-8", csv_bytes(shown, headers, about, ask.lang)
