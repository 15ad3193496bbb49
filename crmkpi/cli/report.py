"""``crmkpi run``: the notebooks as reports. Below it: crmkpi.report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crmkpi.cli.ask import DATA
from crmkpi.errors import DataError, UsageError


@click.command(name="run")
@DATA
@click.option(
    "--to", default="reports", show_default=True, type=click.Path(path_type=Path), help="Folder of the reports."
)
@click.option("--period", help="2026-10, 2026-Q4, 2026 ...; by default the month of the data's own date.")
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
def run(
    folder: str, to: Path, only: tuple[str, ...], no_company: bool, formats: str, notebooks: Path | None, **more: Any
) -> None:
    """Write the dashboards as files: pages, PDF, workbook, executed notebooks; an index leads to them."""
    try:
        from crmkpi.dashboard.context import notebooks_folder
        from crmkpi.report import Order
        from crmkpi.report import run as write
    except ModuleNotFoundError as error:
        raise DataError(f"{error.name} is not installed: pip install 'crmkpi[notebooks]'") from None
    order = Order(
        data=Path(folder), notebooks=notebooks_folder(notebooks), to=to, only=tuple(_pair(each) for each in only),
        company=not no_company, formats=tuple(name.strip() for name in formats.split(",") if name.strip()), **more,
    )  # fmt: skip
    with _progress() as progress:
        done = write(order, progress, lambda text: click.echo(text, err=True))
    click.echo(f"{done.written} written, {done.left} left as they were, {len(done.failed)} failed: {to / 'index.html'}")
    for name, why in done.failed.items():
        click.echo(f"  {name}: {why}", err=True)
    if done.failed:
        raise click.exceptions.Exit(1)


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
