"""The sample company: a believable French industrial supplier, for all thirteen tables.

``generate`` writes canonical Parquet files, ``tables`` gives the same as pandas frames. The same
customers, seed, last day and stories give the same company on any day and any machine. In it are
planted *stories* (``STORIES``) that the dashboards must make visible; each can be moved or left out.

Read in this order: words, draw, clock, stories, world, parties, selling, billing, offers, field,
plans, build, write. Imports the schema and the errors only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from crmkpi.sample.build import parts
from crmkpi.sample.stories import KINDS as STORIES
from crmkpi.sample.world import UNTIL, World
from crmkpi.sample.write import write_parts, write_stories

__all__ = ["CUSTOMERS", "STORIES", "UNTIL", "generate", "planted", "tables", "write"]

CUSTOMERS = 400
"""How many customers the default sample has."""


def generate(
    to: str | Path,
    *,
    customers: int = CUSTOMERS,
    seed: int = 1,
    until: dt.date | str | None = None,
    stories: Iterable[str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Write the sample as canonical Parquet files, and ``stories.json``, into the folder ``to``.

    ``customers`` is the number of customers (20 or more; about 35 orders each), ``until`` the day the
    data is seen at (default 2026-10-15; 36 months before it), ``stories`` as in :func:`planted`.
    Memory does not grow with ``customers``. Returns the stories by name, as in :func:`planted`.
    UsageError for an unknown story or place, too few customers or a day that is none.
    """
    world = World(customers, seed, until, stories)
    folder = Path(to)
    folder.mkdir(parents=True, exist_ok=True)
    write_parts(parts(world), folder)
    told = _told(world)
    write_stories(told, folder)
    return told


def tables(
    *,
    customers: int = CUSTOMERS,
    seed: int = 1,
    until: dt.date | str | None = None,
    stories: Iterable[str] | None = None,
) -> dict[str, pd.DataFrame]:
    """The sample as pandas frames by canonical table name (money as floats exact to the cent).

    >>> frames = tables(customers=20, stories=["none"])
    >>> len(frames), str(frames["orders"]["order_date"].max().date())
    (18, '2026-10-15')
    """
    pieces: dict[str, list[pd.DataFrame]] = {}
    for part in parts(World(customers, seed, until, stories)):
        for name, frame in part.items():
            pieces.setdefault(name, []).append(frame)
    return {name: pd.concat(frames, ignore_index=True) for name, frames in pieces.items()}


def write(frames: Mapping[str, pd.DataFrame], folder: str | Path) -> dict[str, int]:
    """Write frames of :func:`tables` as canonical Parquet files; returns the rows by table."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    return write_parts([frames], Path(folder))


def planted(
    *, seed: int = 1, until: dt.date | str | None = None, stories: Iterable[str] | None = None
) -> dict[str, dict[str, Any]]:
    """What a sample with these parameters tells, without making it: story, place, where, since, words.

    ``stories``: None plants all of ``STORIES`` where the seed puts them; ``["discounts=Ouest",
    "late_visits"]`` plants only these, the first in team Ouest; ``["none"]`` plants nothing.

    >>> {name: story["where"] for name, story in planted(stories=["discounts", "late_visits=Inès Girard"]).items()}
    {'discounts': 'Ouest', 'late_visits': 'Inès Girard'}
    """
    return _told(World(CUSTOMERS, seed, until, stories))


def _told(world: World) -> dict[str, dict[str, Any]]:
    return {name: story.record() for name, story in world.stories.items()}
