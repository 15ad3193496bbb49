"""What every question needs: the engine, the library of figures, the settings in force, the language."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from crmkpi.calendar import WorkingDays
from crmkpi.engine import DuckDB
from crmkpi.errors import DataError, UsageError, unknown
from crmkpi.facts import compose
from crmkpi.indicators import Figure, Library, Setting, find
from crmkpi.schema import TABLES

GENERAL = (
    Setting("country", "FR", "pays des jours fériés (code ISO)", "country of the public holidays (ISO code)"),
    Setting("fiscal_year_start", 1, "mois où commence l'exercice", "month in which the fiscal year starts"),
    Setting("ok_coverage", 0.95, "couverture d'un résultat complet", "coverage of a complete result"),
    Setting("min_coverage", 0.20, "couverture sous laquelle rien n'est dit", "coverage below which nothing is said"),
    Setting("small_n", 5, "effectif sous lequel un taux n'est pas classé", "count below which a rate is not ranked"),
    Setting("alert_days", 30, "jours que regardent les alertes", "days that alerts look at"),
    Setting("monthly_weights", "", "poids des 12 mois d'un objectif annuel", "weights of a yearly target's 12 months"),
)


@dataclass
class Base:
    """One opened set of data with the settings and the language of a question.

    ``by_place`` says that many places will be asked for one after the other (:mod:`crmkpi.facts.held`).
    ``folder`` is the data folder, where the history is; None for frames.
    """

    engine: DuckDB
    library: Library
    settings: dict[str, object]
    lang: str = "en"
    cache: dict[object, Any] = field(default_factory=dict)
    by_place: bool = False
    folder: Path | None = None

    def with_(self, settings: Mapping[str, object] | None, lang: str | None) -> Base:
        """The same data under other settings or in another language; what they do not change stays cached."""
        if lang not in (None, "fr", "en"):
            raise unknown("language", str(lang), ("fr", "en"))
        if not settings and lang in (None, self.lang):
            return self
        changed = override(self.settings, settings or {}, known_settings(self.library), "setting")
        cache = self.cache if changed == self.settings else {}
        return replace(self, settings=changed, lang=lang or self.lang, cache=cache)

    def forget(self, kind: str, keep: int = 200) -> None:
        """Drop the oldest remembered answers of a kind, beyond ``keep``."""
        held = [key for key in self.cache if isinstance(key, tuple) and key[0] == kind]
        for key in held[: max(0, len(held) - keep)]:
            self.cache.pop(key, None)

    @functools.cached_property
    def working(self) -> WorkingDays:
        """The working days of the setting ``country``."""
        return WorkingDays(str(self.settings["country"]))

    @property
    def fiscal(self) -> int:
        """The month in which the fiscal year starts."""
        month = self.settings["fiscal_year_start"]
        if not isinstance(month, int) or not 1 <= month <= 12:
            raise UsageError(f"setting fiscal_year_start is {month!r}; expected a month from 1 to 12")
        return month

    @property
    def as_of(self) -> date:
        """The data's own date."""
        return date.fromisoformat(str(self.engine.manifest["as_of"]))

    def figure(self, name: str) -> Figure:
        """The figure called ``name``; UsageError with the nearest name if there is none."""
        return find(self.library.figures, name)

    def columns(self, figure: Figure) -> dict[str, str]:
        """The columns of a figure's facts, with their types."""
        key = ("columns", figure.name)
        if key not in self.cache:
            try:
                self.cache[key] = compose.column_types(figure, self.library, self.engine, self.settings)
            except DataError as error:
                raise DataError(f"{figure.name}.sql can not run: {error}") from error
            for needed in ("day", "account_id", "owner_id", "id", "num"):
                if needed not in self.cache[key]:
                    raise DataError(f"{figure.name}.sql gives no column {needed!r}; facts need it")
            _check_types(figure, self.cache[key])
        return self.cache[key]

    def words(self, figure: Figure, code: str) -> str:
        """The words for a code of a figure, in the language of the question."""
        pair = figure.words.get(code)
        return pair[self.lang != "fr"] if pair else self.say(*BUILT_IN.get(code, (code, code)))

    def lacks(self, tables: Sequence[str]) -> str:
        """That the source has not these tables, in words."""
        named = ", ".join(f"{self.say(TABLES[name].fr, TABLES[name].en).lower()} ({name})" for name in tables)
        return self.say(f"manque dans la source : {named}", f"missing in the source: {named}")

    def say(self, fr: str, en: str) -> str:
        """One of two wordings."""
        return fr if self.lang == "fr" else en


def counted(words: str, n: int, lang: str, shown: str = "") -> str:
    """Words about rows: ``{n}`` is how many (as ``shown``, if given), ``[s]`` an s where that is a plural.

    A part that says a share of the whole, ``, known for {coverage}``, is left for who knows it.

    >>> counted("{n} visit[s]", 1, "en"), counted("{n} visite[s]", 0, "fr"), counted("{n} row[s]", 0, "en")
    ('1 visit', '0 visite', '0 rows')
    """
    plural = "s" if n > 1 or (n == 0 and lang != "fr") else ""
    return words.replace("[s]", plural).replace("{n}", shown or str(n))


def without_share(words: str) -> str:
    """Words about rows without the part that says for which share of the whole something is known.

    >>> without_share("{n} order[s] without a cost, known for {coverage} of the amount")
    '{n} order[s] without a cost'
    """
    return re.sub(r", [^,]*\{coverage\}[^,]*", "", words)


_NOT_SUMMED = ("VARCHAR", "STRING", "DATE", "TIME", "BOOL")
_NOT_A_DAY = ("VARCHAR", "STRING", "BOOL", "INT", "BIGINT", "DOUBLE", "DECIMAL")


def _check_types(figure: Figure, types: dict[str, str]) -> None:
    """DataError for a day that is none, or for what is to be summed and can not be."""
    wanted = {"day": ("a date", _NOT_A_DAY)} | dict.fromkeys(
        ("num", "den", "amount", "weight"), ("a number", _NOT_SUMMED)
    )
    for name, (what, others) in wanted.items():
        found = types.get(name, "").upper()
        if found.startswith(others):
            raise DataError(f"{figure.name}.sql: column {name!r} must be {what}; it is {found}")


BUILT_IN = {
    "no_date": ("{n} ligne[s] sans date", "{n} row[s] without a date"),
}


def known_settings(library: Library) -> dict[str, Setting]:
    """Every setting: the general ones, the figures', the views'."""
    found = {setting.name: setting for setting in GENERAL}
    for item in [*library.views.values(), *library.figures.values()]:
        for setting in item.settings:
            if setting.name in found and found[setting.name] != setting:
                raise DataError(f"the setting {setting.name!r} is declared twice, in {item.name}.sql and elsewhere")
            found[setting.name] = setting
    return found


def override(
    settings: Mapping[str, object], given: Mapping[str, object], known: Mapping[str, Setting], where: str
) -> dict[str, object]:
    """``settings`` with those ``given``; UsageError for an unknown name or another kind of value."""
    changed = dict(settings)
    for name, value in given.items():
        if name not in known:
            raise unknown(where, name, known)
        default = known[name].default
        fits = isinstance(value, type(default)) or (isinstance(default, int | float) and isinstance(value, int | float))
        if not fits or isinstance(value, bool) != isinstance(default, bool):
            raise UsageError(f"{where} {name}: {value!r} is not like its default, {default!r}")
        changed[name] = value
    return changed


def load_settings(library: Library, folder: Path | None) -> dict[str, object]:
    """The defaults, changed by ``settings.toml`` of the data folder if there is one."""
    known = known_settings(library)
    defaults = {name: setting.default for name, setting in known.items()}
    path = folder / "settings.toml" if folder else None
    if path is None or not path.is_file():
        return defaults
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not valid TOML: {error}") from error
    return override(defaults, given, known, "settings.toml:")
