"""The page as a widget: one anywidget that shows parts and tells what was pressed. Below it: anywidget.

A part is a synced text of its own, so that a change sends only the parts that changed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from crmkpi.dashboard.markup import tag

STATIC = Path(__file__).parent / "static"


class Page(anywidget.AnyWidget):
    """The parts of a page (``plan``: name and look of each), with what the browser needs to know.

    ``seen`` are the parts in or near the window, as the browser says (none: it has not said), ``waiting`` those that do
    not show the filters of the others yet; ``mark`` says what data they show.
    """

    _esm = (STATIC / "page.js").read_text(encoding="utf-8")
    _css = (STATIC / "page.css").read_text(encoding="utf-8")
    plan: traitlets.List[Any] = traitlets.List().tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    narrow = traitlets.Bool(False).tag(sync=True)
    seen: traitlets.List[str] = traitlets.List().tag(sync=True)
    waiting: traitlets.List[str] = traitlets.List().tag(sync=True)
    lang = traitlets.Unicode("fr").tag(sync=True)
    state = traitlets.Unicode("").tag(sync=True)
    opened = traitlets.Unicode("").tag(sync=True)
    mark = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(
        self, plan: list[tuple[str, str]], parts: dict[str, str], act: Callable[[dict[str, Any]], None], **more: Any
    ) -> None:
        super().__init__(plan=[list(each) for each in plan], **more)
        self.add_traits(**{name: traitlets.Unicode(markup).tag(sync=True) for name, markup in parts.items()})
        self.on_msg(lambda _widget, content, _buffers: act(content) if isinstance(content, dict) else None)

    def put(self, parts: dict[str, str]) -> None:
        """Show parts; those that did not change are not sent."""
        for name, markup in parts.items():
            setattr(self, name, markup)

    def give(self, name: str, kind: str, data: bytes) -> None:
        """Hand a file to the browser."""
        self.send({"kind": "file", "name": name, "type": kind}, buffers=[data])


def static_page(plan: list[tuple[str, str]], parts: dict[str, str], lang: str, filters: str = "") -> str:
    """The same page without a kernel: its filters in words, parts and styles in one HTML text."""
    style = (STATIC / "page.css").read_text(encoding="utf-8")
    body = "".join(f'<section class="ck-part {look}">{parts[name]}</section>' for name, look in plan)
    said = tag("p", filters, class_="ck-said") if filters else ""
    return (
        f'<style>{style}</style><div class="ck ck-static" lang="{lang}">{said}<div class="ck-page">{body}</div></div>'
    )
