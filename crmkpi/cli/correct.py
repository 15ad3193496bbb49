"""The correction list of the records as a file to fill in: ``correct``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from crmkpi.cli.ask import question_of, question_options
from crmkpi.errors import DataError
from crmkpi.facts import Crm, open_data
from crmkpi.facts.corrections import COLUMNS
from crmkpi.format import csv_bytes, excel_bytes


@click.command()
@question_options
@click.option("--to", "file", required=True, type=click.Path(path_type=Path), help="The file to write: .csv or .xlsx.")
def correct(folder: str, file: Path, **question: Any) -> None:
    """Write what is missing or wrong in the records to a file, with a column for the right value."""
    if file.suffix not in (".csv", ".xlsx"):
        raise click.UsageError(f"--to {file.name}: expected a file that ends in .csv or .xlsx")
    given, crm = question_of(question), open_data(folder)
    if given.pop("period") is not None:
        raise click.UsageError("the records are those of a day: correct takes --as-of, not --period")
    frame = crm.corrections(**given)
    try:
        file.write_bytes(_bytes(crm, frame, file.suffix, given))
    except OSError as error:
        raise DataError(f"{file} can not be written ({error.strerror}); close it or choose another") from error
    click.echo(_said(frame, file, given["lang"]))


def _bytes(crm: Crm, frame: pd.DataFrame, suffix: str, given: dict[str, Any]) -> bytes:
    french = given["lang"] == "fr"
    headers = {name: titles[0 if french else 1] for name, titles in COLUMNS.items()}
    about = {"Au" if french else "As of": str(crm.day(given["as_of"])), "Source": str(crm.manifest.get("source") or "")}
    if suffix == ".csv":
        return csv_bytes(frame, headers, about, given["lang"])
    return excel_bytes(frame, headers, {"revenue_12m": "money"}, about, "Corrections")


def _said(frame: pd.DataFrame, file: Path, lang: str) -> str:
    records = len(frame[["record_type", "record_id"]].drop_duplicates())
    if lang == "fr":
        return f"{len(frame)} corrections à faire dans {records} fiches : {file}"
    return f"{len(frame)} corrections to make in {records} records: {file}"
