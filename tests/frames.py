"""Data folders as dictionaries of pandas frames: what an analyst would have at hand."""

import datetime as dt
import json
from decimal import Decimal

import pandas as pd

import crmkpi


def frames_of(folder):
    """The tables of a data folder as an analyst's frames: float money, datetime64 days, text as str."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    version = folder / manifest["version"]
    return {name: _plain(pd.read_parquet(version / table["file"])) for name, table in manifest["tables"].items()}


def _plain(frame):
    return frame.assign(**{name: _column(frame[name]) for name in frame if frame[name].dtype == object})


def _column(values):
    kinds = {type(value) for value in values.dropna()}
    if kinds == {Decimal}:
        return values.astype(float)
    return pd.to_datetime(values) if kinds == {dt.date} else values


def open_both(folder, kind):
    """The data of a folder, opened as the folder or as frames."""
    if kind == "folder":
        return crmkpi.open(folder)
    crm = crmkpi.open(folder)
    # What frames do not carry is given: the folder's date and currency.
    return crmkpi.open(frames_of(folder), as_of=crm.as_of, currency=crm.currency, lang=crm.language)
