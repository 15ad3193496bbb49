"""What reports of a kind ask of all teams is found out once, for those to come. Below it: report.files, report.pool, facts.lent.

The first one says what it asked; the answers come from a process that runs no notebook, so that none can spoil another. It is
one more piece of work beside the reports, and those that wait for it come later than the others.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crmkpi
from crmkpi.dashboard.context import viewer_scope
from crmkpi.facts import lent
from crmkpi.report import files, pool
from crmkpi.report.files import Task
from crmkpi.report.pool import Outcome


@dataclass(frozen=True)
class Finding:
    """What reports of a kind ask, to be found out."""

    kind: str
    data: Path
    asked: list[Any]


class Lender:
    """The pieces of work of a run: its reports, and for kinds of which it is worth while, what is found out for them."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = list(tasks)
        self._left = Counter(task.kind for task in self._tasks)
        self._findings: deque[Finding] = deque()
        self._asked: set[str] = set()
        self._waiting: set[str] = set()

    def work(self) -> Iterator[Task | Finding]:
        """What to do next, whenever somebody is free."""
        while self._findings or self._tasks:
            if self._findings:
                yield self._findings.popleft()
                continue
            ready = (task for task in self._tasks if task.kind not in self._waiting)
            task = next(ready, self._tasks[0])
            self._tasks.remove(task)
            yield task

    def heard(self, task: Task, outcome: Outcome) -> None:
        """A report was made: what it asked is to be found out, if it is the first of many."""
        self._left[task.kind] -= 1
        if outcome.error or not pool.INHERITS or self._left[task.kind] < 2 or task.kind in self._asked:
            return
        self._asked.add(task.kind)
        self._waiting.add(task.kind)
        self._findings.append(Finding(task.kind, task.order.data, outcome.answer.asked))

    def found(self, finding: Finding, outcome: Outcome) -> None:
        """Something was found out; if not, each report does it by itself."""
        self._waiting.discard(finding.kind)
        if not outcome.error:
            lent.lend(finding.kind, outcome.answer)


def make(piece: Task | Finding) -> Any:
    """Do a piece of work, in a process of its own."""
    if isinstance(piece, Task):
        return files.make(piece)
    return lent.answers(crmkpi.open(piece.data, scope=viewer_scope()).for_many().base, piece.asked)
