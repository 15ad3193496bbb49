"""The questions: ``list``, ``kpi``, ``gap``, ``backtest`` and ``alerts``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
import pandas as pd

from crmkpi.cli import show
from crmkpi.errors import UsageError
from crmkpi.facts import Crm, Result, open_data
from crmkpi.facts.result import records
from crmkpi.indicators import Library, find
from crmkpi.indicators.header import parse_value

LANG = click.option(
    "--lang", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Language of words."
)
DATA = click.option("--data", "folder", envvar="CRMKPI_DATA", required=True, help="Data folder (or CRMKPI_DATA).")


def question_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every question has."""
    for option in (
        LANG,
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Change a setting; repeatable."),
        click.option(
            "--where",
            multiple=True,
            metavar="DIM=VALUE",
            help="Keep a value of a dimension; same key or, other keys and.",
        ),
        click.option("--period", help="2026, 2026-Q4, 2026-10, 2026-10-23, 2026-W47, FY2026, FY2026-Q1, A/B or all."),
        click.option("--as-of", help="The day the data is seen at (default: the data's own date)."),
        DATA,
    ):
        command = option(command)
    return command


@click.command("list")
@click.argument("name", required=False)
@click.option("--data", "folder", envvar="CRMKPI_DATA", help="Data folder with figures of its own.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@LANG
def list_(name: str | None, folder: str | None, as_json: bool, lang: str) -> None:
    """The figures that can be asked; with a NAME, all there is to know of one."""
    library = open_data(folder).base.library if folder else Library()
    if name and not as_json:
        show.print_reference(library, name, lang)
        return
    rows = [
        {"no": f.no, "name": f.name, "title": f.title(lang), "kind": f.kind, "unit": f.unit, "better": f.better,
         "dimensions": list(f.dimensions), "definition": f.definition(lang)}
        for f in ([find(library.figures, name)] if name else library.figures.values())
    ]  # fmt: skip
    if as_json:
        show.print_json(rows)
    else:
        show.print_table(pd.DataFrame(rows)[["no", "name", "title", "kind", "unit"]])
        click.echo("crmkpi list NOM --lang fr : sa fiche" if lang == "fr" else "crmkpi list NAME: its reference")


@click.command()
@click.argument("name")
@question_options
@click.option("--by", help="Dimensions, with commas: rep, team, business_unit, customer, segment, industry, month ...")
@click.option("--compare", help="With commas: previous, last_year, target.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As CSV.")
@click.option("--facts", is_flag=True, help="The list behind the number.")
@click.option("--left-out", is_flag=True, help="With --facts: the rows left out, and why.")
@click.option("--sql", is_flag=True, help="The SQL that computes it.")
@click.option("--known-on", metavar="DAY", help="As it was known on that day (see remember), not as the data now say.")
def kpi(
    name: str, folder: str, form: str | None, facts: bool, left_out: bool, sql: bool, known_on: str | None, **question: Any
) -> None:  # fmt: skip
    """A figure over a period, by dimensions, with comparisons."""
    by, compare = question.pop("by"), question.pop("compare")
    asked = question_of(question)
    crm = open_data(folder)
    if known_on:
        from crmkpi.cli.past import print_known

        print_known(crm, name, known_on, asked, by, form, mixed=any((facts, left_out, sql, compare)))
    elif facts:
        if by or compare:
            raise click.UsageError("--facts is a list of rows: it takes --where, not --by or --compare")
        _print_facts(crm, name, asked, left_out, form)
    elif left_out:
        raise click.UsageError("--left-out goes with --facts")
    else:
        _print_kpi(crm, crm.kpi(name, by=by, compare=compare, **asked), asked, "sql" if sql else form, past=not by)


def _print_kpi(crm: Crm, result: Result, asked: dict[str, Any], form: str | None, past: bool) -> None:
    if form == "sql":
        show.print_sql(result)
    elif form == "json":
        show.print_json(result.to_dict())
    elif form == "csv":
        show.print_csv(result.frame)
    else:
        show.print_result(result, asked["lang"])
        if result.figure.forecasts and past:
            show.print_past(crm, result, asked)


def _print_facts(crm: Crm, name: str, asked: dict[str, Any], left_out: bool, form: str | None) -> None:
    frame = crm.facts(name, left_out=left_out, **asked)
    if form == "json":
        counts = crm.left_out(name, **asked)
        show.print_json({"indicator": name, "rows": records(frame), "left_out": counts})
    elif form == "csv":
        show.print_csv(frame)
    else:
        show.print_table(frame, limit=50)


@click.command()
@click.argument("name")
@question_options
@click.option("--against", default="previous", show_default=True, help="previous, last_year, target or a period.")
@click.option(
    "--by",
    default="rep",
    show_default=True,
    help="Who makes it: rep, team, customer ...; or what: basket (number x mean), product (price, volume, mix).",
)
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As CSV.")
@click.option("--sql", "form", flag_value="sql", help="The SQL that computes it.")
def gap(name: str, folder: str, form: str | None, **question: Any) -> None:  # fmt: skip
    """What makes the gap from a target or another period to actual; it adds up to the cent."""
    asked = question_of(question)
    found = open_data(folder).gap(name, **asked)
    if form == "sql":
        show.print_sql(found)
    elif form == "json":
        show.print_json(found.to_dict())
    elif form == "csv":
        show.print_csv(found.frame)
    else:
        show.print_gap(found, asked["lang"])


@click.command()
@click.argument("name")
@question_options
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As CSV.")
def backtest(name: str, folder: str, form: str | None, **question: Any) -> None:
    """How far a forecast has been from what came, over past periods seen at the same working day."""
    asked = question_of(question)
    found = open_data(folder).backtest(name, **asked)
    if form == "json":
        show.print_json(found.to_dict())
    elif form == "csv":
        show.print_csv(found.frame)
    else:
        show.print_backtest(found, asked["lang"])


@click.command()
@question_options
@click.option("--figure", "figures", multiple=True, help="Only this figure's; repeatable.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As CSV.")
def alerts(folder: str, figures: tuple[str, ...], form: str | None, **question: Any) -> None:
    """What to act on, the most severe first."""
    frame = open_data(folder).alerts(figures or None, **question_of(question))
    shown = frame[["severity", "figure", "label", "rep", "reason", "due", "amount", "action"]]
    show.print_frame(frame, shown, form)


def question_of(options: dict[str, Any]) -> dict[str, Any]:
    """The options as the arguments of a question."""
    where: dict[str, list[str]] = {}
    for name, value in _pairs(options.pop("where"), "--where"):
        where.setdefault(name, []).append(value)
    settings = {name: parse_value(value) for name, value in _pairs(options.pop("settings"), "--set")}
    return options | {"where": where, "settings": settings}


def _pairs(given: tuple[str, ...], option: str) -> list[tuple[str, str]]:
    pairs = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{option} {text!r}: expected name=value")
        pairs.append((name.strip(), value.strip()))
    return pairs
