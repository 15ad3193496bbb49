"""All of it: what is missing is written, what is there is left, what fails is said, an index leads to everything.

Below it: the other modules of crmkpi.report.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from crmkpi.report import files, index, pool
from crmkpi.report.files import Written
from crmkpi.report.plan import BOOK, Order, Report, fingerprint, notebooks, reports, title_of
from crmkpi.report.store import Store, checksum, locked, replace_text

Progress = Callable[[int, int, str], None]


@dataclass
class Run:
    """What became of an order: how many reports were written, left as they were, and which failed, with why."""

    written: int = 0
    left: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def run(order: Order, progress: Progress | None = None) -> Run:
    """Write the reports of an order; ``progress`` hears how many of how many are done, and the last one's name.

    What was written before from the same data, notebooks, figures, settings and parameters is not written again.

    Errors
    ------
    UsageError for what does not exist; DataError when the data cannot be opened, a browser is missing for PDF, or
    another run writes to the same folder. A report that fails is no error: it is in ``failed``, and the others go on.
    """
    found, shared = pool.apart(reports, order, order.limit)
    if "pdf" in order.formats:
        files.needed_browser()
    with locked(order.to):
        store, done = Store(order.to), Run()
        notes = progress or (lambda *_: None)
        marks = {each.key: fingerprint(each, order, shared, order.formats) for each in found}
        waiting = [each for each in found if order.again or not store.is_there(each.key, marks[each.key])]
        done.left = len(found) - len(waiting)
        count = itertools.count(done.left + 1)
        for report, outcome in _written(order, waiting, store):
            entry = _entry(report, order, shared, marks[report.key], outcome)
            store.keep(report.key, entry)
            if outcome.error:
                done.failed[report.key] = outcome.error
            else:
                done.written += 1
            notes(next(count), len(found), report.key)
        if waiting or not (order.to / index.NAME).is_file():
            replace_text(order.to / index.NAME, index.page(store.reports))
    return done


def _written(order: Order, waiting: list[Report], store: Store) -> Iterator[tuple[Report, pool.Outcome]]:
    """The notebooks, then the workbooks: these hold what the notebooks show."""
    titles = {
        lang: tuple((name, title_of(order.notebooks, name, lang)) for name in _names(order)) for lang in order.langs
    }
    for is_book in (False, True):
        tasks = [
            files.Task(each, order, titles[each.lang], tuple(_shown(each, order, store)) if is_book else ())
            for each in waiting
            if (each.notebook == BOOK) == is_book
        ]
        for task, outcome in pool.each_apart(files.write, tasks, order.jobs, order.limit):
            yield task.report, outcome


def _shown(report: Report, order: Order, store: Store) -> list[str]:
    """The figures that the notebooks of the same folder show, as the manifest has them."""
    keys = [replace(report, notebook=name).key for name in _names(order)]
    return list(dict.fromkeys(name for key in keys for name in store.reports.get(key, {}).get("figures", [])))


def _names(order: Order) -> list[str]:
    return [name for name in notebooks(order.notebooks) if name in order.names or not order.names]


def _entry(report: Report, order: Order, shared: dict[str, Any], mark: str, outcome: pool.Outcome) -> dict[str, Any]:
    written: Written = Written([], []) if outcome.error else outcome.answer
    return {
        "notebook": report.notebook, "period": report.period, "as_of": report.as_of, "lang": report.lang,
        "for": {report.scope.place: report.scope.label} if report.scope.place else {}, "folder": report.folder.as_posix(),
        "title": report.notebook if report.notebook == BOOK else title_of(order.notebooks, report.notebook, report.lang),
        "status": "failed" if outcome.error else "ok", "error": outcome.error, "seconds": round(outcome.seconds, 2),
        "fingerprint": mark, "data_version": shared["data_version"], "crmkpi": shared["crmkpi"],
        "files": {name: checksum(order.to / name) for name in written.files}, "figures": written.figures,
    }  # fmt: skip
