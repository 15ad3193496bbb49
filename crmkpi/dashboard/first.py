"""The first paint: a page made ahead for whoever arrives, which the server shows before their kernel is there.

``pieces`` gives it, piece by piece in the order of the page; ``painted`` gives a kernel what was painted, so that it is made
once, the living page is the same to the letter, and the data are opened when they are first asked for something. Below it:
dashboard.making's parts, controls.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmkpi.dashboard.controls import Controls, filters_markup
from crmkpi.dashboard.markup import Html, tag
from crmkpi.engine.duck import read_manifest

if TYPE_CHECKING:
    from crmkpi.dashboard.making import Making

Piece = dict[str, Any]
OWN = ("settings.toml", "import_failed.json", "indicators/**/*.sql", "views/**/*.sql")
"""What of a data folder its owner writes, as they do who sees what, and the note of an import that failed: no version says
that it changed."""


def mark(folder: Path) -> str:
    """What a page is made of, in a word: the version of the data, and what their owner wrote beside them.

    DataError if the folder is none.
    """
    files = [path for each in OWN for path in sorted(folder.glob(each))]
    if os.environ.get("CRMKPI_ACCESS"):
        files.append(Path(os.environ["CRMKPI_ACCESS"]))
    stamps = [(path.name, stat.st_mtime_ns, stat.st_size) for path in files if (stat := path.stat())]
    own = hashlib.sha256(repr(stamps).encode()).hexdigest()[:8] if stamps else ""
    return f"{read_manifest(folder)['version']}{own and '-'}{own}"


def pieces(board: Making) -> Iterator[Piece]:
    """The page of a viewer: what begins it, its parts, what ends it."""
    state, lang = board.state, board.state.lang
    controls = Controls(board.crm, board.as_of, state, lambda _state: None)
    filters = filters_markup(controls) if board.filters else ""
    opening = f'<div class="ck-board">{filters}<div class="ck" lang="{lang}"><div class="ck-page">'
    query = "&".join(filter(None, [state.query(), board.opened()]))
    views = {name: asdict(view) for name, view in board.views.items()}
    about = {
        "mark": board.mark,
        "scope": board.crm.scope.key,
        "as_of": str(board.as_of),
        "of": str(board.crm.as_of),
        "state": asdict(state),
        "lists": views,
    }
    yield {"html": opening, "query": query, "known": controls.known()} | about
    for part in board.parts:
        yield {"part": part.name, "look": part.look, "html": board.make(part, state)}
    bar = tag("div", class_="ck-progress", role="status", aria_live="polite", data_busy=board.say("busy"))
    yield {"html": f"{bar}</div></div></div>", "whole": True}


def html_of(piece: Piece) -> str:
    """A piece as the page has it.

    >>> html_of({"part": "part_0", "look": "ck-answer", "html": "<p>42</p>"})
    '<section class="ck-part ck-answer" data-part="part_0"><p>42</p></section>'
    """
    if "part" not in piece:
        return str(piece["html"])
    return str(tag("section", Html(piece["html"]), class_=f"ck-part {piece['look']}", data_part=piece["part"]))


@dataclass(frozen=True)
class Painted:
    """What the server has painted for this page: what it depends on, and its parts."""

    about: Piece
    parts: dict[str, str]


def painted() -> Painted | None:
    """What the server has painted for the page of this kernel; None where nothing was."""
    file = os.environ.get("CRMKPI_FIRST", "")
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines() if file else []
    except OSError:  # let go of meanwhile: it is made again
        return None
    if not lines:
        return None
    about, *parts = map(json.loads, lines)
    return Painted(about, {each["part"]: each["html"] for each in parts if "part" in each})


class Late:
    """Data that are opened when something is first asked of them: a page that is only read needs none."""

    def __init__(self, make: Callable[[], Any], as_of: date) -> None:
        self._make, self.as_of = make, as_of

    @property
    def opened(self) -> bool:
        """Whether they are open."""
        return "_made" in self.__dict__

    def __getattr__(self, name: str) -> Any:
        if name == "_made":
            self._made = self._make()
            return self._made
        return getattr(self._made, name)
