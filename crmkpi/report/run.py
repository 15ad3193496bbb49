"""All of it: what is missing is written, what is there is left, what fails is said, an index leads to everything.

Below it: the other modules of crmkpi.report.
"""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crmkpi.errors import CrmkpiError, DataError
from crmkpi.report import browser, files, index, pool, retention
from crmkpi.report.lending import Finding, Lender, make
from crmkpi.report.log import Log, kind_of
from crmkpi.report.plan import BOOK, Order, Report, fingerprint, notebooks, reports, title_of
from crmkpi.report.pool import Outcome
from crmkpi.report.store import Store, checksum, locked, replace_text

Progress = Callable[[int, int, str], None]
Say = Callable[[str], None]


@dataclass
class Run:
    """What became of an order: how many reports were written, left as they were, and which failed, with why.

    ``reports`` are all that it asked for: their entries in the manifest, by key.
    """

    written: int = 0
    left: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)


def run(order: Order, progress: Progress | None = None, say: Say | None = None) -> Run:
    """Write the reports of an order; ``progress`` hears how many of how many are done, and the last one's name.

    What was written before from the same data, notebooks, figures, settings and parameters is not written again. ``say``
    hears what is going to be removed, where only some periods are kept.

    Errors
    ------
    UsageError for what does not exist; DataError when the data cannot be opened, a browser is missing for PDF, another run
    writes to the same folder, or nothing can be written there. A report that fails is no error: it is in ``failed``, and
    the others go on.
    """
    found, shared = pool.apart(reports, order, order.limit)
    if "pdf" in order.formats:
        browser.needed_browser()
    try:
        with locked(order.to), Log(order.to) as log:
            done = _run(order, found, shared, log, progress or (lambda *_: None))
            _keep_some(order, done, shared["import_failed"], log, say or (lambda *_: None))
    except OSError as error:
        raise DataError(f"reports can not be written to {order.to}: {error.strerror or error}") from None
    return done


def _run(order: Order, found: list[Report], shared: dict[str, Any], log: Log, progress: Progress) -> Run:
    store, done = Store(order.to), Run()
    files.clear(order.to)
    marks = {each.key: fingerprint(each, order, shared, order.formats) for each in found}
    waiting = [each for each in found if order.again or not store.is_there(each.key, marks[each.key])]
    done.left = len(found) - len(waiting)
    if waiting:
        log.line(f"data {shared['data_version']}: {len(waiting)} to write, {done.left} left as they were")
    count = itertools.count(done.left + 1)
    for report, written, outcome in _written(order, waiting, store):
        store.keep(report.key, _entry(report, order, shared, marks[report.key], written, outcome))
        log.line(
            f"{'failed' if outcome.error else 'ok':6} {outcome.seconds:6.2f} s  {report.key}  {kind_of(outcome.error)}".rstrip()
        )
        if outcome.error:
            done.failed[report.key] = outcome.error
        else:
            done.written += 1
        progress(next(count), len(found), report.key)
    done.reports = {each.key: store.reports[each.key] for each in found}
    replace_text(order.to / index.NAME, index.page(store.reports, shared["import_failed"]))
    return done


def say_failed(to: Path, note: dict[str, str]) -> None:
    """Say on the index of a folder that its reports are older than they should be, and why."""
    with locked(to), Log(to) as log:
        replace_text(to / index.NAME, index.page(Store(to).reports, note))
        log.line("the import failed: no report was written")


def _written(order: Order, waiting: list[Report], store: Store) -> Iterator[tuple[Report, list[str], Outcome]]:
    """The notebooks, then the workbooks: these hold what the notebooks show. One browser prints for all."""
    titles = {
        lang: tuple((name, title_of(order.notebooks, name, lang)) for name in _names(order)) for lang in order.langs
    }
    files.warm()
    with browser.Printer(order.limit) as printer:
        for is_book in (False, True):
            tasks = [
                files.Task(each, order, titles[each.lang], tuple(_shown(each, order, store)) if is_book else ())
                for each in waiting
                if (each.notebook == BOOK) == is_book
            ]
            lender = Lender(tasks)
            for task, outcome in pool.each_apart(make, lender.work(), order.jobs, order.limit):
                if isinstance(task, Finding):
                    lender.found(task, outcome)
                    continue
                lender.heard(task, outcome)
                names = _published(task, outcome, printer)
                shutil.rmtree(task.scratch, ignore_errors=True)
                yield task.report, names, outcome


def _published(task: files.Task, outcome: Outcome, printer: browser.Printer) -> list[str]:
    """The files of what was made, in their place; what goes wrong now is noted in the outcome."""
    if outcome.error:
        return []
    began = time.monotonic()
    try:
        return files.publish(task, outcome.answer, printer)
    except (OSError, CrmkpiError) as error:
        outcome.error = f"{type(error).__name__}: {error}"
        return []
    finally:
        outcome.seconds += time.monotonic() - began


def _keep_some(order: Order, done: Run, failed: dict[str, str] | None, log: Log, say: Say) -> None:
    """Remove what is too old; nothing where a report failed: the old ones may be all there is."""
    store = Store(order.to)
    old = [] if done.failed else retention.old_periods(store.reports, order.keep)

    def told(text: str) -> None:
        say(text)
        log.line(text)

    for period in old:
        retention.remove(store, period, told)
    if old:
        replace_text(order.to / index.NAME, index.page(store.reports, failed))


def _shown(report: Report, order: Order, store: Store) -> list[str]:
    """The figures that the notebooks of the same folder show, as the manifest has them."""
    keys = [replace(report, notebook=name).key for name in _names(order)]
    return list(dict.fromkeys(name for key in keys for name in store.reports.get(key, {}).get("figures", [])))


def _names(order: Order) -> list[str]:
    return [name for name in notebooks(order.notebooks) if name in order.names or not order.names]


def _entry(
    report: Report, order: Order, shared: dict[str, Any], mark: str, names: list[str], outcome: Outcome
) -> dict[str, Any]:
    made = files.Made([], [], []) if outcome.error else outcome.answer
    failed = report.folder / f"{report.notebook}.error.ipynb"
    kept = [failed.as_posix()] if outcome.error and (order.to / failed).is_file() else names
    return {
        "notebook": report.notebook, "period": report.period, "as_of": report.as_of, "lang": report.lang,
        "for": {report.scope.place: report.scope.label} if report.scope.place else {}, "folder": report.folder.as_posix(),
        "title": report.notebook if report.notebook == BOOK else title_of(order.notebooks, report.notebook, report.lang),
        "status": "failed" if outcome.error else "ok", "error": outcome.error, "seconds": round(outcome.seconds, 2),
        "fingerprint": mark, "data_version": shared["data_version"], "crmkpi": shared["crmkpi"],
        "parameters": report.parameters(Path(order.data)), "answer": made.answer,
        "files": {name: checksum(order.to / name) for name in kept}, "figures": made.figures,
    }  # fmt: skip
