"""The page alive: filters and presses become states, states become parts. Below it: dashboard.board's parts.

What is in the window is made first; the rest follows while the kernel has nothing else to do, and is dropped when another
filter is chosen meanwhile.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from crmkpi.dashboard import lists, sheet
from crmkpi.dashboard.controls import Controls
from crmkpi.dashboard.making import ROWS, SHEET, sorry
from crmkpi.dashboard.page import Page
from crmkpi.dashboard.state import LANGUAGES, PLACES, State
from crmkpi.dashboard.views import View
from crmkpi.dashboard.words import say
from crmkpi.errors import CrmkpiError

if TYPE_CHECKING:
    from crmkpi.dashboard.making import Making, Part

_BREATH = 0.005
"""Seconds between two parts that nobody looks at: what was pressed meanwhile comes first."""


def assemble(board: Making) -> dict[str, Any]:
    """Make the widget of a board; the entry of its view in a bundle."""
    live = Live(board)
    board.page, board.controls = live.page, live.controls
    shown = [live.controls.box, live.page] if board.filters else [live.page]
    box = widgets.VBox(shown)
    box.add_class("ck-board")
    return {
        "application/vnd.jupyter.widget-view+json": {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    }


class Live:
    """One viewer's page."""

    def __init__(self, board: Making) -> None:
        self.board = board
        state = board.state
        self.page = Page(
            board.plan, self._parts(state), self.act, lang=state.lang, state=state.query(), words=self._words(state),
            opened=board.opened(), mark=board.mark,
        )  # fmt: skip
        self.page.observe(lambda change: self.resize(bool(change["new"])), "narrow")
        known = board.painted.about["known"] if board.painted else None
        self.controls = Controls(board.crm, board.as_of, state, self.take, known)

    def _parts(self, state: State) -> dict[str, str]:
        return {part.name: self.board.make(part, state) for part in self.board.parts}

    def _words(self, state: State) -> dict[str, str]:
        title = self.board.title[state.lang != "fr"]
        return {"title": title, **{key: say(state.lang, key) for key in ("busy", "lost")}}

    def resize(self, narrow: bool) -> None:
        """Pictures for a phone, or for a screen."""
        self.controls.state = self.controls.state.change(narrow=narrow)
        self.take(self.controls.state)

    def take(self, state: State) -> None:
        """Show the page under another state: what is in the window part by part in the order of the page, then the rest."""
        board, page = self.board, self.page
        page.busy = True
        late: list[Part] = []
        try:
            if board._refresh():
                self.controls.crm, self.controls.as_of = board.crm, board.as_of
            board.state = state
            page.lang, page.words, page.state, page.mark = state.lang, self._words(state), state.query(), board.mark
            parts = sorted(board.parts, key=lambda part: part.slow)
            late = [part for part in parts if page.seen and part.name not in page.seen] if _loop() else []
            page.waiting = [part.name for part in late]
            for part in parts:
                if part not in late:
                    page.put({part.name: board.make(part, state)})
        except CrmkpiError as error:  # not theirs any more, or not readable: what was shown goes
            said = {part.name: "" for part in board.parts}
            page.put(said | {board.parts[0].name: sorry(error, state.lang)} if said else {})
        finally:
            page.busy = False
            page.send({"kind": "done"})
            self._soon(state, late)

    def _soon(self, state: State, late: list[Part]) -> None:
        loop = _loop()
        if late and loop:
            loop.call_later(_BREATH, self._follow, state, late)

    def _follow(self, state: State, late: list[Part]) -> None:
        """Make the rest, one part at a time, those that have come into the window first; unless the state has changed."""
        if state is not self.board.state:
            return
        late = sorted(late, key=lambda part: part.name not in self.page.seen)
        self.page.put({late[0].name: self.board.make(late[0], state)})
        self.page.waiting = [part.name for part in late[1:]]
        self._soon(state, late[1:])

    def act(self, said: dict[str, Any]) -> None:
        """Do what was pressed; what is not understood, or does not exist, changes nothing."""
        does = {"open": self._open, "sort": self._sort, "search": self._search, "page": self._turn,
                "download": self._download, "filter": self._filter, "lang": self._speak,
                "refresh": self._show_again}.get(str(said.get("do")))  # fmt: skip
        try:
            if does and not self.board.may_show():  # rights that have changed change the page first
                self.take(self.controls.state)
            elif does:
                if self.board.stale:
                    self.take(self.controls.state)
                does(said)
        except (CrmkpiError, ValueError) as error:
            self.page.send({"kind": "refused", "why": str(error)})
        finally:
            self.page.send({"kind": "done"})

    def _look(self, view: View, of: str = ROWS) -> None:
        board = self.board
        board.views[of] = view
        self.page.opened = board.opened()
        self.page.put({part.name: board.make(part, board.state) for part in board.parts if part.list == of})

    def _viewed(self, said: dict[str, Any]) -> tuple[View, str]:
        """How the list that was pressed is looked at, and which it is."""
        of = said["of"] if said.get("of") in self.board.views else ROWS
        return self.board.views[of], of

    def _open(self, said: dict[str, Any]) -> None:
        if said.get("name") in self.board.crm.figures:
            self._look(View(said["name"]))

    def _sort(self, said: dict[str, Any]) -> None:
        view, of = self._viewed(said)
        self._look(view.sorted_by(str(said.get("name"))), of)

    def _search(self, said: dict[str, Any]) -> None:
        view, of = self._viewed(said)
        self._look(replace(view, search=str(said.get("text", ""))[:200], page=0), of)

    def _turn(self, said: dict[str, Any]) -> None:
        view, of = self._viewed(said)
        self._look(replace(view, page=int(said.get("page", 0))), of)

    def _download(self, said: dict[str, Any]) -> None:
        board, ask = self.board, self.board.asker(self.board.state)
        view, of = self._viewed(said)
        about = {
            ask.say("filters_said"): board.filters_in_words(board.state),
            ask.say("as_of"): str(board.as_of),
            ask.say("source"): str(board.crm.manifest.get("source", "")),
            **({ask.say("search"): view.search} if view.search.strip() else {}),
            **({ask.say("rows_kept"): lists.only_in_words(ask, view)} if view.only else {}),
        }
        kind = "excel" if said.get("kind") == "excel" else "csv"
        if of == SHEET:
            self.page.give(*sheet.download(ask, board.sheet_of, view, kind, about))
        else:
            self.page.give(*lists.download(ask, view, kind, about))

    def _filter(self, said: dict[str, Any]) -> None:
        """A bar was pressed: only its group, pressed again everyone; or the list behind it, only its rows."""
        dim, key, name = str(said.get("dim")), str(said.get("key")), str(said.get("name"))
        state = self.controls.state
        if dim == "period":
            self.controls.set(period=key)
        elif dim in PLACES:
            self.controls.set(**{dim: "" if getattr(state, dim) == key else key})
        elif dim == "open":
            self._open({"name": key})
        elif name in self.board.crm.figures:
            view = View(name, only=(dim, key))
            lists.rows_of(self.board.asker(state), view)  # refused where the figure has no such groups
            self._look(view)

    def _show_again(self, _said: dict[str, Any]) -> None:
        """The same state, over the data that have come meanwhile."""
        self.take(self.controls.state)

    def _speak(self, said: dict[str, Any]) -> None:
        if said.get("lang") in LANGUAGES:
            self.controls.set(lang=said["lang"])


def _loop() -> asyncio.AbstractEventLoop | None:
    """The loop of the kernel; None where there is none to come back to (a page without a kernel)."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
