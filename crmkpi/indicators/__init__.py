"""The figures: one ``.sql`` file each, read into a :class:`Figure` by its header.

Nothing here names an indicator: the folder is the list. A file dropped into the package, or into
``indicators/`` of a data folder, is a figure; one in ``views/`` is a shared step.
Below it: :mod:`crmkpi.errors` and :mod:`crmkpi.schema`.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from crmkpi.errors import DataError, unknown
from crmkpi.indicators.header import (
    Alert,
    Figure,
    Setting,
    View,
    read_figure,
    read_view,
    sources_of,
)
from crmkpi.schema import TABLES

__all__ = ["Alert", "Figure", "Library", "Setting", "View", "find"]

_PACKAGE = Path(str(files("crmkpi")))


class Library:
    """Every figure and view of the package, and of a data folder's own ``indicators/`` and ``views/``.

    ``figures`` and ``views`` are dictionaries by name, in the order of the indicators' numbers; ``own`` are the
    names of the data folder's figures. A file of the data folder replaces the package's of the same name.
    """

    def __init__(self, folder: Path | None = None) -> None:
        views, figures = _shipped()
        own_views, own_figures = _read(folder) if folder else ([], [])
        self.views = {view.name: view for view in [*views, *own_views]}
        found = {figure.name: figure for figure in [*figures, *own_figures]}
        self.own = frozenset(figure.name for figure in own_figures)
        order = sorted(found.values(), key=lambda figure: (_number(figure.no), figure.rank, figure.name))
        self.figures = {figure.name: self._complete(figure) for figure in order}
        for name in self.figures.keys() & self.views.keys():
            raise DataError(f"{name!r} is the name of both a figure and a view; rename one of the files")
        for name in self.views.keys() & TABLES.keys():
            raise DataError(f"the view {name!r} has the name of a table; rename {name}.sql")
        for name in self.figures:
            self._check_inputs(name, ())

    def steps(self, text: str) -> list[View]:
        """The views that ``text`` needs, those they need first."""
        found: dict[str, View] = {}

        def add(sources: frozenset[str], above: tuple[str, ...]) -> None:
            for name in sorted(sources & self.views.keys()):
                if name in above:
                    raise DataError(f"the views {' -> '.join([*above, name])} need each other in a circle")
                add(self.views[name].sources, (*above, name))
                found.setdefault(name, self.views[name])

        add(sources_of(text), ())
        return list(found.values())

    def stored_name(self, view: View) -> str:
        """The name under which a view's rows are kept: of its text and its steps', so that older rows are never used.

        >>> library = Library()
        >>> library.stored_name(library.views["confirmed_orders"]).startswith("confirmed_orders_")
        True
        """
        text = "\n".join(step.sql for step in [*self.steps(view.sql), view])
        return f"{view.name}_{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    def _check_inputs(self, name: str, above: tuple[str, ...]) -> None:
        """DataError for a composite that needs a figure that is not there, or itself."""
        if name in above:
            raise DataError(f"the figures {' -> '.join([*above, name])} need each other in a circle")
        for other in self.figures[name].input_names:
            if other not in self.figures:
                raise DataError(f"{name}.sql: {unknown('figure', other, self.figures)}")
            self._check_inputs(other, (*above, name))

    def _complete(self, figure: Figure) -> Figure:
        """The figure with its kind, and with the words of the views it uses."""
        steps = [] if figure.inputs else self.steps(figure.sql)
        read = figure.sources.union(*(view.sources for view in steps))
        kind = "change" if "periods" in read else "stock" if "dates" in read else "flow"
        words = {code: text for view in [*steps, figure] for code, text in view.words.items()}
        return dataclasses.replace(figure, kind="composite" if figure.inputs else kind, words=words)


def find(figures: Mapping[str, Figure], name: str) -> Figure:
    """The figure called ``name``; UsageError with the nearest name if there is none."""
    if name not in figures:
        raise unknown("figure", name, figures)
    return figures[name]


@functools.cache
def _shipped() -> tuple[list[View], list[Figure]]:
    """The package's own, read once: they do not change while it runs."""
    return _read(_PACKAGE)


def _read(root: Path) -> tuple[list[View], list[Figure]]:
    return [*map(read_view, _sql(root / "views"))], [*map(read_figure, _sql(root / "indicators"))]


def _sql(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.sql"))


def _number(no: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 99 for part in no.split("."))
