"""What is kept of a day: the values of every figure by place, and the rows of stocks whose past the source does not tell.

Each group's value is computed from facts, as everywhere. Remembering the same data, day and definitions again adds
nothing. Below it: :mod:`crmkpi.history`, :mod:`crmkpi.facts.wide`, :mod:`crmkpi.facts.moves`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from crmkpi.calendar import DAY, Period, unit
from crmkpi.errors import CrmkpiError, UsageError
from crmkpi.facts import moves
from crmkpi.facts.base import Base
from crmkpi.facts.grid import Ask
from crmkpi.facts.labels import labels
from crmkpi.facts.values import is_dated
from crmkpi.facts.wide import frame, wide
from crmkpi.history import COMPANY, PLACES, ROWS, VALUES, definitions, key_of, write
from crmkpi.history.store import is_there, path_of
from crmkpi.indicators import Figure

_NUMBERS = ("value", "num", "den", "amount", "n", "target_to_date", "coverage")
Written = dict[str, dict[str, Any]]


@dataclass
class Remembered:
    """What became of it: the days that were added, those that were there already, the figures that failed and why."""

    added: list[date] = field(default_factory=list)
    there: list[date] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def remember(base: Base, back: int = 0, places: Sequence[str] = PLACES, vouched: bool = False) -> Remembered:
    """Keep the values of the data's own day; with ``back``, of so many months before (see :meth:`Crm.remember`).

    ``vouched`` says that the records of this source do not change once they are written, so that what is not dated may
    be computed for a past day too.
    """
    if base.folder is None:
        raise UsageError("frames have no history: import them into a data folder, which remembers")
    if "scope" in base.engine.manifest:
        raise UsageError("what is remembered is the whole company's: open the data without a scope")
    done, today, own = Remembered(), base.as_of, base.engine.manifest.get("own_day")
    if own not in (None, str(today)):
        raise UsageError(f"the data were opened as of {today}; what is remembered is their own day, {own}")
    every = list(base.library.figures)
    dated = [name for name in every if vouched or is_dated(base, base.figure(name))]
    past = past_days(today, back) if back else []
    if dated == every:
        _keep(base, [*past, today], places, every, done)
    else:
        _keep(base, past, places, dated, done)
        _keep(base, [today], places, every, done)
    return done


def past_days(day: date, months: int) -> list[date]:
    """The days that are worth computing later: the ends of the months before, and the Monday before the day.

    >>> [str(each) for each in past_days(date(2026, 10, 15), 2)]
    ['2026-08-31', '2026-09-30', '2026-10-12']
    """
    ends, month = [], unit(day, "month")
    for _ in range(months):
        month = month.previous()
        ends.append(month.last_day)
    return sorted({*ends, monday_before(day)})


def monday_before(day: date) -> date:
    """The last Monday before a day.

    >>> str(monday_before(date(2026, 10, 15))), str(monday_before(date(2026, 10, 12)))
    ('2026-10-12', '2026-10-05')
    """
    return day - DAY - (day - DAY).weekday() * DAY


def periods_of(figure: Figure, day: date, fiscal: int) -> list[Period]:
    """The periods that a figure is kept for at a day: of a stock the month; else also the month before and the year."""
    month = unit(day, "month", fiscal)
    return [month] if figure.kind == "stock" else [month, month.previous(), unit(day, "year", fiscal)]


def _keep(base: Base, days: Sequence[date], places: Sequence[str], names: Sequence[str], done: Remembered) -> None:
    """Compute and write what is missing of some days."""
    assert base.folder is not None  # noqa: S101  (remember has looked)
    known = definitions(base.library, base.settings)
    versions = {name: known[name].version for name in names}
    manifest = base.engine.manifest
    version = str(manifest["version"])
    keys = {day: key_of(version, day, versions, places) for day in days}
    paths = {day: path_of(base.folder, VALUES, day, key) for day, key in keys.items()}
    missing = [day for day in days if not is_there(paths[day])]
    done.there += [day for day in days if day not in missing]
    if not missing:
        return
    found = _values(base, missing, places, names, done)
    for day in missing:
        told = {
            "as_of": str(day), "data_day": str(base.as_of), "taken_at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "version": version, "source": manifest.get("source"), "preset": manifest.get("preset"),
            "currency": manifest.get("currency") or "", "places": [COMPANY, *places],
            "definitions": {name: known[name].told() for name in names if name not in done.failed},
        }  # fmt: skip
        if day == base.as_of:
            _keep_rows(base, day, keys[day], told)
        fresh = write(paths[day], _arrow(found[found["as_of"] == day], told), told)
        (done.added if fresh else done.there).append(day)


def _values(
    base: Base, days: Sequence[date], places: Sequence[str], names: Iterable[str], done: Remembered
) -> pd.DataFrame:
    parts: list[pd.DataFrame] = []
    for name in names:
        figure = base.figure(name)
        asks = [Ask(period, day) for day in days for period in periods_of(figure, day, base.fiscal)]
        try:
            parts += _by_places(base, figure, asks, places)
        except CrmkpiError as error:  # a figure of one's own that is broken: the others are kept
            done.failed[name] = str(error)
    return pd.concat(parts, ignore_index=True)


def _by_places(base: Base, figure: Figure, asks: list[Ask], places: Sequence[str]) -> list[pd.DataFrame]:
    """The values of a figure for the whole and for each group of each place."""
    parts = []
    for number, place in enumerate(places):
        grid = wide(base, figure, asks, (place,), {}, ("target",))
        groups = frame(grid, (place,), keep_whole=False).rename(columns={"d0": "scope_id"})
        groups = groups[groups["value"].notna() | groups["target"].notna()].assign(scope=place)
        shown = labels(base, place)
        groups["label"] = [shown.get(each, each) for each in groups["scope_id"]]
        if not number:
            whole = frame(grid, (), keep_whole=True).drop_duplicates("key")
            parts.append(_dated(whole.assign(scope=COMPANY, scope_id="", label=""), figure, asks))
        parts.append(_dated(groups, figure, asks))
    return parts


def _dated(rows: pd.DataFrame, figure: Figure, asks: Sequence[Ask]) -> pd.DataFrame:
    chosen = [asks[key] for key in rows["key"]]
    kept = ["scope", "scope_id", "label", "status", *(name for name in _NUMBERS if name in rows)]
    return rows[kept].assign(
        figure=figure.name, as_of=[ask.as_of for ask in chosen], period=[ask.period.label for ask in chosen]
    )


def _arrow(rows: pd.DataFrame, told: dict[str, Any]) -> Any:
    """The values as they are written: flat, so that any tool can read them without the footer."""
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    schema = pa.schema([
        ("as_of", pa.date32()), ("taken_at", text), ("data_version", text), ("figure", text), ("definition", text),
        ("scope", text), ("scope_id", text), ("label", text), ("period", text), *((name, number) for name in _NUMBERS),
        ("status", text),
    ])  # fmt: skip
    versions = {name: each["version"] for name, each in told["definitions"].items()}
    flat = rows.assign(taken_at=told["taken_at"], data_version=told["version"], definition=rows["figure"].map(versions))
    for name in ("scope_id", "label"):
        flat[name] = flat[name].astype(object).where(flat[name].notna(), None)
    ordered = flat.reindex(columns=schema.names).sort_values(
        ["figure", "scope", "period", "scope_id"], na_position="first"
    )
    return pa.Table.from_pandas(ordered, schema=schema, preserve_index=False)


def _keep_rows(base: Base, day: date, key: str, told: dict[str, Any]) -> None:
    """Keep the rows of the stocks that move and whose past the source does not tell."""
    import pyarrow as pa

    assert base.folder is not None  # noqa: S101
    there = [each for each in base.library.figures.values() if all(base.engine.has(table) for table in each.needs)]
    moving = [each for each in there if each.moves and not moves.is_told(base, each)]
    parts = [moves.standing(base, each, [day], {}).assign(figure=each.name) for each in moving]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if len(rows):
        names = {each.name for each in moving}
        told = told | {"definitions": {name: each for name, each in told["definitions"].items() if name in names}}
        write(path_of(base.folder, ROWS, day, key), pa.Table.from_pandas(rows, preserve_index=False), told)
