"""The reference pages, made from the declarations: ``docs/indicators.md`` and ``docs/schema.md``.

After a change in a figure's header, in a view or in the schema, refresh them with ``make docs`` (or
``python -m crmkpi.reference``, at the top of the project; another folder may be named); a test fails while they
are stale. Pages of a data folder's own figures: ``indicators_page(Library(folder))``.
Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.indicators`, :mod:`crmkpi.facts` (the general settings).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from crmkpi.facts.base import GENERAL
from crmkpi.indicators import Figure, Library, Setting, View
from crmkpi.schema import SQL_TYPES, TABLES, Table

MADE = "<!-- Made by `make docs` from {source}: change that, not this page. -->\n"
KINDS = {
    "flow": ("flux : événements de la période", "flow: events of the period"),
    "stock": ("stock : état au jour dit", "stock: a state at the day"),
    "change": (
        "évolution : ce que sont devenus les présents du début",
        "change: what became of those there at the start",
    ),
    "composite": ("composé : formule sur d'autres chiffres", "composite: a formula over other figures"),
}
UNITS = {
    "money": ("montant, hors taxes", "money, excluding tax"),
    "money_per_day": ("montant par jour ouvré", "money per working day"),
    "count": ("nombre", "count"),
    "rate": ("taux, 0 à 1", "rate, 0 to 1"),
    "ratio": ("rapport", "ratio"),
    "days": ("jours", "days"),
    "index": ("indice, 0 à 100", "index, 0 to 100"),
}
BETTER = {"up": ("en hausse", "up"), "down": ("en baisse", "down"), "none": ("ni l'un ni l'autre", "neither")}


def indicators_page(library: Library) -> str:
    """The reference of every figure, as Markdown: titles, definition, unit, settings, alerts, examples.

    >>> "### invoiced_revenue" in indicators_page(Library())
    True
    """
    figures = list(library.figures.values())
    parts = [
        MADE.format(source="the headers in `crmkpi/indicators` and `crmkpi/views`"),
        "# The figures\n",
        "Each figure is one SQL file; this page is its header. Values are `sum(num)` or `sum(num) / sum(den)` over facts;\n"
        "the examples are asked of [`data/demo`](../data/demo/README.md) by the tests.\n"
        "*Chaque chiffre est un fichier SQL ; cette page en donne l'en-tête, les exemples portent sur `data/demo`.*\n",
        table(("figure", "titre", "title", ""), [(f"[{f.name}](#{f.name})", f.fr, f.en, f.no) for f in figures]),
        *(_figure(figure) for figure in figures),
        "## Views\n\nSteps that several figures share, inlined where they are used.\n",
        *(_view(view, figures, library) for view in library.views.values()),
        "## General settings\n\nChanged for one question with `--set name=value`, for good in `settings.toml` of the data folder.\n",
        _settings(GENERAL),
    ]
    return "\n".join(parts)


def _figure(figure: Figure) -> str:
    inputs = figure.input_names
    rows = [
        ("unité, unit", " · ".join(UNITS[figure.unit])),
        ("sorte, kind", " · ".join(KINDS[figure.kind])),
        ("mieux, better", " · ".join(BETTER[figure.better])),
        ("tables", _codes(figure.needs)),
        ("chiffres, figures", _codes(inputs)),
        ("objectif, target", f"`{figure.target}`" if figure.target else ""),
        ("dimensions", _codes(figure.dimensions)),
        ("à côté, beside", ", ".join(f"`{each.name}` {each.fr} · {each.en}" for each in figure.beside)),
        ("partiel sans, partial without", "; ".join(f"`{name}` ({fr} · {en})" for name, fr, en in figure.helps)),
        ("non daté, undated", " · ".join(figure.undated or ())),
    ]
    return "\n".join(
        part
        for part in (
            f"### {figure.name}\n",
            f"**{figure.fr}** · **{figure.en}** ({figure.no}, [SQL]({_link(figure)}))\n",
            f"{figure.definition_en}\n",
            f"*{figure.definition_fr}*\n",
            table(("", ""), [row for row in rows if row[1]]),
            _settings(figure.settings),
            _alerts(figure),
            _examples(figure.examples),
        )
        if part
    )


def _link(figure: Figure) -> str:
    return f"../crmkpi/indicators/{figure.family + '/' if figure.family else ''}{figure.name}.sql"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _settings(settings: Sequence[Setting]) -> str:
    rows = [(f"`{each.name}`", f"`{each.default!r}`", each.fr, each.en) for each in settings]
    return table(("setting", "default", "réglage", ""), rows)


def _alerts(figure: Figure) -> str:
    rows = [
        (each.severity, ", ".join(each.dimensions), f"`{each.condition}`", f"{each.fr} → {each.action_fr}", f"{each.en} → {each.action_en}")
        for each in figure.alerts
    ]  # fmt: skip
    return table(("alert", "by", "when", "alerte → action", "words → action"), rows)


def _examples(examples: Sequence[str]) -> str:
    """The golden values of a header: what is asked (as of, period, filters), the answer, what it shows."""
    rows = []
    for text in examples:
        question, _, note = text.partition(" | ")
        asked, _, answer = question.partition(" -> ")
        rows.append((f"`{asked}`", f"`{answer}`", note))
    return table(("example", "value", "what it shows"), rows)


def _view(view: View, figures: Sequence[Figure], library: Library) -> str:
    users = [figure.name for figure in figures if not figure.inputs and view in library.steps(figure.sql)]
    about = [view.definition_en, f"*{view.definition_fr}*" if view.definition_fr else ""]
    used = f"Used by {', '.join(f'[{name}](#{name})' for name in users)}." if users else ""
    parts = [f"### {view.name}", *about, used, _settings(view.settings)]
    return "\n\n".join(part for part in parts if part) + "\n"


def schema_page() -> str:
    """The data dictionary, as Markdown: every table with its columns, types, closed lists and references.

    >>> "## orders" in schema_page()
    True
    """
    rows = [(f"[{t.name}](#{t.name})", t.fr, t.en, "optional" if t.optional else "") for t in TABLES.values()]
    types = [(f"`{name}`", f"`{sql}`") for name, sql in SQL_TYPES.items()]
    parts = [
        MADE.format(source="`crmkpi/schema/tables.py`"),
        "# The tables\n",
        "Every source becomes these tables, every figure reads only them. Money excludes tax and is in one reporting\n"
        "currency; rates are 0..1; days are days in the source's zone. **K** key, **R** required; *dated*: its newest value is\n"
        "the data's own date. A table or column that the source has not is left out, never filled with zeros.\n",
        table(("table", "", "", ""), rows),
        *(_table(each) for each in TABLES.values()),
        "## Types\n",
        table(("type", "DuckDB"), types),
    ]
    return "\n".join(parts)


def _table(declared: Table) -> str:
    rows = []
    for column in declared.columns:
        flags = "K" if column.key else "R" if column.required else ""
        notes = [
            column.doc, f"one of {_codes(column.values)}" if column.values else "",
            f"key of [{column.refs}](#{column.refs})" if column.refs else "", "*dated*" if column.dated else "",
        ]  # fmt: skip
        rows.append((f"`{column.name}`", column.type, flags, column.fr, column.en, "; ".join(filter(None, notes))))
    head = table(("column", "type", "", "libellé", "label", "notes"), rows)
    return f"## {declared.name}\n\n{declared.fr} · {declared.en}: {declared.doc}.\n\n{head}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Rows as a Markdown table; nothing where there are no rows.

    >>> print(table(("a", "b"), [("1", "x|y")]))
    | a | b |
    |---|---|
    | 1 | x\|y |
    <BLANKLINE>
    """
    if not rows:
        return ""
    lines = [header, ["---"] * len(header), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    joined = [" | ".join(line) if line[0] != "---" else "|".join(line) for line in lines]
    return "\n".join(f"|{line}|" if line.startswith("---") else f"| {line} |" for line in joined) + "\n"


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {"indicators.md": indicators_page(Library()), "schema.md": schema_page()}


def write(folder: Path) -> None:
    """Write the pages into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
