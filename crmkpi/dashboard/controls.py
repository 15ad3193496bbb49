"""The filters: ipywidgets that make a state, cascade from business unit to rep, and speak two languages.

Below it: dashboard.state, ipywidgets. A viewer can set any value a widget holds: what comes out of here is
checked against the values that exist, and is never a right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import ipywidgets as widgets

from crmkpi.calendar import parse
from crmkpi.dashboard.markup import Html, tag
from crmkpi.dashboard.state import COMPARISONS, LANGUAGES, PLACES, State, months_back, presets, range_label
from crmkpi.dashboard.words import say
from crmkpi.errors import UsageError, unknown
from crmkpi.format import period_text

_OTHER = "other"
_LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


class Controls:
    """The filters over one set of data; ``changed`` is called with the new state.

    ``known`` is what another found to be offered for the same state (:meth:`known`).
    """

    def __init__(
        self, crm: Any, as_of: date, state: State, changed: Callable[[State], None], known: dict[str, Any] | None = None
    ) -> None:
        self.crm, self.as_of, self.state, self._changed = crm, as_of, state, changed
        self._known = known or {}
        self._quiet = False
        self.period = widgets.Dropdown()
        self.first, self.last = widgets.DatePicker(), widgets.DatePicker()
        self.compare = widgets.Dropdown()
        self.places = {name: widgets.Dropdown() for name in PLACES}
        self.lang = widgets.Dropdown(options=[(_LANGUAGE_NAMES[each], each) for each in LANGUAGES])
        self.reset = widgets.Button()
        self.lang.add_class("ck-language")
        order = [self.period, self.first, self.last, self.compare, *self.places.values(), self.lang, self.reset]
        self.box = widgets.Box(order)
        self.box.add_class("ck-filters")
        self._fill()
        for each in order[:-1]:
            each.observe(self._read, "value")
        self._known = {}
        self.reset.on_click(lambda _button: self.set(business_unit="", team="", rep=""))

    def set(self, **changes: Any) -> None:
        """Change the state from outside: a bar pressed, an address opened; UsageError for a period that is none."""
        parse(str(changes.get("period", "all")), self._fiscal)
        self._take(self.state.change(**changes))

    def _read(self, change: dict[str, Any]) -> None:
        """What the widgets say, as a state."""
        if self._quiet:
            return
        period = self._period(change["owner"])
        if period is None:
            return
        places = {name: str(each.value or "") for name, each in self.places.items()}
        self._take(self.state.change(period=period, compare=self.compare.value, lang=self.lang.value, **places))

    def _period(self, owner: Any) -> str | None:
        """The period chosen; None while the dates are not both there."""
        if self.period.value != _OTHER and owner not in (self.first, self.last):
            return str(self.period.value)
        if owner is self.period:
            self._open_dates()
            return None
        if self.first.value is None or self.last.value is None:
            return None
        return range_label(self.first.value, self.last.value)

    def _open_dates(self) -> None:
        """Show the two dates, set to the period that was chosen until now."""
        period = parse(self.state.period, self._fiscal)
        with self._silence():
            if period.grain != "all":
                self.first.value, self.last.value = period.start, min(period.last_day, self.as_of)
            for each in (self.first, self.last):
                each.layout.display = None

    def _take(self, state: State) -> None:
        state = self._cascade(state)
        if state == self.state:
            return
        self.state = state
        self._fill()
        self._changed(state)

    def _cascade(self, state: State) -> State:
        """A team that is not in the business unit any more opens again; so does a rep."""
        for place, name in enumerate(PLACES):
            if getattr(state, name) and getattr(state, name) not in {
                key for _label, key in self.options(name, state, place)
            }:
                state = state.change(**{name: ""})
        return state

    def options(self, name: str, state: State, place: int | None = None) -> list[tuple[str, str]]:
        """The values of a place under the places above it: label and id."""
        if name in self._known:
            return [(label, key) for label, key in self._known[name]]
        above = PLACES[: PLACES.index(name) if place is None else place]
        where = {each: [getattr(state, each)] for each in above if getattr(state, each)}
        frame = self.crm.values(name, where=where or None)
        pairs = [(str(label), str(key)) for key, label in zip(frame["id"], frame["label"], strict=True)]
        labels = [label for label, _key in pairs]
        return [(label if labels.count(label) == 1 else f"{label} ({key})", key) for label, key in pairs]

    @property
    def _fiscal(self) -> int:
        return int(self._known.get("fiscal") or self.crm.settings.get("fiscal_year_start", 1))

    def known(self) -> dict[str, Any]:
        """What another needs to offer the same without asking the data."""
        return {name: self.options(name, self.state) for name in PLACES} | {"fiscal": self._fiscal}

    def _periods(self, lang: str) -> list[tuple[str, str]]:
        named = presets(self.as_of, self._fiscal)
        shown = {
            label: say(lang, key)
            if key == "all"
            else f"{say(lang, key)} · {period_text(parse(label, self._fiscal), lang)}"
            for key, label in named.items()
        }
        shown |= {each.label: period_text(each, lang) for each in months_back(self.as_of) if each.label not in shown}
        if self.state.period not in shown:
            shown = {self.state.period: period_text(parse(self.state.period, self._fiscal), lang)} | shown
        return [(words, label) for label, words in shown.items()] + [(say(lang, "other"), _OTHER)]

    def _fill(self) -> None:
        """Words, options and values for the state."""
        lang = self.state.lang
        with self._silence():
            self._choose(self.period, self._periods(lang), self.state.period, say(lang, "period"))
            compared = [(say(lang, each), each) for each in COMPARISONS]
            self._choose(self.compare, compared, self.state.compare, say(lang, "compare"))
            for name, each in self.places.items():
                options = self.options(name, self.state)
                everyone = (say(lang, f"everyone_{name}"), "")
                self._choose(each, [everyone, *options], getattr(self.state, name), say(lang, name))
                each.layout.display = None if len(options) > 1 or getattr(self.state, name) else "none"
            self.first.description, self.last.description = say(lang, "from"), say(lang, "to")
            for date_picker in (self.first, self.last):
                date_picker.layout.display = None if parse(self.state.period).grain == "range" else "none"
            self.lang.description, self.lang.value = say(lang, "lang"), lang
            self.reset.description = say(lang, "reset")
            self.reset.layout.display = None if self.state.where else "none"

    @staticmethod
    def _choose(widget: Any, options: list[tuple[str, str]], value: str, words: str) -> None:
        if list(widget.options) != options:
            widget.options = options
        widget.value = value
        widget.description = words

    @contextmanager
    def _silence(self) -> Iterator[None]:
        """What the page itself sets is no choice of the viewer."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before


def filters_markup(controls: Controls) -> Html:
    """The filters as HTML, the same to the eye: what the server shows before there are widgets."""
    return tag("div", *map(_filter_markup, controls.box.children), class_="ck-filters")


def _filter_markup(widget: Any) -> Html | None:
    shown = "display: none" if widget.layout.display == "none" else None
    if isinstance(widget, widgets.Button):
        return tag("button", widget.description, type="button", class_="widget-button", style=shown)
    if isinstance(widget, widgets.DatePicker):
        field = tag("input", type="date", value=str(widget.value or ""), aria_label=widget.description)
        return _labelled(widget, field, "widget-datepicker", shown)
    options = [tag("option", words, selected=value == widget.value) for words, value in widget.options]
    field = tag("select", *options, aria_label=widget.description)
    return _labelled(widget, field, " ".join(("widget-dropdown", *widget._dom_classes)), shown)


def _labelled(widget: Any, field: Html, look: str, shown: str | None) -> Html:
    return tag("div", tag("label", widget.description, class_="widget-label"), field, class_=look, style=shown)


def first_state(crm: Any, as_of: date, given: dict[str, Any]) -> State:
    """The state that parameters or an address ask for; UsageError says what does not exist, and what does."""
    fiscal = int(crm.settings.get("fiscal_year_start", 1))
    period = parse(str(given.get("period") or presets(as_of, fiscal)["this_month"]), fiscal)
    compare, lang = given.get("compare") or "previous", given.get("lang") or crm.language
    if compare not in COMPARISONS:
        raise unknown("comparison", str(compare), COMPARISONS)
    if lang not in LANGUAGES:
        raise unknown("language", str(lang), LANGUAGES)
    state = State(period=period.label, compare=compare, lang=lang)
    for name in PLACES:
        if given.get(name):
            state = state.change(**{name: _find(crm, name, str(given[name]), state)})
    return state


def _find(crm: Any, name: str, wanted: str, state: State) -> str:
    """The id of a value given by id or by name; names are compared without case."""
    frame = crm.values(name)
    ids, labels = frame["id"].astype(str).tolist(), frame["label"].astype(str).tolist()
    if wanted in ids:
        return wanted
    found = [key for key, label in zip(ids, labels, strict=True) if label.casefold() == wanted.casefold()]
    if not found:
        raise unknown(name.replace("_", " "), wanted, labels)
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} {name.replace('_', ' ')}s are called {wanted!r}: give the id, one of {', '.join(found)}"
        )
    return found[0]
