"""What was known at a day: the files of the history, read when they are needed, each once.

For one day what was known that day wins over what was computed for it later, then what was written last; everything stays
in the files. **Whose values may be seen is decided here and nowhere else**: each value stands beside its place
(``scope``: company, business_unit, team, rep; ``scope_id``), each row beside its rep, team and business unit, and
``History(allowed=...)`` leaves the others out of all that is read. Below it: ``store``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from crmkpi.history.store import FOLDER, ROWS, VALUES, Entry, entries

COMPANY = "company"
PLACES = ("business_unit", "team", "rep")
Allowed = Mapping[str, Iterable[str]]


class History:
    """The history of a data folder, in one currency, as far as a viewer may see it.

    Parameters
    ----------
    folder:
        The data folder; None where the data are frames, which have no history.
    currency:
        Amounts of another currency are not compared: such files are left out.
    allowed:
        None: everything. Else the ids that may be seen by place, ``{"team": ["Sud"], "rep": ["U3", "U4"]}``; what is not
        named is not read: the company's own values only with ``{"company": [""]}``.
    """

    def __init__(self, folder: Path | None, currency: str = "", allowed: Allowed | None = None) -> None:
        self.folder = folder
        self.currency = currency
        self.allowed = None if allowed is None else {place: frozenset(ids) for place, ids in allowed.items()}
        self._seen_at: int | None = None
        self._entries: list[Entry] = []
        self._broken: list[str] = []
        self._frames: dict[Path, pd.DataFrame] = {}

    @property
    def entries(self) -> list[Entry]:
        """The files that can be read, the oldest day first; for one day, the one that counts last."""
        place = self.folder / FOLDER if self.folder else None
        changed = place.stat().st_mtime_ns if place and place.is_dir() else None
        if changed is None or not self.folder:
            return []
        if changed != self._seen_at:
            found, self._broken = entries(self.folder)
            self._entries = [each for each in found if each.told.get("currency", "") == self.currency]
            self._seen_at = changed
        return self._entries

    @property
    def broken(self) -> list[str]:
        """The names of the files that can not be read."""
        return list(self._broken) if self.entries or self._broken else []

    def days(self, name: str, kind: str = VALUES, scope: str = COMPANY) -> dict[date, Entry]:
        """The days of which a figure is known for a place, each with the file that counts, the oldest first."""
        return {
            each.as_of: each
            for each in self.entries
            if each.kind == kind and name in each.told["definitions"] and (kind == ROWS or scope in each.told["places"])
        }

    def at(self, name: str, day: date, kind: str = VALUES, scope: str = COMPANY) -> Entry | None:
        """The latest that was known of a figure at a day."""
        known = [each for when, each in self.days(name, kind, scope).items() if when <= day]
        return known[-1] if known else None

    def values(
        self, entry: Entry, name: str, scope: str = COMPANY, ids: Iterable[str | None] | None = None
    ) -> pd.DataFrame:
        """The values of a figure in a file, by place: those of ``ids``, else of all that may be seen."""
        frame = self._read(entry)
        frame = frame[(frame["figure"] == name) & (frame["scope"] == scope)]
        if ids is not None:
            wanted = list(ids)
            frame = frame[frame["scope_id"].isin(wanted) | (frame["scope_id"].isna() & (None in wanted))]
        return frame.reset_index(drop=True)

    def rows(self, entry: Entry, name: str) -> pd.DataFrame:
        """The rows of a stock in a file."""
        frame = self._read(entry)
        return frame[frame["figure"] == name].reset_index(drop=True)

    def _read(self, entry: Entry) -> pd.DataFrame:
        """A file's rows that may be seen; none where it is broken, which is noted."""
        import pyarrow as pa

        if entry.path not in self._frames:
            try:
                frame = entry.frame()
            except (pa.ArrowException, OSError):
                self._entries = [each for each in self._entries if each.path != entry.path]
                self._broken = sorted({*self._broken, entry.path.name})
                return pd.DataFrame(columns=entry.columns)
            self._frames[entry.path] = self._seen(frame)
        return self._frames[entry.path]

    def _seen(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of a file that may be seen: the one place where a scope is applied."""
        if self.allowed is None:
            return frame
        if "scope" in frame:
            whole = (frame["scope"] == COMPANY) & (COMPANY in self.allowed)
            mine = [(frame["scope"] == place) & frame["scope_id"].isin(self.allowed.get(place, ())) for place in PLACES]
        else:
            whole = pd.Series(COMPANY in self.allowed, index=frame.index)
            columns = {"rep": "owner_id"}
            mine = [frame[columns.get(place, place)].isin(self.allowed.get(place, ())) for place in PLACES]
        return frame[pd.concat([whole, *mine], axis=1).any(axis=1)]
