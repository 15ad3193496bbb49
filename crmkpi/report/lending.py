"""What reports of a kind ask of all teams is found out once, for those to come. Below it: report.files, report.pool, facts.lent.

The first one says what it asked; the answers come from a process that runs no notebook, so that none can spoil another.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import crmkpi
from crmkpi.dashboard.context import viewer_scope
from crmkpi.errors import DataError
from crmkpi.facts import lent
from crmkpi.report import pool
from crmkpi.report.files import Task


class Lender:
    """Of the tasks of a run: those of a kind for which it is worth while, once."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._left = Counter(task.kind for task in tasks)
        self._done: set[str] = set()

    def heard(self, task: Task, asked: list[Any]) -> None:
        """A report was made, and has asked that."""
        self._left[task.kind] -= 1
        if not pool.INHERITS or self._left[task.kind] < 2 or task.kind in self._done:
            return
        self._done.add(task.kind)
        with contextlib.suppress(DataError):  # they find it out by themselves
            lent.lend(task.kind, pool.apart(_found_out, (task.order.data, asked), task.order.limit))


def _found_out(asked: tuple[Path, list[Any]]) -> lent.Answers:
    folder, questions = asked
    return lent.answers(crmkpi.open(folder, scope=viewer_scope()).for_many().base, questions)
