"""Who receives, by which way; secrets come from the environment or a file, never from the schedule. Below it: crmkpi.errors."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmkpi.errors import DataError, UsageError, unknown
from crmkpi.report.plan import PLACES, WHOLE


@dataclass(frozen=True)
class Target:
    """For whom the report is (``place`` and ``value``; empty: the company), and who receives it."""

    place: str
    value: str
    addresses: tuple[str, ...]
    hooks: tuple[str, ...]

    @property
    def whom(self) -> str:
        """As the file says it."""
        return f"{self.place}={self.value}" if self.place else WHOLE


def target_of(whom: str, to: Any) -> Target:
    """What a line of ``recipients`` says.

    >>> target_of("team=Sud", ["sud@example.org", "env:TEAMS_URL"])
    Target(place='team', value='Sud', addresses=('sud@example.org',), hooks=('env:TEAMS_URL',))
    """
    place, sign, value = whom.partition("=")
    if whom != WHOLE and (not sign or place not in PLACES):
        raise unknown("recipient", whom, (WHOLE, *(f"{each}=NAME" for each in PLACES)))
    if not isinstance(to, list) or not to:
        raise UsageError(f"the recipients of {whom} are {to!r}; expected a list of addresses, env:NAME or file:PATH")
    hooks = tuple(each for each in to if is_secret(each))
    addresses = tuple(each for each in to if each not in hooks)
    for each in addresses:
        if not isinstance(each, str) or "://" in each or each.count("@") != 1 or set(each) & set(" \r\n,;<>"):
            why = "it holds a secret: put it in a variable or a file" if "://" in str(each) else "it is no mail address"
            raise UsageError(f"recipient {str(each)[:12]}...: {why}, and write env:NAME or file:PATH")
    return Target(place if sign else "", value, addresses, hooks)


def is_secret(given: object) -> bool:
    """Whether a text names where a secret is."""
    return isinstance(given, str) and given.startswith(("env:", "file:"))


def secret(given: str) -> str:
    """The secret that ``env:NAME`` or ``file:PATH`` names; DataError if there is none."""
    kind, _, name = given.partition(":")
    if kind == "env":
        found = os.environ.get(name, "")
        why = f"the environment variable {name} is not set"
    else:
        try:
            found = Path(name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise DataError(f"the secret in {name} can not be read: {error.strerror}") from None
        why = f"{name} is empty"
    if not found:
        raise DataError(why)
    return found
