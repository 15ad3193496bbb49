"""A page composed by short calls in a notebook: what stands on it, and what happens when something is pressed.

    board = Dashboard(data, title=("Activité commerciale", "Commercial activity"), team="Sud")
    board.headline("some_figure")
    board.tiles("some_figure", "another")
    board.show()

The notebook names the figures; nothing here does. Below it: ``making``, which makes what is composed here.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from crmkpi.dashboard import charts, headline, home, lists, sheet, tiles, today, todo
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.making import ROWS, SHEET, Making
from crmkpi.dashboard.markup import Html, join
from crmkpi.dashboard.views import View
from crmkpi.errors import unknown


class Dashboard(Making):
    """A page over one set of data, composed by the methods below.

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

    def headline(
        self, name: str, landing: str = "", watch: tuple[str, ...] = (), instead: str = "", also: tuple[str, ...] = (),
        outliers: tuple[str, ...] = (), largest: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """The answer in words: a figure, its target, where it lands, who makes the gap, who drifts on rates to watch.

        ``instead`` is the figure to speak of where the source does not have the first one; ``also`` are said in the same
        sentence; ``outliers`` are those of which it is said who stands apart from the others, ``largest`` those of which
        the one customer that is worth most is named.
        """

        def render(ask: Asker, static: bool) -> Html:
            spoken = ask.first_known(name, instead)
            said = headline.headline(ask, spoken, landing, watch, also, outliers, largest)
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
        self.places.tile([*names, *(beside or {}).values()])
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
            meaning = define(ask, [drawn, *others])
            return charts.card(ask, charts.KINDS[kind](ask, drawn, *more, **options), drawn, meaning)

        others = [*more, *(options[each] for each in charts.FIGURES if options.get(each))]
        define = self._define(others if instead else [name, *others])
        self._add(look, render, sized=True)

    def todo(self, *names: str) -> None:
        """What to do next about some figures, the most urgent first."""
        self._add("todo", lambda ask, static: todo.todo(ask, [*names]), slow=True)

    def list(self, *names: str) -> None:
        """The list behind a number: the first figure's, until another tile is pressed."""

        def render(ask: Asker, static: bool) -> Html:
            if static:
                return lists.every(ask, self.listed, define)
            return lists.panel(ask, self.listed, self.views[ROWS], define=define)

        self._list_of(names)
        define = self._define(())
        self._add_list(ROWS, render, View(names[0]))

    def sheet(self, *names: str, by: str = "customer") -> None:
        """Several figures side by side, one line per value of a dimension: the portfolio of customers."""
        self._known(names)
        self.sheet_of = [*names]
        define = self._define(names)
        self._add_list(
            SHEET, lambda ask, static: sheet.panel(ask, [*names], self.views[SHEET], static, define), View(by)
        )

    def today(self) -> None:
        """What to do first, over every figure; each line leads to the list it comes from, on the pages named so far."""
        self._add("todo", lambda ask, static: today.today(ask, self.pages), slow=True)

    def family(
        self, page: str, title: tuple[str, str], name: str, landing: str = "", watch: tuple[str, ...] = (),
        alerts: tuple[str, ...] = (), instead: str = "", also: tuple[str, ...] = (), outliers: tuple[str, ...] = (),
        largest: tuple[str, ...] = (), judged: tuple[str, float, float] | None = None,
    ) -> None:  # fmt: skip
        """One line for a family of figures: its state, the answer in words, how many alerts, the way to its page.

        ``judged`` is a figure with the values from which it is to watch, and to act on, for families without a target.
        """
        self.pages[page.partition("_")[0]] = page

        def render(ask: Asker, static: bool) -> Html:
            spoken = ask.first_known(name, instead)
            said = headline.headline(ask, spoken, landing, watch, also, outliers, largest)
            state = home.judged(ask, *judged) if judged else home.attained(ask, spoken)
            return home.family(ask, page, title[ask.lang != "fr"], state, said, alerts or (name, *also))

        self._add("family", render, slow=True)

    def since(self, *names: str) -> None:
        """What has changed since last Monday, as it was remembered (see docs/history.md): these figures then and now."""
        define = self._define(names)
        self._add("half", lambda ask, static: home.since(ask, names, define), slow=True)

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
