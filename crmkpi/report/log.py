"""What a run did, in a file of its own: a line with its time for each report. Below it: nothing of crmkpi.

No word of the data stands in it but the names of whom a report is for: of an error it says the kind, the manifest has the rest.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

FOLDER = "logs"
KEPT = 100
"""How many logs stay."""
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z(?:-\d+)?\.log")


class Log:
    """The log of a run; a run that does nothing leaves none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self._file: TextIO | None = None

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _where: TracebackType | None
    ) -> None:
        if self._file:
            if kind:
                self.line(f"stopped: {kind.__name__}")
            self._file.close()

    def line(self, text: str) -> None:
        """Write a line, with the time."""
        if self._file is None:
            self._file = self._open()
        moment = datetime.now(UTC)
        self._file.write(f"{moment:%Y-%m-%dT%H:%M:%SZ}  {text}\n")
        self._file.flush()

    def _open(self) -> TextIO:
        self.folder.mkdir(parents=True, exist_ok=True)
        old = sorted(path for path in self.folder.iterdir() if _NAME.fullmatch(path.name))
        for path in old[: max(0, len(old) - KEPT + 1)]:
            path.unlink()
        return (self.folder / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.log").open("a", encoding="utf-8")


def kind_of(error: str) -> str:
    """What kind of error it was, without the words that came with it: they may hold data.

    >>> kind_of("DataError: KeyError: 'Martin SA' (see 1_x.error.ipynb)"), kind_of("took longer than 3 s and was stopped")
    ('DataError: KeyError', 'took longer than 3 s and was stopped')
    """
    named = re.match(r"((?:[A-Za-z_.]+: )*[A-Za-z_.]+): ", error)
    return named[1] if named else error
