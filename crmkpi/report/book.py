"""The workbook: every figure of the dashboards on one sheet, each list behind them on a sheet of its own.

Below it: crmkpi.dashboard (which columns a list has, what they are called), crmkpi.format.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import crmkpi
from crmkpi.dashboard import Dashboard, lists
from crmkpi.dashboard.words import say
from crmkpi.format import Sheet, workbook_bytes
from crmkpi.report.plan import Report

_HEADS = {
    "title": ("Indicateur", "Figure"),
    "value": ("Valeur", "Value"),
    "target_to_date": ("Objectif à ce jour", "Target to date"),
    "attainment": ("Atteinte", "Attainment"),
    "previous": ("Période précédente", "Previous period"),
    "last_year": ("Un an plus tôt", "A year before"),
    "unit": ("Unité", "Unit"),
    "status": ("État", "Status"),
    "reason": ("Raison", "Reason"),
    "definition": ("Définition", "Definition"),
}

_UNITS = {
    "money": ("{currency}", "{currency}"),
    "money_per_day": ("{currency} par jour ouvré", "{currency} per working day"),
    "count": ("nombre", "count"),
    "rate": ("%", "%"),
    "ratio": ("rapport", "ratio"),
    "days": ("jours", "days"),
    "index": ("indice sur 100", "index out of 100"),
}


def write(report: Report, data: Path, names: list[str], to: Path) -> Path:
    """Write the workbook of a scope: the figures of ``names``, and their lists."""
    board = Dashboard(**report.parameters(data))
    ask = board.asker(board.state)
    sheets = [_figures(ask, names)]
    sheets += [_list(ask, name) for name in names if not ask.figure(name).inputs]
    about = {
        say(report.lang, "filters_said"): board.filters_in_words(board.state),
        say(report.lang, "as_of"): report.as_of,
        say(report.lang, "source"): str(board.crm.manifest.get("source", "")),
        "version": str(board.crm.manifest.get("version", "")),
        "crmkpi": crmkpi.__version__,
    }
    to.write_bytes(workbook_bytes(sheets, about))
    return to


def _figures(ask: Any, names: list[str]) -> Sheet:
    rows = [_row(ask, name) for name in names]
    headers = {key: words[ask.lang != "fr"] for key, words in _HEADS.items()}
    frame = pd.DataFrame(rows, columns=[*_HEADS, "kind"])
    kinds = dict.fromkeys(("value", "target_to_date", "previous", "last_year"), "@kind") | {"attainment": "rate"}
    return Sheet("Indicateurs" if ask.lang == "fr" else "Figures", frame, headers, kinds)


def _row(ask: Any, name: str) -> dict[str, Any]:
    figure, result = ask.figure(name), ask.crm.kpi(
        name, period=ask.state.period, as_of=ask.as_of, compare=["target", "previous", "last_year"], where=ask.state.where,
        lang=ask.lang,
    )  # fmt: skip
    row = result.row
    kept = {key: row.get(key) for key in ("value", "target_to_date", "attainment", "previous", "last_year", "reason")}
    said = {
        "title": figure.title(ask.lang), "definition": figure.definition(ask.lang), "kind": figure.unit,
        "unit": _UNITS[figure.unit][ask.lang != "fr"].format(currency=ask.crm.currency),
        "status": "ok" if result.status == "ok" else ask.say(result.status).lower(),
    }  # fmt: skip
    return said | kept


def _list(ask: Any, name: str) -> Sheet:
    frame, columns = lists.rows_of(ask, lists.View(name))
    shown = frame.assign(**{column.name: lists.for_file(ask, frame, column) for column in columns})
    return Sheet(
        ask.title(name), shown, {each.name: each.title for each in columns}, {each.name: each.unit for each in columns}
    )
