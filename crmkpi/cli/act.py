"""What to do with the figures: ``today``, the ranked list, and ``sheet``, several figures side by side."""

from __future__ import annotations

from typing import Any

import click

from crmkpi.cli import show
from crmkpi.cli.ask import question_of, question_options
from crmkpi.facts import open_data
from crmkpi.facts.question import words


@click.command()
@question_options
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Lines at most.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As CSV.")
def today(folder: str, limit: int, form: str | None, **question: Any) -> None:
    """What to do now: one line per customer over every figure, the most urgent first."""
    given = question_of(question)
    if given.pop("period") is not None:
        raise click.UsageError("today is a day: it takes --as-of, not --period")
    frame = open_data(folder).today(limit=limit, **given)
    shown = frame.assign(customer=frame["customer"].where(frame["customer"].notna(), frame["who"]))
    columns = ["rank", "severity", "customer", "reason", "also", "amount", "due", "action", "rep"]
    show.print_frame(frame, shown[columns], form)


@click.command()
@click.argument("names")
@question_options
@click.option("--by", default="customer", show_default=True, help="One line per: customer, rep, team, segment ...")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As CSV.")
def sheet(names: str, folder: str, by: str, form: str | None, **question: Any) -> None:
    """Several figures (NAMES, with commas) side by side, one line per customer."""
    frame = open_data(folder).sheet(words(names), by=by, **question_of(question))
    show.print_frame(frame, frame.drop(columns=[f"{name}_id" for name in words(by)]), form)
