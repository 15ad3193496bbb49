"""A page composed by short calls in a notebook: what stands on it, and what happens when something is pressed.

    board = Dashboard(data, title=("Activité commerciale", "Commercial activity"), team="Sud")
    board.headline("some_figure")
    board.tiles("some_figure", "another")
    board.show()

The notebook names the figures; nothing here does. Below it: the other modules of crmkpi.dashboard.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

import crmkpi
from crmkpi.dashboard import charts, headline, home, lists, tiles, todo
from crmkpi.dashboard.asking import Asker, Memory
from crmkpi.dashboard.context import data_folder, in_voila, viewer_query, waits_for_viewer
from crmkpi.dashboard.controls import Controls, first_state
from crmkpi.dashboard.markup import Html, esc, join, tag
from crmkpi.dashboard.state import LANGUAGES, PLACES, State
from crmkpi.dashboard.words import say
from crmkpi.errors import CrmkpiError, unknown

log = logging.getLogger("crmkpi")
Render = Callable[[Asker, bool], Html]
Plan = list[tuple[str, str]]
Names = list[str]  # in the class, list is what puts a list on the page


@dataclass(frozen=True)
class Part:
    """One part of the page: its name, its look, how it is made.

    ``sized`` if a phone gets another one; ``slow`` if the others are made first when a filter changes.
    """

    name: str
    look: str
    render: Render
    sized: bool = False
    slow: bool = False


class Dashboard:
    """A page over one set of data.

    Parameters
    ----------
    data:
        A data folder, an opened :class:`crmkpi.Crm`, or None for the folder in ``CRMKPI_DATA``, else the sample.
    title:
        What the page is called, in French and in English.
    period, as_of, compare, business_unit, team, rep, lang:
        The filters to begin with; None leaves them open. UsageError for a value that does not exist.
    filters:
        Whether the page shows its filters.
    """

    def __init__(
        self, data: Any = None, *, title: tuple[str, str] = ("", ""), period: str | None = None, as_of: str | None = None,
        compare: str | None = None, business_unit: str | None = None, team: str | None = None, rep: str | None = None,
        lang: str | None = None, filters: bool = True,
    ) -> None:  # fmt: skip
        self.title, self.filters = title, filters
        self.parts: list[Part] = []
        self._listed: Names = []
        self._own: dict[str, Any] | None = None
        self.view = lists.View("")
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
        self._problem: CrmkpiError | None = None
        try:
            self.crm: Any = data if isinstance(data, crmkpi.Crm) else crmkpi.open(data_folder(data))
            self.as_of: date = self.crm.day(as_of)
            self.state: State = first_state(self.crm, self.as_of, self._given)
        except CrmkpiError as error:
            if not in_voila():
                raise
            self._problem = error

    # --- what stands on the page --------------------------------------------------------------------------------------

    def headline(self, name: str, landing: str = "", watch: tuple[str, ...] = (), instead: str = "") -> None:
        """The answer in words: a figure, its target, where it lands, who makes the gap, who drifts on rates to watch.

        ``instead`` is the figure to speak of where the source does not have the first one.
        """

        def render(ask: Asker, static: bool) -> Html:
            spoken = ask.first_known(name, instead)
            said = headline.headline(ask, spoken, landing, watch)
            return join([said, home.dataline(ask)])

        self._add("answer", render)

    def tiles(self, *names: str, beside: dict[str, str] | None = None) -> None:
        """One tile per figure; pressing it opens its list. ``beside`` gives a figure another to be read with it."""

        def render(ask: Asker, static: bool) -> Html:
            more = beside or {}
            return tiles.grid(
                [self._guarded(ask, partial(tiles.tile, ask, name, more.get(name, ""))) for name in names]
            )

        self._list_of(names)
        self._add("tileset", render)

    def own(self, family: str = "", but: tuple[str, ...] = ()) -> None:
        """A tile for each figure that the data folder adds in its ``indicators/``, by the number of its indicator.

        ``but`` are the families that have a page of their own.
        """
        self._own = {"family": family, "but": but}

        def render(ask: Asker, static: bool) -> Html:
            names = ask.crm.own_figures(family, but)
            made = [self._guarded(ask, partial(tiles.tile, ask, name, "")) for name in names]
            return tiles.grid(made) if made else join([])

        self._add("tileset", render)

    def chart(self, kind: str, name: str, *more: str, look: str = "half", instead: str = "", **options: Any) -> None:
        """A chart of a kind (months, attainment, guarded, spread, groups) about one figure, or two.

        ``instead`` is the figure to draw where the source does not have the first one.
        """
        if kind not in charts.KINDS:
            raise unknown("chart", kind, charts.KINDS)

        def render(ask: Asker, static: bool) -> Html:
            drawn = ask.first_known(name, instead)
            return charts.card(ask, charts.KINDS[kind](ask, drawn, *more, **options), drawn)

        self._add(look, render, sized=True)

    def todo(self, *names: str) -> None:
        """What to do next about some figures, the most urgent first."""
        self._add("todo", lambda ask, static: todo.todo(ask, [*names]), slow=True)

    def list(self, *names: str) -> None:
        """The list behind a number: the first figure's, until another tile is pressed."""
        self._list_of(names)
        self.view = lists.View(names[0])
        self._add("list", self._render_list)

    def family(
        self, page: str, title: tuple[str, str], name: str, landing: str = "", watch: tuple[str, ...] = (),
        alerts: tuple[str, ...] = (), instead: str = "",
    ) -> None:  # fmt: skip
        """One line for a family of figures: its state, the answer in words, how many alerts, the way to its page."""

        def render(ask: Asker, static: bool) -> Html:
            return home.family(
                ask,
                page,
                title[ask.lang != "fr"],
                name,
                headline.headline(ask, name, landing, watch),
                alerts or (name,),
            )

        self._add("family", render, slow=True)

    def freshness(self) -> None:
        """How old the data are, table by table."""
        self._add("half", lambda ask, static: home.freshness(ask))

    def cannot(self) -> None:
        """Which figures cannot be computed on these data, and why."""
        self._add("half", lambda ask, static: home.cannot(ask))

    def frame(self, *names: str) -> pd.DataFrame:
        """The numbers of some figures under the filters, one row per figure: what the tiles show, as pandas."""
        results = self.asker(self.state).kpis(names or self.listed)
        rows = [{"figure": name, "unit": each.figure.unit} | each.row for name, each in results.items()]
        return pd.DataFrame(rows).set_index("figure")

    def _list_of(self, names: tuple[str, ...]) -> None:
        for name in names:
            if self._problem is None and name not in self.crm.figures:
                raise unknown("figure", name, self.crm.figures)
        self._listed += [name for name in names if name not in self._listed]

    @property
    def listed(self) -> Names:
        """The figures whose lists can be opened: those of the tiles, and the data folder's own."""
        mine = self.crm.own_figures(**self._own) if self._own and self._problem is None else []
        return [*self._listed, *(name for name in mine if name not in self._listed)]

    def _add(self, look: str, render: Render, sized: bool = False, slow: bool = False) -> None:
        self.parts.append(Part(f"part_{len(self.parts)}", f"ck-{look}", render, sized, slow))

    # --- making the parts ----------------------------------------------------------------------------------------------

    def asker(self, state: State) -> Asker:
        """The data under a state."""
        return Asker(self.crm, state, self._memory, self.as_of)

    def make(self, part: Part, state: State, static: bool = False) -> str:
        """The markup of a part; an error becomes words in its place, and the rest of the page goes on."""
        view = self.view if part.look == "ck-list" else None
        known = (
            self.crm.manifest.get("version"),
            part.name,
            state if part.sized else state.change(narrow=False),
            view,
            static,
        )
        ask = self.asker(state)
        return str(self._made.get(known, lambda: self._guarded(ask, lambda: part.render(ask, static))))

    def _guarded(self, ask: Asker, make: Callable[[], Html]) -> Html:
        try:
            return make()
        except CrmkpiError as error:
            return tiles.failed(ask, str(error))
        except Exception as error:
            log.exception("a part of the page failed")
            return tiles.failed(ask, ask.say("unexpected", kind=type(error).__name__))

    def _render_list(self, ask: Asker, static: bool) -> Html:
        return lists.panel(ask, self.listed, self.view, static)

    # --- showing it ------------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show the page: a widget where there is a kernel, the same page as HTML where there is none."""
        from IPython.display import display

        display(self.bundle(), raw=True)

    def bundle(self) -> dict[str, Any]:
        """The page under every type it is shown as: widget, static HTML, text."""
        if self._problem is not None:
            return self._sorry(self._problem)
        if waits_for_viewer():
            self._static()  # while nobody is looking: what most will ask for is ready
        query = viewer_query()
        try:
            self._refresh()
            self.state = first_state(self.crm, self.as_of, self._given | self.state.with_query(query))
        except CrmkpiError as error:
            return self._sorry(error)
        from crmkpi.dashboard.live import assemble

        html = self._static()
        widget = assemble(self)
        return {"text/plain": self.title[0], "text/html": html, **widget}

    @property
    def plan(self) -> Plan:
        """The parts in order, each with its look."""
        return [(part.name, part.look) for part in self.parts]

    def _static(self) -> str:
        from crmkpi.dashboard.page import static_page

        parts = {part.name: self.make(part, self.state, static=part.look == "ck-list") for part in self.parts}
        said = self.filters_in_words(self.state) if self.filters else ""
        return static_page(self.plan, parts, self.state.lang, said)

    def _sorry(self, error: CrmkpiError) -> dict[str, Any]:
        lang = self._given.get("lang") or "fr"
        words = tag(
            "p",
            esc(say(lang if lang in LANGUAGES else "fr", "cannot_open", why=str(error))),
            class_="ck-error",
            role="alert",
        )
        from crmkpi.dashboard.page import static_page

        return {"text/plain": str(error), "text/html": static_page([("sorry", "")], {"sorry": words}, lang)}

    def _refresh(self) -> bool:
        """Open the data again if they, their figures or their settings changed; whether they did."""
        if not isinstance(self._data, Path):
            return False
        again = crmkpi.open(self._data)
        same = again.manifest.get("version") == self.crm.manifest.get("version")
        if same and again.figures == self.crm.figures and again.settings == self.crm.settings:
            return False
        self._memory, self._made = Memory(), Memory()
        moved = self.as_of == self.crm.as_of
        self.crm = again
        self.as_of = again.as_of if moved else self.as_of
        return True

    def filters_in_words(self, state: State) -> str:
        """The filters in force, as a download says them."""
        ask, said = self.asker(state), []
        for name in PLACES:
            wanted = getattr(state, name)
            if wanted:
                labels = dict(zip(*(self.crm.values(name)[each].astype(str) for each in ("id", "label")), strict=True))
                said.append(ask.pair(ask.named(name), labels.get(wanted, wanted)))
        return "; ".join([ask.pair(ask.say("period"), ask.period_words()), *(said or [ask.say("no_filter")])])
