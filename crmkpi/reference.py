"""The reference pages, made from the declarations: ``docs/indicators.en.md`` and ``.fr.md``, and ``docs/schema.md``.

After a change in a figure's header, in a view or in the schema, refresh them with ``make docs`` (or
``python -m crmkpi.reference``, at the top of the project; another folder may be named); a test fails while they
are stale. ``crmkpi list NAME`` prints one figure's section, the dashboards show the page (with a data folder's own
figures). Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.indicators`, :mod:`crmkpi.facts` (the general settings, the columns).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from crmkpi.facts import open_data
from crmkpi.facts.base import GENERAL, Base, load_settings
from crmkpi.indicators import Figure, Library, Setting, View
from crmkpi.schema import SQL_TYPES, TABLES, Table

MADE = "<!-- Made by `make docs` from {source}: change that, not this page. -->\n"
KINDS = {
    "flow": ("flux : événements de la période", "flow: events of the period"),
    "stock": ("stock : état au jour dit", "stock: a state at the day"),
    "change": ("cohorte : ce que sont devenus ceux de la période", "cohort: what became of those of the period"),
    "composite": ("composé : formule sur d'autres chiffres", "composite: a formula over other figures"),
}
UNITS = {
    "money": ("montant, hors taxes sauf mention", "money, excluding tax unless said"),
    "money_per_day": ("montant par jour ouvré", "money per working day"),
    "count": ("nombre", "count"),
    "rate": ("taux, 0 à 1", "rate, 0 to 1"),
    "ratio": ("rapport", "ratio"),
    "days": ("jours", "days"),
    "index": ("indice, 0 à 100", "index, 0 to 100"),
}
BETTER = {"up": ("en hausse", "up"), "down": ("en baisse", "down"), "none": ("ni l'un ni l'autre", "neither")}
FAMILIES = {
    "1": ("Activité commerciale", "Commercial activity"),
    "2": ("Organisation", "Organisation"),
    "3": ("Santé des données clients", "Customer data health"),
    "4": ("Dynamique terrain", "Field dynamics"),
}
_FACT = ("day", "account_id", "owner_id", "id", "num", "den", "amount", "base", "once", "period", "excluded", "missing",
         "severity", "alert_reason", "action")  # fmt: skip


class Reference:
    """The pages of a library of figures in one language."""

    def __init__(self, library: Library, lang: str) -> None:
        self.library, self.lang = library, lang
        engine = open_data({}, as_of="2026-01-01").base.engine
        self.base = Base(engine, library, load_settings(library, None), lang)
        self.say = self.base.say

    def page(self) -> str:
        """The whole reference: contents, each figure by family, the shared steps, the general settings."""
        figures = list(self.library.figures.values())
        head = self.say(
            "Chaque chiffre est un fichier SQL ; cette page en donne l'en-tête et le texte. Les exemples sont posés par les\n"
            "tests à une petite société que l'on peut additionner à la main (`data/demo`, `tests/companies`).\n",
            "Each figure is one SQL file; this page is its header and its text. The tests ask the examples of a company small\n"
            "enough to add up by hand (`data/demo`, `tests/companies`).\n",
        )
        contents = [(f.no, f"[{f.title(self.lang)}](#{f.name})", f"`{f.name}`") for f in figures]
        parts = [
            MADE.format(source="the headers in `crmkpi/indicators` and `crmkpi/views`"),
            self.say("# Les chiffres\n", "# The figures\n"),
            head,
            table(("", self.say("titre", "title"), self.say("nom", "name")), contents),
            *self._families(figures),
            self.say("## Étapes partagées\n", "## Shared steps\n"),
            *(self._view(view, figures) for view in self.library.views.values()),
            self.say("## Réglages généraux\n", "## General settings\n"),
            self.say(
                "Pour une question : `--set nom=valeur` ; pour de bon : `settings.toml` du dossier de données.\n",
                "For one question: `--set name=value`; for good: `settings.toml` of the data folder.\n",
            ),
            self._settings(GENERAL),
        ]
        return "\n".join(part for part in parts if part)

    def _families(self, figures: Sequence[Figure]) -> list[str]:
        parts, last = [], ""
        for figure in figures:
            family = figure.no.split(".")[0]
            if family != last:
                parts.append(f"## {self.say(*FAMILIES.get(family, ('Vos chiffres', 'Your figures')))}\n")
                last = family
            parts.append(self.figure(figure))
        return parts

    def figure(self, figure: Figure) -> str:
        """The section of one figure."""
        traps = [fr if self.lang == "fr" else en for fr, en in figure.traps]
        trap_head = self.say("**À savoir**\n", "**Good to know**\n")
        parts = [
            f"### {figure.name}\n",
            f"**{figure.title(self.lang)}** ({figure.no})\n",
            f"{figure.definition(self.lang)}\n",
            f"{self._formula(figure)}\n",
            *([trap_head, "".join(f"- {trap}\n" for trap in traps)] if traps else []),
            table(("", ""), [row for row in self._rows(figure) if row[1]]),
            self._settings(self._all_settings(figure)),
            self._alerts(figure),
            self._words(figure),
            self._examples(figure.examples),
            self._sql(figure.name, figure.sql),
        ]
        return "\n".join(part for part in parts if part)

    def _formula(self, figure: Figure) -> str:
        if figure.inputs:
            return self.say(
                "Valeur = la formule ci-dessous, après regroupement.", "Value = the formula below, after grouping."
            )
        ratio = "den" in self.base.columns(figure)
        formula = "sum(num) / sum(den)" if ratio else "sum(num)"
        return self.say(
            f"Valeur = `{formula}` sur les lignes de la liste.", f"Value = `{formula}` over the rows of the list."
        )

    def _rows(self, figure: Figure) -> list[tuple[str, str]]:
        at = self.lang != "fr"
        listed = [] if figure.inputs else [name for name in self.base.columns(figure) if name not in _FACT]
        return [
            (self.say("unité", "unit"), UNITS[figure.unit][at]),
            (self.say("sorte", "kind"), KINDS[figure.kind][at]),
            (self.say("mieux", "better"), BETTER[figure.better][at]),
            ("tables", _codes(figure.needs)),
            (self.say("chiffres", "figures"), ", ".join(f"[{name}](#{name})" for name in figure.input_names)),
            (self.say("objectif", "target"), f"`{figure.target}`" if figure.target else ""),
            (self.say("dimensions en plus", "further dimensions"), _codes(figure.dimensions)),
            (
                self.say("à côté", "beside"),
                ", ".join(f"`{each.name}` {(each.fr, each.en)[at]}" for each in figure.beside),
            ),
            (
                self.say("partiel sans", "partial without"),
                "; ".join(f"`{each[0]}` ({each[1 + at]})" for each in figure.helps),
            ),
            (self.say("non daté", "undated"), figure.undated[at] if figure.undated else ""),
            (self.say("son passé change", "its past changes"), self.say("oui", "yes") if figure.revises else ""),
            (self.say("liste", "list"), _codes(listed)),
        ]

    def _all_settings(self, figure: Figure) -> list[Setting]:
        steps = [] if figure.inputs else self.library.steps(figure.sql)
        return [setting for item in [figure, *steps] for setting in item.settings]

    def _settings(self, settings: Sequence[Setting]) -> str:
        rows = [(f"`{each.name}`", f"`{each.default!r}`", self.say(each.fr, each.en)) for each in settings]
        return table((self.say("réglage", "setting"), self.say("défaut", "default"), ""), rows)

    def _alerts(self, figure: Figure) -> str:
        rows = [
            (each.severity, ", ".join(each.dimensions), f"`{each.condition}`", self.say(each.fr, each.en),
             self.say(each.action_fr, each.action_en))
            for each in figure.alerts
        ]  # fmt: skip
        return table(
            (self.say("alerte", "alert"), self.say("par", "by"), self.say("quand", "when"), "", "action"), rows
        )

    def _words(self, figure: Figure) -> str:
        """The words of its codes: what is left out, why an alert, what to do."""
        rows = [(f"`{code}`", self.say(*pair)) for code, pair in figure.words.items()]
        return table((self.say("code", "code"), self.say("mots", "words")), rows)

    def _examples(self, examples: Sequence[str]) -> str:
        """The golden values of a header: what is asked (as of, period, filters), the answer, what it shows."""
        rows = []
        for text in examples:
            question, _, note = text.partition(" | ")
            asked, _, answer = question.partition(" -> ")
            rows.append((f"`{asked}`", f"`{answer}`", note))
        return table((self.say("exemple", "example"), self.say("valeur", "value"), ""), rows)

    def _view(self, view: View, figures: Sequence[Figure]) -> str:
        users = [figure.name for figure in figures if not figure.inputs and view in self.library.steps(figure.sql)]
        used = ", ".join(f"[{name}](#{name})" for name in users)
        parts = [f"### {view.name}", self.say(view.definition_fr, view.definition_en),
                 self.say(f"Sert à {used}.", f"Used by {used}.") if users else "", self._settings(view.settings),
                 self._sql(view.name, view.sql)]  # fmt: skip
        return "\n\n".join(part for part in parts if part) + "\n"

    def _sql(self, name: str, sql: str) -> str:
        return f"<details><summary>{name}.sql</summary>\n\n```sql\n{sql}\n```\n\n</details>\n"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


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
            column.doc, f"{'one of' if column.closed else 'ours are'} {_codes(column.values)}" if column.values else "",
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
    library = Library()
    made = {f"indicators.{lang}.md": Reference(library, lang).page() for lang in ("en", "fr")}
    return made | {"schema.md": schema_page()}


def write(folder: Path) -> None:
    """Write the pages into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
