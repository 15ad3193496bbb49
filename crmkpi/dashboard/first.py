"""The first paint: a page made ahead for whoever arrives, which the server shows before their kernel is there.

``pieces`` gives it, piece by piece in the order of the page; ``take_over`` gives a kernel what was painted, so that it is made
once and the living page is the same to the letter. Below it: dashboard.making's parts, controls.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
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
    filters = filters_markup(Controls(board.crm, board.as_of, state, lambda _state: None)) if board.filters else ""
    opening = f'<div class="ck-board">{filters}<div class="ck" lang="{lang}"><div class="ck-page">'
    query = "&".join(filter(None, [state.query(), board.opened()]))
    yield {"html": opening, "query": query} | _about(board)
    for part in board.parts:
        yield {"part": part.name, "look": part.look, "html": board.make(part, state)}
    bar = tag("div", class_="ck-progress", role="status", aria_live="polite", data_busy=board.say("busy"))
    yield {"html": f"{bar}</div></div></div>", "whole": True}


def _about(board: Making) -> Piece:
    """What a page depends on, as it is written down."""
    state, views = asdict(board.state), {name: asdict(view) for name, view in board.views.items()}
    return dict(json.loads(json.dumps({"mark": board.mark, "scope": board.scope, "state": state, "lists": views})))


def html_of(piece: Piece) -> str:
    """A piece as the page has it.

    >>> html_of({"part": "part_0", "look": "ck-answer", "html": "<p>42</p>"})
    '<section class="ck-part ck-answer" data-part="part_0"><p>42</p></section>'
    """
    if "part" not in piece:
        return str(piece["html"])
    return str(tag("section", Html(piece["html"]), class_=f"ck-part {piece['look']}", data_part=piece["part"]))


def take_over(board: Making, file: str | None = None) -> bool:
    """Know the parts that the server has painted for this page, if they are what this kernel would make."""
    file = file or os.environ.get("CRMKPI_FIRST", "")
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines() if file else []
    except OSError:  # let go of meanwhile: it is made again
        return False
    if not lines:
        return False
    about, *parts = map(json.loads, lines)
    if any(about.get(name) != value for name, value in _about(board).items()):
        return False
    painted = {each["part"]: each["html"] for each in parts if "part" in each}
    for part in board.parts:
        if part.name in painted:
            board.know(part, board.state, painted[part.name])
    return True
