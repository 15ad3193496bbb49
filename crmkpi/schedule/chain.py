"""A run of a schedule: import, check, run, deliver; what fails stops the chain, and is said where people look.

Below it: crmkpi.sources, crmkpi.report, crmkpi.deliver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import crmkpi
from crmkpi.access import read_access
from crmkpi.deliver import Delivery, deliver
from crmkpi.errors import CrmkpiError, DataError
from crmkpi.facts import materialise
from crmkpi.report import Run, pool, run, say_failed
from crmkpi.report.run import Progress
from crmkpi.schedule.declare import Schedule
from crmkpi.sources import import_data
from crmkpi.sources.store import note_failure

Say = Callable[[str], None]


@dataclass
class Followed:
    """What became of a schedule: its reports, its messages."""

    run: Run
    delivery: Delivery

    @property
    def is_well(self) -> bool:
        """Whether nothing failed."""
        return not self.run.failed and not self.delivery.wrong


def follow(schedule: Schedule, say: Say, progress: Progress | None = None, today: date | None = None) -> Followed:
    """Import, check, run, deliver; ``say`` hears each step.

    Errors
    ------
    DataError when the import or the check failed: nothing was written nor sent, and the pages say so.
    """
    if schedule.source:
        _import(schedule, say)
    _check(schedule, say, today or date.today())
    if schedule.access:
        read_access(schedule.access)  # what is wrong in it is said before hours of work
    done = run(schedule.order, progress, say)
    say(f"run: {done.written} written, {done.left} left as they were, {len(done.failed)} failed")
    order = schedule.order
    sent = deliver(
        schedule.name, order, done.reports, schedule.recipients, schedule.alerts, schedule.mail, schedule.url,
        schedule.access,
    )  # fmt: skip
    if schedule.recipients or schedule.alerts:
        say(f"deliver: {sent.sent} sent, {sent.before} had been sent before, {len(sent.wrong)} not")
    return Followed(done, sent)


def _import(schedule: Schedule, say: Say) -> None:
    """Import in a process of its own: this one is going to fork, and DuckDB's threads would not follow."""
    data = schedule.order.data
    try:
        said = pool.apart(_imported, (dict(schedule.source), data), 24 * 3600.0)
    except Exception as error:  # noqa: BLE001 - whatever stopped it, the pages say so
        why = str(error) if isinstance(error, CrmkpiError) else f"{type(error).__name__}: {error}"
        _stopped(schedule, note_failure(data, why), f"the import failed, nothing was written nor sent: {why}")
    say(f"import: {said}")


def _imported(asked: tuple[dict[str, str], Path]) -> str:
    source, data = asked
    report = import_data(source.pop("source"), data, finish=materialise, **source)  # type: ignore[arg-type]
    return "nothing new" if report.up_to_date else f"data of {report.manifest['as_of']}"


def _check(schedule: Schedule, say: Say, today: date) -> None:
    """The data can be opened, and are not older than they may be: an export that stopped must not look like news."""
    as_of = pool.apart(_data_day, schedule.order.data, schedule.order.limit)
    age = (today - as_of).days
    if schedule.fresh is not None and age > schedule.fresh:
        why = f"the newest data are of {as_of}, {age} days ago; check.fresh allows {schedule.fresh}"
        _stopped(
            schedule, note_failure(schedule.order.data, why), f"the check failed, nothing was written nor sent: {why}"
        )
    say(f"check: data of {as_of}")


def _data_day(data: Path) -> date:
    return crmkpi.open(data).as_of


def _stopped(schedule: Schedule, note: dict[str, str], why: str) -> None:
    """Say on the index why the reports are old; the served pages read the note in the data folder."""
    say_failed(schedule.order.to, note)
    raise DataError(f"{schedule.name}: {why}")
