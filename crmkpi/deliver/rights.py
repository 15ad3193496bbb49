"""Whether who receives a report may see it, where a schedule names an access file. Below it: crmkpi.access, deliver.target.

Somebody receives the report of a place that their own rule (or their groups') names, or any if it is the whole company.
A place inside theirs is not enough: documents can be booked on another team than their owner's of today.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import crmkpi
from crmkpi.access import read_access
from crmkpi.deliver.target import Target

Pair = tuple[str, str]
"""For whom a report is, as the schedule says it, and who would receive it."""


def denied(asked: tuple[Path, Path, tuple[Target, ...]]) -> set[Pair]:
    """Those of some targets' recipients whom the access file does not let see what they would receive.

    Errors
    ------
    DataError for an access file, or data, that can not be read.
    """
    file, data, targets = asked
    access, crm = read_access(file), crmkpi.open(data)
    found = set()
    for target in targets:
        names = _names(crm, target)
        for to in (*target.addresses, *target.hooks):
            scope = access.scope(to)
            if not scope.company and not (target.place and names & set(getattr(scope, target.place))):
                found.add((target.whom, to))
    return found


def _names(crm: crmkpi.Crm, target: Target) -> set[str]:
    """The id and the name of a target's place; of a rep whose name two bear, what the schedule says alone."""
    if not target.place:
        return set()
    values = crm.values(target.place)
    rows: Iterable[Pair] = zip(values["id"].astype(str), values["label"].astype(str), strict=True)
    both = [pair for pair in rows if target.value in pair]
    return {target.value, *both[0]} if len(both) == 1 else {target.value}
