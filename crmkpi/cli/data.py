"""The data: ``import``, ``check``, ``sample`` and ``serve``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from crmkpi.cli import show
from crmkpi.cli.ask import LANG
from crmkpi.cli.past import say_remembered
from crmkpi.facts import materialise, open_data, state
from crmkpi.facts.result import records
from crmkpi.sources import PRESETS, import_data


@click.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Data folder to make or renew.")
@click.option("--preset", help="Where the source comes from (found by itself): " + ", ".join(PRESETS) + ".")
@click.option("--mapping", type=click.Path(exists=True, path_type=Path), help="A mapping file for any other source.")
@click.option("--targets", type=click.Path(exists=True, path_type=Path), help="A file of targets (csv, xlsx, parquet).")
@click.option("--as-of", help="The data's own date (default: its newest date).")
@click.option("--currency", help="The reporting currency (EUR, USD ...).")
@click.option("--zone", help="The time zone of the source's moments (Europe/Paris ...).")
@LANG
def import_(source: Path, folder: Path, lang: str, **options: Any) -> None:
    """Turn SOURCE (a folder, a workbook, a file) into a data folder."""
    if options["preset"] and options["mapping"]:
        raise click.UsageError("--preset and --mapping exclude each other")
    report = _import(source, folder, options)
    click.echo(report.text(lang))


def _import(source: Path, folder: Path, options: dict[str, Any]) -> Any:
    """Import with a progress bar, on standard error, where there is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def progress(text: str, done: int, total: int) -> None:
            bar.update(task, description=text, completed=done, total=total)

        return import_data(source, folder, progress=progress, finish=materialise, **options)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@LANG
def check(folder: Path, as_json: bool, lang: str) -> None:
    """The state of a data folder: tables, freshness, what each figure can and can not compute, and why."""
    crm = open_data(folder, lang=lang)
    figures = state(crm, lang)
    if as_json:
        show.print_json(crm.manifest | {"figures": records(figures)})
    else:
        show.print_state(crm, figures, lang)


@click.command()
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Data folder to make or renew.")
@click.option(
    "--customers", type=int, default=400, show_default=True, help="How many customers (about 35 orders each)."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another company.")
@click.option("--until", help="The day the company is seen at (default 2026-10-15).")
@click.option(
    "--story",
    "stories",
    multiple=True,
    metavar="NAME[=PLACE]",
    help="Plant only this story, there; 'none' plants none.",
)
@click.option("--back", type=click.IntRange(0, 60), default=12, show_default=True, metavar="MONTHS",
              help="Months of its past that it remembers, by company and team.")  # fmt: skip
@LANG
def sample(folder: Path, lang: str, stories: tuple[str, ...], back: int, **options: Any) -> None:
    """Make a believable company: a data folder to try everything on."""
    from crmkpi.sample import UNTIL, generate

    with tempfile.TemporaryDirectory() as made:
        told = generate(made, stories=list(stories) or None, **options)
        tables = Path(made) / "sample"
        tables.mkdir()
        for file in Path(made).glob("*.parquet"):
            file.rename(tables / file.name)
        report = _import(
            tables, folder, {"preset": "canonical", "currency": "EUR", "as_of": options["until"] or str(UNTIL)}
        )
    click.echo(report.text(lang))
    for name, story in told.items():
        click.echo(f"  story {name}: {story['where']}")
    if back:  # its records do not change once they are written: what is seen of a past day is what was known then
        say_remembered(open_data(folder).history.remember(back=back, places=("team",), vouched=True))


@click.command()
@click.option("--data", "folder", envvar="CRMKPI_DATA", default="data/sample", show_default=True, help="Data folder.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, default=8866, show_default=True, help="Port to listen on.")
@click.option("--base-url", default="/", show_default=True, help="Path under which a proxy serves it.")
@click.option("--token", envvar="CRMKPI_TOKEN", default="", help="A secret that all viewers share (or CRMKPI_TOKEN).")
@click.option(
    "--access",
    envvar="CRMKPI_ACCESS",
    type=click.Path(exists=True, dir_okay=False),
    help="Who sees what: docs/access.md.",
)
@click.option("--trust-proxy", multiple=True, metavar="ADDRESS", help="A proxy that says who looks; repeatable.")
@click.option("--identity-header", default="X-Forwarded-User", show_default=True, help="Where a trusted proxy says it.")
@click.option("--groups-header", default="", help="Where it says their groups, if it always sets it.")
@click.option("--viewer", default="", metavar="NAME", help="See what somebody sees, on this machine alone.")
@click.option("--cull", default=60.0, show_default=True, help="Seconds that a page which vanished keeps its kernel.")
@click.option("--log-json", is_flag=True, help="Log each request, as a line of JSON without personal data.")
@click.option("--open", "open_browser", is_flag=True, help="Open a browser.")
def serve(folder: str, **options: Any) -> None:
    """Serve the dashboards."""
    from crmkpi.serve import serve as run

    run(folder, **options)
