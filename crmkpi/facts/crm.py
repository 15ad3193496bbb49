"""The one door: ask figures of opened data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from crmkpi.access import COMPANY, Scope
from crmkpi.calendar import ALL, DAY, GRAINS, Period, check_day, parse, unit
from crmkpi.errors import UsageError
from crmkpi.facts import alerts, corrections, gaps, lists
from crmkpi.facts.backtest import Backtest, backtest
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import split
from crmkpi.facts.gaps import Gap
from crmkpi.facts.grid import Ask
from crmkpi.facts.labels import labelled
from crmkpi.facts.labels import values as values_of
from crmkpi.facts.measure import first_day
from crmkpi.facts.past import Past
from crmkpi.facts.question import OVERLAP, Words, extra_columns, filters, overlaps, shaped, words
from crmkpi.facts.result import Result, plain
from crmkpi.facts.sheet import sheet
from crmkpi.facts.today import LIMIT, today
from crmkpi.facts.values import is_dated, undated_at
from crmkpi.facts.wide import frame, wide
from crmkpi.indicators import Figure


class Crm:
    """Data with the figures that can be asked of it; ``scope`` is what of the data was opened."""

    def __init__(self, base: Base, scope: Scope = COMPANY) -> None:
        self.base = base
        self.scope = scope

    @property
    def manifest(self) -> dict[str, Any]:
        """Where the data come from: source, loading time, own date, zone, currency, tables, report."""
        return self.base.engine.manifest

    @property
    def as_of(self) -> date:
        """The data's own date: the day that questions are asked at by default."""
        return self.base.as_of

    @property
    def currency(self) -> str:
        """The reporting currency (ISO code)."""
        return str(self.manifest.get("currency") or "")

    @property
    def language(self) -> str:
        """The language of reasons and labels, ``fr`` or ``en``."""
        return self.base.lang

    @property
    def settings(self) -> dict[str, object]:
        """The settings in force."""
        return dict(self.base.settings)

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure, by name."""
        return self.base.library.figures

    @property
    def history(self) -> Past:
        """What was known at a day, and what has changed since (see :class:`Past`)."""
        return Past(self)

    def for_many(self) -> Crm:
        """The same data for one who goes from team to team and rep to rep: they are asked once, for all of them."""
        return Crm(replace(self.base, by_place=True), self.scope)

    def own_figures(self, family: str = "", but: Iterable[str] = ()) -> list[str]:
        """The figures that the data folder adds, of the indicators whose number starts with ``family``.

        ``but`` are families to leave out: those that have a page of their own.
        """
        mine = [figure for name, figure in self.figures.items() if name in self.base.library.own]
        others = tuple(but)
        return [f.name for f in mine if f.no.startswith(family) and not (others and f.no.startswith(others))]

    def period(self, period: str | Period | None, as_of: date | str | None = None) -> Period:
        """The period that a text names; by default the month that holds ``as_of``."""
        return self._period(self.base, period, self.day(as_of))

    @staticmethod
    def _period(base: Base, period: str | Period | None, day: date) -> Period:
        if isinstance(period, Period):
            return period
        return parse(period, base.fiscal) if period else unit(day, "month")

    def day(self, as_of: date | str | None) -> date:
        """The day that a question is asked at."""
        if isinstance(as_of, str):
            try:
                as_of = date.fromisoformat(as_of)
            except ValueError:
                raise UsageError(f"as_of is {as_of!r}; expected a day such as 2026-11-23") from None
        return check_day(as_of or self.as_of)

    def kpi(
        self, name: str, *, period: str | Period | None = None, as_of: date | str | None = None, by: Words = None,
        where: Mapping[str, Words] | None = None, compare: Words = (), settings: Mapping[str, object] | None = None,
        lang: str | None = None,
    ) -> Result:  # fmt: skip
        """A figure over a period, by dimensions, under filters, with comparisons.

        ``by`` are dimensions (``rep, team, business_unit, customer, segment, industry``, the figure's own, and one
        calendar unit); ``where`` maps a dimension to the values to keep (ids or names; ``""`` is the group without
        one); ``compare`` is any of ``previous, last_year, target``. Money is excluding tax, in the reporting
        currency; rates are 0..1. UsageError for a name that does not exist.
        """
        base = self.base.with_(settings, lang)
        figure, day = base.figure(name), self.day(as_of)
        asked = self._period(base, period, day)
        dimensions, grain = split(words(by), figure)
        kept, compared = filters(figure, where), words(compare)
        buckets = list(self._buckets(base, figure, asked, day, grain)) if grain else [asked]
        grid = wide(base, figure, [Ask(each, day) for each in buckets], dimensions, kept, compared)
        rows = labelled(base, figure, frame(grid, dimensions, keep_whole=not dimensions), dimensions)
        if grain:
            labels, starts = [each.label for each in buckets], [str(each.start) for each in buckets]
            rows[grain] = [labels[key] for key in rows["key"]]
            rows[f"{grain}_id"] = [starts[key] for key in rows["key"]]
        if len(rows) > 1:  # the largest first; what is alike by name, then by id, not as the engine happened to give it
            alike = [*dimensions, *(f"{each}_id" for each in dimensions)]
            rows = rows.sort_values(["key", "value", *alike], ascending=[True, False, *(True for _ in alike)])
        shown = [name for each in words(by) for name in (each, f"{each}_id")]
        answer = shaped(rows, shown, extra_columns(figure))
        whole = answer
        if shown:
            single = wide(base, figure, [Ask(asked, day)], (), kept, compared) if grain else grid
            whole = shaped(frame(single, (), keep_whole=True).head(1), [], extra_columns(figure))
        total = whole.iloc[0].to_dict()
        return Result(
            figure, day, asked, tuple(words(by)), answer,
            {str(name): plain(value) for name, value in total.items()},
            self.currency, grid.sql, grid.params, base.settings, self._source(),
            lambda: lists.left_out(base, figure, Ask(asked, day), kept),
            base.say(*OVERLAP) if dimensions and overlaps(base, figure) else "",
        )  # fmt: skip

    def kpis(self, names: Iterable[str], **question: Any) -> dict[str, Result]:
        """Several figures, asked the same question."""
        return {name: self.kpi(name, **question) for name in names}

    def trend(
        self, name: str, *, grain: str = "month", periods: int = 13, period: str | Period | None = None,
        as_of: date | str | None = None, by: Words = None, where: Mapping[str, Words] | None = None,
        compare: Words = (), settings: Mapping[str, object] | None = None, lang: str | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """A figure over the ``periods`` calendar units up to the one that holds the end of ``period``.

        One row per unit (and group), the oldest first: ``period`` (label), ``start``, ``end`` (excluded), ``dated`` (False
        where the source does not date what is weighed: no trend is to be drawn from it) and the columns of an answer.
        """
        base = self.base.with_(settings, lang)
        figure, day = base.figure(name), self.day(as_of)
        asked = self._period(base, period, day)
        last = unit(min(asked.last_day, day), grain, base.fiscal)
        units = [last]
        while len(units) < periods:
            units.append(units[-1].previous())
        units.reverse()
        dimensions, _ = split(words(by), figure)
        asks = [Ask(each, day) for each in units]
        grid = wide(base, figure, asks, dimensions, filters(figure, where), words(compare))
        rows = labelled(base, figure, frame(grid, dimensions, keep_whole=not dimensions), dimensions)
        for column, attribute in {"period": "label", "start": "start", "end": "end"}.items():
            rows[column] = [getattr(units[key], attribute) for key in rows["key"]]
        rows["dated"] = [not undated_at(base, figure, asks[key]) for key in rows["key"]]
        shown = ["period", "start", "end", "dated", *(part for each in dimensions for part in (each, f"{each}_id"))]
        return shaped(rows, shown, [each.name for each in figure.beside])

    def is_dated(self, name: str) -> bool:
        """Whether the source dates what a figure weighs; if not, a past day is partial and its past is no trend."""
        return is_dated(self.base, self.base.figure(name))

    def gap(
        self, name: str, *, against: str = "previous", by: str = "rep", period: str | Period | None = None,
        as_of: date | str | None = None, where: Mapping[str, Words] | None = None,
        settings: Mapping[str, object] | None = None, lang: str | None = None,
    ) -> Gap:  # fmt: skip
        """What makes the gap of a figure from ``against`` (``previous``, ``last_year``, ``target``, a period) to actual.

        ``by`` is a dimension (who makes it), ``basket`` (number x mean amount) or ``product`` (price, volume and mix,
        where there are lines). Like with like: an unfinished period is set against as many working days of the other.
        """
        base = self.base.with_(settings, lang)
        figure, day = base.figure(name), self.day(as_of)
        now = Ask(self._period(base, period, day), day)
        return gaps.gap(base, figure, now, against, by, filters(figure, where))

    def backtest(
        self, name: str, *, period: str | Period | None = None, as_of: date | str | None = None,
        where: Mapping[str, Words] | None = None, settings: Mapping[str, object] | None = None, lang: str | None = None,
    ) -> Backtest:  # fmt: skip
        """How far a forecast has been from what came, over past periods seen at the working day this one has reached.

        With the interval (about 80 %) that these errors give the present forecast, and how often such intervals held.
        """
        base = self.base.with_(settings, lang)
        figure, day = base.figure(name), self.day(as_of)
        return backtest(base, figure, Ask(self._period(base, period, day), day), filters(figure, where))

    def facts(
        self, name: str, *, period: str | Period | None = None, as_of: date | str | None = None,
        where: Mapping[str, Words] | None = None, settings: Mapping[str, object] | None = None,
        lang: str | None = None, left_out: bool = False, limit: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """The list behind the number: its facts, which add up to it; with ``left_out``, those left out and why.

        ``attrs["amounts"]`` names its columns that are amounts of money.
        """
        base = self.base.with_(settings, lang)
        figure, day = base.figure(name), self.day(as_of)
        return lists.facts(
            base, figure, Ask(self._period(base, period, day), day), filters(figure, where), left_out, limit
        )

    def left_out(self, name: str, **question: Any) -> dict[str, int]:
        """How many rows a figure leaves out, by reason: excluded by rule, missing for lack of data, deleted."""
        base = self.base.with_(question.pop("settings", None), question.pop("lang", None))
        figure, day = base.figure(name), self.day(question.get("as_of"))
        ask = Ask(self._period(base, question.get("period"), day), day)
        return lists.left_out(base, figure, ask, filters(figure, question.get("where")))

    def alerts(
        self, figures: Iterable[str] | None = None, *, period: str | Period | None = None,
        as_of: date | str | None = None, where: Mapping[str, Words] | None = None,
        settings: Mapping[str, object] | None = None, lang: str | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """What to act on: the alerts of rows and of groups, the most severe and largest first."""
        base = self.base.with_(settings, lang)
        day = self.day(as_of)
        chosen = [base.figure(name) for name in (figures or self.figures)]
        return alerts.alerts(base, chosen, Ask(self._period(base, period, day), day), where or {}, filters)

    def today(
        self, *, as_of: date | str | None = None, where: Mapping[str, Words] | None = None,
        settings: Mapping[str, object] | None = None, lang: str | None = None, limit: int = LIMIT,
    ) -> pd.DataFrame:  # fmt: skip
        """What to do now, over every figure: one line per customer, the most urgent first (see :func:`today`)."""
        found = self.alerts(as_of=as_of, where=where, settings=settings, lang=lang)
        days = int(str(self.base.with_(settings, lang).settings["alert_days"]))
        return today(found, self.day(as_of) - days * DAY, limit)

    def sheet(self, figures: Iterable[str], by: Words = "customer", **question: Any) -> pd.DataFrame:
        """Several figures side by side, one line per customer (or whatever ``by`` says): see :func:`sheet`."""
        dimensions = words(by)
        if not dimensions or any(name in GRAINS for name in dimensions):
            raise UsageError("a sheet is by customer, rep, team or another dimension that is no calendar unit")
        return sheet(self.kpis(figures, by=dimensions, **question), dimensions)

    def corrections(
        self, *, as_of: date | str | None = None, where: Mapping[str, Words] | None = None,
        settings: Mapping[str, object] | None = None, lang: str | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """What to correct in the records: one line per field that is empty or wrong (see :mod:`corrections`)."""
        base, day = self.base.with_(settings, lang), self.day(as_of)
        ask = Ask(self._period(base, None, day), day)
        return corrections.corrections(base, ask, filters(corrections.source(base), where))

    def values(self, name: str, where: Mapping[str, Words] | None = None) -> pd.DataFrame:
        """The values of a dimension: ``id`` and ``label``; for reps, those of a team or business unit (``where``)."""
        engine = self.base.engine
        if where and name in ("rep", "team", "business_unit"):
            users = engine.query("select user_id as rep, name, team, business_unit from users", {})
            for place, wanted in where.items():
                users = users[users[place].isin(words(wanted))]
            frame = pd.DataFrame({"id": users[name], "label": users["name"] if name == "rep" else users[name]})
            return frame.dropna().drop_duplicates().sort_values(["label", "id"], ignore_index=True)
        return values_of(self.base, name).copy()

    def _buckets(self, base: Base, figure: Figure, asked: Period, day: date, grain: str) -> Iterable[Period]:
        if asked.grain != ALL.grain:
            return asked.split(grain, base.fiscal)
        source = base.figure(figure.input_names[0]) if figure.inputs else figure
        oldest = first_day(base, source) or day
        first, last = (unit(each, grain, base.fiscal) for each in (min(oldest, day), day))
        return Period("all", first.start, last.end, "range").split(grain, base.fiscal)

    def _source(self) -> dict[str, object]:
        return {name: self.manifest.get(name) for name in ("source", "loaded_at", "version", "as_of")}
