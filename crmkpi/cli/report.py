"""``crmkpi run``: the notebooks as reports, by options or as a schedule says. Below it: crmkpi.report, crmkpi.schedule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crmkpi.cli.past import say_remembered
from crmkpi.errors import CrmkpiError, DataError, UsageError, unknown
from crmkpi.facts import open_data


@click.command(name="run")
@click.option("--data", "folder", envvar="CRMKPI_DATA", help="Data folder (or CRMKPI_DATA).")
@click.option(
    "--to", default="reports", show_default=True, type=click.Path(path_type=Path), help="Folder of the reports."
)
@click.option("--period", help="2026-10, 2026-Q4, 2026, last_month ...; by default the month of the data's own date.")
@click.option("--as-of", help="The day it is seen at; by default the data's own date.")
@click.option("--by", multiple=True, help="Also for each team, rep or business_unit (may be repeated).")
@click.option(
    "--for", "only", multiple=True, metavar="DIM=VALUE", help="Also for one of them: team=Sud (may be repeated)."
)
@click.option("--no-company", is_flag=True, help="Not for the company as a whole.")
@click.option("--lang", "langs", multiple=True, default=("fr",), show_default=True, help="fr, en (may be repeated).")
@click.option(
    "--format", "formats", default="html,pdf,xlsx,ipynb", show_default=True, help="Which files, between commas."
)
@click.option("--notebook", "names", multiple=True, help="Only this one: 1_commercial (may be repeated).")
@click.option(
    "--notebooks", type=click.Path(path_type=Path), help="Folder of the notebooks; by default those of crmkpi."
)
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="How many at a time.")
@click.option(
    "--limit", type=click.FloatRange(min=1), default=300, show_default=True, help="Seconds that one may take."
)
@click.option(
    "--keep", type=click.IntRange(min=0), default=0, help="How many periods stay in the folder; by default all of them."
)
@click.option("--again", is_flag=True, help="Also what is there already.")
@click.option("--schedule", "name", help="Instead of all above: import, check, run and deliver as this schedule says.")
@click.option(
    "--schedules", "file", default="schedules.toml", show_default=True, type=click.Path(path_type=Path),
    help="The file with the schedules.",
)  # fmt: skip
@click.option("--unit", "kind", help="Print what calls the schedule at its time: cron, systemd or github.")
@click.pass_context
def run(context: click.Context, /, name: str | None, file: Path, kind: str | None, **options: Any) -> None:
    """Write the dashboards as files: pages, PDF, workbook, executed notebooks; an index leads to them."""
    try:
        import crmkpi.schedule  # noqa: F401 - that notebooks can be run at all
    except ModuleNotFoundError as error:
        raise DataError(f"{error.name} is not installed: pip install 'crmkpi[notebooks]'") from None
    if name is None:
        if kind:
            raise UsageError("--unit is about a schedule: name it with --schedule")
        if not options["folder"]:
            raise UsageError("which data? name their folder with --data, or a schedule with --schedule")
        _by_options(**options)
        return
    given = [each for each in options if context.get_parameter_source(each) is ParameterSource.COMMANDLINE]
    if given:
        raise UsageError(f"--schedule takes everything from {file}: leave out {', '.join(sorted(given))}")
    _by_schedule(name, file, kind)


def _by_options(
    folder: str, to: Path, only: tuple[str, ...], no_company: bool, formats: str, notebooks: Path | None, **more: Any
) -> None:
    from crmkpi.dashboard.context import notebooks_folder
    from crmkpi.report import Order
    from crmkpi.report import run as write

    order = Order(
        data=Path(folder), notebooks=notebooks_folder(notebooks), to=to, only=tuple(_pair(each) for each in only),
        company=not no_company, formats=tuple(name.strip() for name in formats.split(",") if name.strip()), **more,
    )  # fmt: skip
    with _progress() as progress:
        done = write(order, progress, _say)
    click.echo(f"{done.written} written, {done.left} left as they were, {len(done.failed)} failed: {to / 'index.html'}")
    _remember(order.data)
    _end(done.failed, [])


def _by_schedule(name: str, file: Path, kind: str | None) -> None:
    from crmkpi.schedule import follow, read, unit_of

    schedules = read(file)
    if name not in schedules:
        raise unknown(f"schedule in {file}", name, schedules)
    if kind:
        click.echo(unit_of(schedules[name], file.resolve(), kind), nl=False)
        return
    with _progress() as progress:
        done = follow(schedules[name], click.echo, progress)
    _remember(schedules[name].order.data)
    _end(done.run.failed, done.delivery.wrong)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _end(failed: dict[str, str], wrong: list[str]) -> None:
    for line in [*(f"{name}: {why}" for name, why in failed.items()), *wrong]:
        click.echo(f"  {line}", err=True)
    if failed or wrong:
        raise click.exceptions.Exit(1)


def _remember(folder: Path) -> None:
    """Keep the values of the data's own day; reports that are written stay written where that can not be done."""
    try:
        say_remembered(open_data(folder).history.remember())
    except CrmkpiError as error:
        click.echo(f"the reports are written; their values are not remembered: {error}", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """Says how far it is to a person who watches, and nothing to a file (rich before 14 ends there with an empty line).

    Without a thread of its own, which must not be there when reports are forked.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda number, whole, name: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("reports", total=None)

        def progress(number: int, whole: int, name: str) -> None:
            bar.update(task, completed=number, total=whole, description=name, refresh=True)

        yield progress


def _pair(given: str) -> tuple[str, str]:
    dim, sign, value = given.partition("=")
    if not sign or not value:
        raise UsageError(f"--for takes a dimension and a value, as in team=Sud; not {given!r}")
    return dim, value
