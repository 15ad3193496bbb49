"""What is to be written: an order becomes reports, one for each notebook, scope and language. Below it: the door."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import crmkpi
from crmkpi.calendar import parse, unit
from crmkpi.dashboard.context import viewer_scope
from crmkpi.errors import DataError, UsageError, unknown

FORMATS = ("html", "pdf", "xlsx", "ipynb")
"""What a report can be, besides the index and the manifest."""
PLACES = ("business_unit", "team", "rep")
"""What a report can be for: the filters of a dashboard."""
WHOLE = "company"
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Scope:
    """Whom a report is for: everyone, or one value of a filter (``place``, the ``value`` to filter by, its ``label``)."""

    place: str = ""
    value: str = ""
    label: str = ""

    @property
    def slug(self) -> str:
        """The name of its folder: letters and digits; what they leave out is told apart by a few more.

        >>> Scope("team", "T1", "Grands comptes").slug, Scope().slug
        ('team-grands-comptes-1f93', 'company')
        """
        if not self.place:
            return WHOLE
        plain = unicodedata.normalize("NFKD", self.label).encode("ascii", "ignore").decode().lower()
        plain = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
        told = hashlib.sha256(self.value.encode()).hexdigest()[:4]
        return "-".join(part for part in (self.place.replace("_", "-"), plain, told) if part)


@dataclass(frozen=True)
class Order:
    """What was asked for: where the data and the notebooks are, for when, for whom, in which languages and formats.

    ``by`` are dimensions whose every value gets its reports, ``only`` pairs of a dimension and one value; the company
    has its own in any case, unless ``company`` is false. ``keep`` is how many periods stay in ``to`` (0: all of them).
    """

    data: Path
    notebooks: Path
    to: Path
    period: str | None = None
    as_of: str | None = None
    by: tuple[str, ...] = ()
    only: tuple[tuple[str, str], ...] = ()
    company: bool = True
    langs: tuple[str, ...] = ("fr",)
    formats: tuple[str, ...] = FORMATS
    names: tuple[str, ...] = ()
    jobs: int = 2
    limit: float = 300.0
    again: bool = False
    keep: int = 0


@dataclass(frozen=True)
class Report:
    """One notebook for one scope in one language; ``book`` stands for the workbook beside the notebooks."""

    notebook: str
    scope: Scope
    lang: str
    period: str
    as_of: str

    @property
    def folder(self) -> Path:
        """Where its files are, under the folder of all reports."""
        return Path(self.period.replace("/", "_")) / self.scope.slug / self.lang

    @property
    def key(self) -> str:
        """Its name in the manifest."""
        return (self.folder / self.notebook).as_posix()

    def parameters(self, data: Path) -> dict[str, Any]:
        """The parameters of the notebook."""
        asked = {"data": str(data), "period": self.period, "as_of": self.as_of, "lang": self.lang}
        return asked | ({self.scope.place: self.scope.value} if self.scope.place else {})


BOOK = "figures"
"""The name of the workbook."""


def reports(order: Order) -> tuple[list[Report], dict[str, Any]]:
    """Every report of an order, and what they all depend on: the data's version, the figures and settings of one's own.

    Errors
    ------
    UsageError for a dimension, a value, a language, a format or a notebook that does not exist.
    """
    for kind, given, known in (("language", order.langs, LANGUAGES), ("format", order.formats, FORMATS)):
        for name in given:
            if name not in known:
                raise unknown(kind, name, known)
    crm = crmkpi.open(order.data, scope=viewer_scope())
    as_of = crm.day(order.as_of)
    period = _period(crm, order.period, as_of)
    kept = [name for name in notebooks(order.notebooks) if name in order.names or not order.names]
    for name in order.names:
        if name not in kept:
            raise unknown("notebook", name, notebooks(order.notebooks))
    found = [
        Report(name, scope, lang, period, as_of.isoformat())
        for scope in _scopes(crm, order)
        for lang in order.langs
        for name in [*kept, *([BOOK] if "xlsx" in order.formats else [])]
    ]
    shared = {"data_version": crm.manifest.get("version"), "own": _own(order.data), "crmkpi": crmkpi.__version__}
    return found, shared | {"import_failed": crm.manifest.get("import_failed")}


RELATIVE = {
    f"{which}_{grain}": (which, grain) for which in ("this", "last") for grain in ("week", "month", "quarter", "year")
}
"""Periods that a schedule asks for, each time anew, by the data's own date."""


def _period(crm: Any, name: str | None, as_of: date) -> str:
    """The name of the period that is asked for.

    >>> from types import SimpleNamespace
    >>> _period(SimpleNamespace(settings={}), "last_month", date(2026, 10, 15))
    '2026-09'
    """
    if name in RELATIVE:
        which, grain = RELATIVE[name]
        found = unit(as_of, grain, int(crm.settings.get("fiscal_year_start", 1)))
        return (found.previous() if which == "last" else found).label
    return parse(name).label if name else f"{as_of:%Y-%m}"


def notebooks(folder: Path) -> list[str]:
    """The dashboards of a folder, without the home page: it is where one goes on from, not a report."""
    found = [path.stem for path in sorted(folder.glob("[1-9]_*.ipynb"))]
    if not found:
        raise DataError(f"no notebook such as 1_commercial.ipynb in {folder}")
    return found


def title_of(folder: Path, name: str, lang: str) -> str:
    """What a notebook is called."""
    titles = json.loads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))["metadata"].get("crmkpi", {})
    return str(titles.get(lang, name))


def _scopes(crm: Any, order: Order) -> list[Scope]:
    wanted = [Scope()] if order.company else []
    for place in order.by:
        wanted += [Scope(place, *each) for each in _values(crm, place)]
    for place, value in order.only:
        known = _values(crm, place)
        match = [each for each in known if value in each]
        if not match:
            raise unknown(place, value, [label for _id, label in known])
        wanted.append(Scope(place, *match[0]))
    if not wanted:
        raise UsageError("nobody to write for: neither the company nor a value of a dimension was asked for")
    return list(dict.fromkeys(wanted))


def _values(crm: Any, place: str) -> list[tuple[str, str]]:
    if place not in PLACES:
        raise unknown("dimension", place, PLACES)
    frame = crm.values(place)
    return [
        (str(one), str(label))
        for one, label in zip(frame["id"], frame["label"], strict=True)
        if one is not None and one
    ]


def _own(data: Path) -> str:
    """A checksum of the figures and settings that the data folder brings itself."""
    files = sorted(path for path in data.rglob("*") if path.suffix in (".sql", ".toml") and path.is_file())
    total = hashlib.sha256()
    for path in files:
        total.update(path.relative_to(data).as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:16]


def fingerprint(report: Report, order: Order, shared: Mapping[str, Any], formats: Sequence[str]) -> str:
    """What a report is made from (the workbook: from every notebook); as long as it is the same, so is the report."""
    read = notebooks(order.notebooks) if report.notebook == BOOK else [report.notebook]
    text = b"".join((order.notebooks / f"{name}.ipynb").read_bytes() for name in read)
    given = [report.key, report.as_of, report.scope.value, sorted(formats), dict(shared)]
    return hashlib.sha256(json.dumps(given, sort_keys=True, default=str).encode() + text).hexdigest()
