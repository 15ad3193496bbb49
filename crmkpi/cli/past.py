"""What was known: ``remember``, which keeps the values of the day, and ``since``, what has changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
import pandas as pd

from crmkpi.cli import show
from crmkpi.cli.ask import DATA, question_of, question_options
from crmkpi.facts import Crm, Known, Moves, Remembered, open_data


@click.command()
@DATA
@click.option("--back", type=click.IntRange(0, 60), default=0, metavar="MONTHS",
              help="Also the ends of so many months before and the last Monday, computed now from dated facts.")  # fmt: skip
@click.option("--list", "listed", is_flag=True, help="Only what there is.")
def remember(folder: str, back: int, listed: bool) -> None:
    """Keep the value of every figure, by company, business unit, team and rep; again, it adds nothing."""
    crm = open_data(folder)
    if listed:
        show.print_table(crm.history.days().drop(columns=["source", "places"]))
    else:
        say_remembered(crm.history.remember(back=back))
    for name in crm.history.broken:
        click.echo(f"history/{name} can not be read and is left out: put back a copy of it, or delete it", err=True)


def say_remembered(done: Remembered) -> None:
    """Say what was kept, and what was not."""
    kept = ", ".join(map(str, sorted(done.added))) or "nothing new"
    there = f"; {len(done.there)} remembered before" if done.there else ""
    click.echo(f"remembered: {kept}{there}")
    for name, why in done.failed.items():
        click.echo(f"  {name} was not remembered: {why}", err=True)


@click.command()
@click.argument("day")
@click.argument("name", required=False)
@question_options
@click.option("--of", type=click.Choice(["value", "amount"]), default="amount", show_default=True,
              help="With a NAME whose rows come and go: what is added up.")  # fmt: skip
@click.option("--within", help="With such a NAME: only what is due before the end of this period.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As CSV.")
def since(
    day: str, name: str | None, folder: str, of: str, within: str | None, form: str | None, **question: Any
) -> None:
    """What has changed since DAY: every figure then and now; of a NAME like weighted_pipeline, its rows one by one."""
    asked = question_of(question)
    if asked.pop("period") is not None or asked.pop("settings"):
        raise click.UsageError(
            "since compares what was remembered: it takes --as-of and --where, not --period or --set"
        )
    crm = open_data(folder)
    moving = name is not None and crm.base.figure(name).moves
    if moving and name:
        _print_moves(crm, crm.history.moves(name, since=day, of=of, within=within, **asked), form, asked["lang"])
        return
    if within:
        raise click.UsageError("--within goes with the NAME of a figure whose rows come and go: weighted_pipeline")
    frame = crm.history.since(day, [name] if name else None, **asked)
    if form:
        show.print_frame(frame, frame, form)
    else:
        _print_since(crm, frame, asked["lang"])


def _print_since(crm: Crm, frame: pd.DataFrame, lang: str) -> None:
    from crmkpi.format import moved_text, text

    known = frame[frame["change"].notna()]
    if known.empty:
        click.echo(frame["reason"].dropna().iloc[0])
        return
    said: dict[str, Any] = {"lang": lang, "currency": crm.currency or "XXX"}
    rows = [
        {"figure": row["title"], "period": row["period"], "since": row["since"],
         **{name: text(row[name], row["unit"], **said) for name in ("before", "now")},
         "change": moved_text(row["change"], row["unit"], **said), "note": row["note"]}
        for row in known.to_dict("records")
    ]  # fmt: skip
    show.print_table(pd.DataFrame(rows).map(lambda value: str(value).replace("\u202f", " ")))
    if len(known) < len(frame):
        click.echo(f"{len(frame) - len(known)} figures without a value then or now; --csv says why")


def _print_moves(crm: Crm, found: Moves, form: str | None, lang: str) -> None:
    if form == "json":
        show.print_json(found.to_dict())
    elif form == "csv":
        show.print_csv(found.frame)
    else:
        _say_moves(crm, found, lang)


def _say_moves(crm: Crm, found: Moves, lang: str) -> None:
    from crmkpi.format import text

    def said(value: Any) -> str:
        return text(value, found.unit, lang, currency=crm.currency or "XXX", exact=True).replace("\u202f", " ")

    head = f"{found.figure.title(lang)} · {found.since or '—'} → {found.as_of}"
    click.echo(f"{head}: {said(found.reference)} → {said(found.actual)} ({said(found.change)}; {found.status})")
    for words in filter(None, (found.reason, found.seen_by)):
        click.echo(words)
    if len(found.frame):
        show.print_table(
            found.classes.assign(amount=[said(each) for each in found.classes["amount"]]).drop(columns="move")
        )
        moved = found.frame[found.frame["move"] != "same"]
        shown = ["move_label", "name", "customer", "rep", "before", "after", "amount", "due_before", "due"]
        show.print_table(moved[shown].dropna(axis="columns", how="all"), limit=50)


def print_known(
    crm: Crm, name: str, on: str | date, asked: dict[str, Any], by: str | None, form: str | None, mixed: bool
) -> None:  # fmt: skip
    """Print a figure as it was known on a day."""
    if mixed or asked["as_of"] or asked["settings"]:
        raise click.UsageError("--known-on is what was remembered: it takes --period, --by and --where only")
    question = {key: value for key, value in asked.items() if key not in ("as_of", "settings")}
    found: Known = crm.history.known(name, on=on, by=by, **question)
    if form == "json":
        show.print_json(found.to_dict())
    elif form == "csv":
        show.print_csv(found.frame)
    else:
        _say_known(crm, found, asked["lang"])


def _say_known(crm: Crm, found: Known, lang: str) -> None:
    from crmkpi.format import text

    figure = found.figure
    values = [
        text(each, figure.unit, lang, currency=crm.currency or "XXX", exact=True).replace("\u202f", " ")
        for each in found.frame["value"]
    ]
    one = f": {values[0]}" if len(values) == 1 else ""
    click.echo(
        f"{figure.title(lang)} · known on {found.on}, remembered as of {found.as_of or '—'}{one} ({found.status})"
    )
    for words in filter(None, (found.reason, found.note)):
        click.echo(words)
    if len(found.frame) > 1:
        kept = found.frame.assign(value=values).drop(columns=["definition", "data_version", "taken_at", "first_hand"])
        show.print_table(kept.loc[:, kept.notna().any()], limit=100)
