"""How a page is made: its data and state, its parts each once, the page as a widget and as HTML.

An error becomes words in the place of its part, and the rest of the page goes on. Below it: the other modules of
crmkpi.dashboard but ``board``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import crmkpi
from crmkpi.dashboard import headline, home, tiles
from crmkpi.dashboard.asking import Asker, Memory
from crmkpi.dashboard.context import (
    data_folder,
    in_report,
    in_voila,
    viewer_is_narrow,
    viewer_query,
    viewer_scope,
    waits_for_viewer,
)
from crmkpi.dashboard.controls import Controls, first_state
from crmkpi.dashboard.definition import Define, Places, disclosure
from crmkpi.dashboard.first import Late, Painted, mark, painted
from crmkpi.dashboard.markup import Html, esc, tag
from crmkpi.dashboard.state import LANGUAGES, PLACES, State
from crmkpi.dashboard.views import View
from crmkpi.dashboard.words import say
from crmkpi.errors import AccessError, CrmkpiError, unknown

log = logging.getLogger("crmkpi")
Render = Callable[[Asker, bool], Html]
Plan = list[tuple[str, str]]
CONTENT = "application/vnd.crmkpi+json"
"""What a report's page says of itself, for programs: the names of its figures, its answer in words."""
Names = list[str]  # in the class, list is what puts a list on the page
ROWS, SHEET = "rows", "sheet"
"""The lists of a page: of the rows behind a number, and of customers with several numbers each."""


@dataclass(frozen=True)
class Part:
    """One part of the page: its name, its look, how it is made.

    ``sized`` if a phone gets another one; ``slow`` if the others are made first when a filter changes; ``list`` is the name
    of the list that it is, if it is one: of how it is looked at, and in the address.
    """

    name: str
    look: str
    render: Render
    sized: bool = False
    slow: bool = False
    list: str = ""


def sorry(error: CrmkpiError, lang: str) -> Html:
    """Why there is nothing to see."""
    why = "no_rights" if isinstance(error, AccessError) else "cannot_open"
    return tag("p", esc(say(lang, why, why=str(error))), class_="ck-error", role="alert")


class Making:
    """A page over one set of data; :class:`crmkpi.dashboard.board.Dashboard` composes it, and says its parameters."""

    instead: ClassVar[Callable[[Making], None] | None] = None
    """What becomes of a page that nobody looks at yet, instead of being shown."""

    def __init__(
        self, data: Any = None, *, title: tuple[str, str] = ("", ""), period: str | None = None, as_of: str | None = None,
        compare: str | None = None, business_unit: str | None = None, team: str | None = None, rep: str | None = None,
        lang: str | None = None, filters: bool = True,
    ) -> None:  # fmt: skip
        self.title, self.filters = title, filters
        self.parts: list[Part] = []
        self.pages: dict[str, str] = {}
        self._listed: Names = []
        self._own: dict[str, Any] | None = None
        self.views: dict[str, View] = {}
        self.first_views: dict[str, View] = {}
        self.sheet_of: Names = []
        self.places = Places()
        self.page: Any = None
        self.controls: Controls | None = None
        self._memory, self._made = Memory(), Memory()
        self._data: Any = data if isinstance(data, crmkpi.Crm) else data_folder(data)
        self._given = {
            "period": period,
            "compare": compare,
            "business_unit": business_unit,
            "team": team,
            "rep": rep,
            "lang": lang,
        }
        self.mark = ""
        self.painted: Painted | None = None
        self._problem: CrmkpiError | None = None
        try:
            self._start(as_of)
        except CrmkpiError as error:
            if not in_voila():
                raise
            self._problem = error

    def _start(self, as_of: str | None) -> None:
        """Open the data; where the server has painted the page from the same ones, when they are first asked for something."""
        first, self.painted = painted() if in_voila() and isinstance(self._data, Path) else None, None
        if first and (first.about["mark"], first.about["scope"]) == (mark(self._data), viewer_scope().key):
            self.painted, self.mark = first, first.about["mark"]
            self.crm: Any = Late(lambda: self._open().for_many(), date.fromisoformat(first.about["of"]))
            self.as_of: date = date.fromisoformat(first.about["as_of"])
            self.state: State = State(**first.about["state"])
            return
        self.crm = self._open().for_many()
        self.as_of = self.crm.day(as_of)
        self.state = first_state(self.crm, self.as_of, self._given)

    @property
    def stale(self) -> bool:
        """Whether data that are not open yet are no longer those that were painted."""
        return isinstance(self.crm, Late) and not self.crm.opened and mark(self._data) != self.mark

    def _open(self) -> crmkpi.Crm:
        """The data, of which whoever looks may see what is opened."""
        if isinstance(self._data, crmkpi.Crm):
            return self._data
        now = mark(self._data)  # before the data: what changes meanwhile is seen at the next question
        opened = crmkpi.open(self._data, scope=viewer_scope())
        self.mark = now
        return opened

    def _known(self, names: tuple[str, ...]) -> None:
        for name in names:
            if self._problem is None and not self.painted and name not in self.crm.figures:
                raise unknown("figure", name, self.crm.figures)

    def _list_of(self, names: tuple[str, ...]) -> None:
        self._known(names)
        self._listed += [name for name in names if name not in self._listed]

    @property
    def listed(self) -> Names:
        """The figures whose lists can be opened: those of the tiles, and the data folder's own."""
        return [*self._listed, *(name for name in self._mine if name not in self._listed)]

    @property
    def _mine(self) -> Names:
        """The data folder's own figures, each with a tile."""
        return self.crm.own_figures(**self._own) if self._own and self._problem is None else []

    def _define(self, names: Sequence[str]) -> Define:
        """How the next part says what its figures mean, ``names`` among them."""
        part = self._next
        self.places.claim(part, names)
        return lambda ask, shown: disclosure(
            ask, shown, self.places.elsewhere(part, shown) | ({*self._mine} & {*shown})
        )

    @property
    def _next(self) -> str:
        """The name of the part that is added next."""
        return f"part_{len(self.parts)}"

    def _add(self, look: str, render: Render, sized: bool = False, slow: bool = False) -> None:
        self.parts.append(Part(self._next, f"ck-{look}", render, sized, slow))

    def _add_list(self, name: str, render: Render, view: View) -> None:
        self.parts.append(Part(self._next, "ck-list", render, list=name))
        self.views[name] = self.first_views[name] = view

    # --- making the parts ----------------------------------------------------------------------------------------------

    def asker(self, state: State) -> Asker:
        """The data under a state."""
        return Asker(self.crm, state, self._memory, self.as_of)

    def make(self, part: Part, state: State, static: bool = False) -> str:
        """The markup of a part; an error becomes words in its place, and the rest of the page goes on."""
        ask = self.asker(state)
        key = self._key(part, state, static)
        return str(self._made.get(key, lambda: self._guarded(ask, lambda: part.render(ask, static))))

    def know(self, part: Part, state: State, markup: str) -> None:
        """The markup of a part, made by another for the same data and state."""
        self._made.get(self._key(part, state, False), lambda: markup)

    def _key(self, part: Part, state: State, static: bool) -> tuple[Any, ...]:
        view = self.views.get(part.list)
        seen = state if part.sized else state.change(narrow=False)
        return self.mark or self.crm.manifest.get("version"), part.name, seen, view, static

    def say(self, key: str) -> str:
        """A word of the page, in its language."""
        return say(self.state.lang, key)

    def _guarded(self, ask: Asker, make: Callable[[], Html]) -> Html:
        if in_report():  # people receive all of it or hear that it failed, with what is wrong
            return make()
        try:
            return make()
        except CrmkpiError as error:
            return tiles.failed(ask, str(error))
        except Exception as error:
            log.exception("a part of the page failed")
            return tiles.failed(ask, ask.say("unexpected", kind=type(error).__name__))

    # --- showing it ------------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show the page: a widget where there is a kernel, the same page as HTML where there is none."""
        from IPython.display import display

        if Making.instead:
            return Making.instead(self)
        return display(self.bundle(), raw=True)

    def bundle(self) -> dict[str, Any]:
        """The page under every type it is shown as: widget, static HTML, text."""
        if self._problem is not None:
            return self._sorry(self._problem)
        if in_report():
            return {"text/plain": self.title[0], "text/html": self._static(), CONTENT: self._content()}
        if waits_for_viewer():
            self._static()  # while nobody is looking: what most will ask for is ready
        try:
            self.begin()
        except CrmkpiError as error:
            return self._sorry(error)
        from crmkpi.dashboard.live import assemble

        html = {} if self.painted else {"text/html": self._static()}
        return {"text/plain": self.title[0], **html, **assemble(self)}

    def begin(self) -> None:
        """Take the state that the viewer's address asks for; the error that kept the page from being opened, if one did."""
        if self._problem is not None:
            raise self._problem
        if self.painted:
            self._take_over(self.painted)
            return
        query = viewer_query()
        self._refresh()
        self.state = first_state(self.crm, self.as_of, self._given | self.state.with_query(query))
        self.state = self.state.change(narrow=viewer_is_narrow())
        self._look_as(query)

    def _take_over(self, first: Painted) -> None:
        """Know what was painted, for the address that asked for it."""
        self.views |= {name: View.of_json(view) for name, view in first.about["lists"].items()}
        for part in self.parts:
            if part.name in first.parts:
                self.know(part, self.state, first.parts[part.name])

    def _content(self) -> dict[str, Names]:
        answers = [self.make(part, self.state) for part in self.parts if part.look == "ck-answer"]
        return {"figures": self.listed, "answer": [said for each in answers for said in headline.sentences(each)]}

    def _look_as(self, query: str) -> None:
        """The lists as an address asks for them."""
        for name in self.views:
            wanted = View.of_query(query, self.listed) if name == ROWS else View.of_query(query, [name], name)
            if name != ROWS and wanted.name:
                wanted = replace(wanted, name=self.first_views[name].name)
            self.views[name] = wanted if wanted.name else self.views[name]

    def opened(self) -> str:
        """How the lists are looked at, as the end of an address; nothing for those as they are anyway."""
        said = [
            view.query("" if name == ROWS else name)
            for name, view in self.views.items()
            if view != self.first_views[name]
        ]
        return "&".join(each for each in said if each)

    @property
    def plan(self) -> Plan:
        """The parts in order, each with its look."""
        return [(part.name, part.look) for part in self.parts]

    def _static(self) -> str:
        from crmkpi.dashboard.page import static_page

        whole = not in_voila()  # where nobody can ask for more, all lists are there
        parts = {part.name: self.make(part, self.state, static=whole and bool(part.list)) for part in self.parts}
        said = self.filters_in_words(self.state) if self.filters else ""
        return static_page(self.plan, parts, self.state.lang, said)

    def _sorry(self, error: CrmkpiError) -> dict[str, Any]:
        lang = self._given.get("lang") or "fr"
        words = sorry(error, lang if lang in LANGUAGES else "fr")
        from crmkpi.dashboard.page import static_page

        return {"text/plain": str(error), "text/html": static_page([("sorry", "")], {"sorry": words}, lang)}

    def _refresh(self) -> bool:
        """Open the data again if they, their figures or their settings changed; whether they did."""
        if not isinstance(self._data, Path) or mark(self._data) == self.mark:
            return False
        again = self._open()
        self._memory, self._made = Memory(), Memory()
        moved = self.as_of == self.crm.as_of
        self.crm = again.for_many()
        self.as_of = again.as_of if moved else self.as_of
        return True

    def may_show(self) -> bool:
        """Whether whoever looks may still see what was opened for them."""
        try:
            if isinstance(self.crm, Late) and not self.crm.opened and self.painted:
                return viewer_scope().key == self.painted.about["scope"]
            return not isinstance(self._data, Path) or viewer_scope() == self.crm.scope
        except CrmkpiError:
            return False

    def filters_in_words(self, state: State) -> str:
        """The filters in force, as a download says them."""
        ask, said = self.asker(state), []
        for name in PLACES:
            wanted = getattr(state, name)
            if wanted:
                labels = dict(zip(*(self.crm.values(name)[each].astype(str) for each in ("id", "label")), strict=True))
                said.append(ask.pair(ask.named(name), labels.get(wanted, wanted)))
        seen = home.scope_words(ask)
        parts = [ask.pair(ask.say("period"), ask.period_words()), *(said or [ask.say("no_filter")]), seen]
        return ask.typeset("; ".join(filter(None, parts)))
