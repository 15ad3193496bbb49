"""What the command line prints: tables, JSON, CSV, SQL."""

from __future__ import annotations

import json
import re
from typing import Any

import click
import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crmkpi.facts import Backtest, Crm, Gap, Result
from crmkpi.facts.result import plain, records
from crmkpi.indicators import Library, find

_MONEY = ("num", "den", "amount", "target", "target_to_date", "previous", "last_year")
_COLOURS = {"ok": "green", "partial": "yellow", "unavailable": "red"}


def print_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str, allow_nan=False))


def print_csv(frame: pd.DataFrame) -> None:
    """Print a frame as CSV (comma, decimal point), texts safe to open in a spreadsheet."""
    from crmkpi.format.export import safe_text

    shown = frame.map(lambda value: safe_text(value) if isinstance(value, str) else plain(value))
    click.echo(shown.to_csv(index=False, lineterminator="\n"), nl=False)


def print_sql(result: Result | Gap) -> None:
    """Print the SQL that ran, with what was bound in it."""
    for number, sql in enumerate(result.sql):
        if number < len(result.params) and result.params[number]:
            shown = ", ".join(f"${name} = {_short(value)}" for name, value in sorted(result.params[number].items()))
            click.echo(f"-- {shown}")
        click.echo(f"{sql};\n")


def _short(value: object) -> str:
    if isinstance(value, list) and len(value) > 4:
        return f"[{value[0]}, ... {len(value)} values, {value[-1]}]"
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def print_table(frame: pd.DataFrame, limit: int | None = None, title: str = "") -> None:
    """Print a frame as a table; ``limit`` rows of it, saying how many there are."""
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(str(name), justify="right" if numeric else "left", overflow="fold")
    for row in frame.head(limit or len(frame)).itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    _console().print(table)
    if limit and len(frame) > limit:
        click.echo(f"{limit} of {len(frame)} rows; --csv or --json gives them all")


def print_frame(frame: pd.DataFrame, shown: pd.DataFrame, form: str | None) -> None:
    """Print a list: all of it as JSON or CSV, else what is ``shown`` of it as a table."""
    if form == "json":
        print_json(records(frame))
    elif form == "csv":
        print_csv(frame)
    else:
        print_table(shown, limit=50)


def print_reference(library: Library, name: str, lang: str) -> None:
    """Print the reference of one figure: definition, formula, settings, alerts, examples, SQL."""
    from rich.markdown import Markdown

    from crmkpi.reference import Reference

    text = Reference(library, lang).figure(find(library.figures, name))
    _console().print(Markdown(re.sub(r"</?(details|summary)>", "", text)))


def print_result(result: Result, lang: str) -> None:
    """Print an answer: its value with unit, its rows, its reason."""
    from crmkpi.format import text

    figure = result.figure

    def said(value: Any) -> str:
        return text(value, figure.unit, lang, currency=result.currency or "XXX", exact=True).replace("\u202f", " ")

    head = (
        f"{figure.title(lang)} · {result.period.label} · as of {result.as_of}: {said(result.value)} ({result.status})"
    )
    shown = result.frame.drop(
        columns=[name for name in result.frame if str(name).endswith(("_num", "_den", "_amount", "_n"))]
    )
    shown = shown.drop(columns=["target_status", "target_reason"])
    shown = shown.loc[:, shown.notna().any() & ~shown.isin([""]).all()]
    for name in ("value", "target", "target_to_date", "previous", "last_year"):
        if name in shown:
            shown = shown.assign(**{name: [said(value) for value in shown[name]]})
    if "attainment" in shown:
        shown = shown.assign(attainment=[text(value, "rate", lang) for value in shown["attainment"]])
    click.echo(head)
    for words in filter(None, (result.reason, result.note)):
        click.echo(words)
    print_table(shown, limit=100)


def print_past(crm: Crm, result: Result, asked: dict[str, Any]) -> None:
    """Print the past errors of a forecast, and of the others of the same figure."""
    from crmkpi.format import past_text, text

    aim = result.figure.forecasts
    for figure in (each for each in crm.figures.values() if each.forecasts == aim):
        found = crm.backtest(figure.name, **asked)
        value = text(found.value, figure.unit, asked["lang"], currency=found.currency or "XXX")
        shown = f" {value}" if found.value is not None else ""
        click.echo(f"{figure.title(asked['lang'])}{shown}: {past_text(found, asked['lang'])}")


def print_backtest(found: Backtest, lang: str) -> None:
    """Print a backtest: what it says, then each past period."""
    from crmkpi.format import past_text

    click.echo(f"{found.figure.title(lang)} · {found.period.label} · as of {found.as_of}")
    click.echo(past_text(found, lang))
    if found.origins:
        print_table(found.frame.assign(error=[f"{100 * error:+.1f} %" for error in found.frame["error"]]))


def print_gap(gap: Gap, lang: str) -> None:
    """Print what makes a gap: the whole, the sums by effect, the effects one by one."""
    from crmkpi.format import text

    def said(value: Any, unit: str = "money") -> str:
        return text(value, unit, lang, currency=gap.currency or "XXX", exact=True).replace("\u202f", " ")

    figure = gap.figure
    click.echo(f"{figure.title(lang)} · {gap.against} → {gap.period.label} · as of {gap.as_of} ({gap.status})")
    click.echo(f"{said(gap.reference)} → {said(gap.actual)}: {said(gap.change)}")
    if gap.reason:
        click.echo(gap.reason)
    for number, frame in enumerate((gap.classes, gap.frame)):
        if len(frame) and not (number and gap.by == "basket"):
            shown = frame.drop(columns=["effect", "id"], errors="ignore")
            shown = shown.loc[:, shown.notna().any()]
            money = [name for name in ("amount", "reference", "actual") if name in shown]
            shown = shown.assign(**{name: [said(value) for value in shown[name]] for name in money})
            shares = {"share": [said(value, "share") for value in shown["share"]]} if "share" in shown else {}
            print_table(shown.assign(**shares), limit=50)


def print_state(crm: Crm, figures: pd.DataFrame, lang: str) -> None:
    """Print the state of a data folder."""
    manifest = crm.manifest
    french = lang == "fr"
    click.echo(
        f"{manifest['source']} ({manifest.get('preset', '')}), {'données au' if french else 'data as of'} {crm.as_of}"
    )
    click.echo(
        f"{'importé le' if french else 'imported'} {manifest['loaded_at']}, {crm.currency}, {manifest.get('zone', '')}"
    )
    tables = [
        {
            "table": name,
            "rows": entry["rows"],
            "deleted": entry.get("deleted", 0),
            "rejected": entry.get("rejected_rows", 0),
        }
        for name, entry in manifest["tables"].items()
    ]
    print_table(pd.DataFrame(tables, columns=["table", "rows", "deleted", "rejected"]))
    for line in [*manifest.get("notes", []), *manifest.get("report", [])]:
        click.echo(f"- {line.get('table') or ''}: {line[lang]}")
    table = Table(header_style="bold")
    for name in (
        "figure",
        "titre" if french else "title",
        "état" if french else "state",
        "pourquoi" if french else "why",
    ):
        table.add_column(name, overflow="fold")
    for row in figures.to_dict("records"):
        why = "; ".join(dict.fromkeys(part for part in (row["reason"], row["target_reason"]) if part))
        table.add_row(
            row["figure"], escape(row["title"]), f"[{_COLOURS[row['status']]}]{row['status']}[/]", escape(why)
        )
    _console().print(table)


def _cell(value: Any) -> str:
    value = plain(value)
    if value is None:
        return "—"
    return f"{value:,.2f}" if isinstance(value, float) else escape(str(value))  # a customer's name is no markup


def _console() -> Console:
    """A console as wide as the terminal; in a pipe, wide enough not to cut words."""
    console = Console(highlight=False, markup=True)
    return console if console.is_terminal else Console(highlight=False, width=200)
