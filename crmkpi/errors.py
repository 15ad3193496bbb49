"""Every error crmkpi raises on purpose: what was asked, what exists, the likely fix.

Below it: nothing. One base class, so that ``except crmkpi.CrmkpiError`` catches them all.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class CrmkpiError(Exception):
    """Base of every deliberate error; its text is written for the person at the keyboard."""

    exit_code = 1


class DataError(CrmkpiError):
    """The data, a file or a folder is not what was expected (exit code 1)."""


class AccessError(CrmkpiError):
    """Whoever asks may see nothing of the data (exit code 1)."""


class TooLargeError(DataError):
    """A query needs more memory than it may have: it is asked in halves before it is given up."""


class UsageError(CrmkpiError):
    """The question itself is wrong: a name, a period or a setting that does not exist (exit code 2)."""

    exit_code = 2


def unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    """The error for a name that does not exist, with the nearest one that does.

    >>> print(unknown("dimension", "tean", ["rep", "team"]))
    unknown dimension 'tean'; did you mean 'team'? Known: rep, team
    """
    names = [str(each) for each in known]
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return UsageError(f"unknown {kind} {name!r}{hint} Known: {', '.join(names)}")
