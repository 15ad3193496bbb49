"""The report of an import: lines a person can read, in French or English, that the manifest keeps.

Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.sources.words`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crmkpi.schema import TABLES
from crmkpi.sources.words import WORDS


@dataclass(frozen=True)
class Line:
    """One thing to know about one column, table or file. ``cells``: cells not kept exactly as they were."""

    table: str
    column: str
    code: str
    rows: int
    cells: int
    examples: tuple[str, ...]
    fr: str
    en: str


def line(
    code: str,
    table: str,
    column: str = "",
    *,
    rows: int = 0,
    cells: int = 0,
    examples: Iterable[object] = (),
    what: str | Sequence[str] = "",
) -> Line:
    """A line in words; ``what`` is the detail, one text or (French, English).

    >>> line("orphan", "orders", "account_id", rows=1200, cells=1200, what="accounts").fr[:30]
    '1\u202f200 valeurs introuvables dan'
    """
    detail = (what, what) if isinstance(what, str) else what
    words = [
        text.replace("[s]", "" if max(rows, cells) == 1 else "s").format(
            rows=_count(rows, lang), cells=_count(cells, lang), what=detail[place]
        )
        for place, (lang, text) in enumerate(zip(("fr", "en"), WORDS[code], strict=True))
    ]
    shown = tuple(str(example)[:80] for example in examples)[:3]
    return Line(table, column, code, rows, cells, shown, *words)


@dataclass(frozen=True)
class Report:
    """What an import did. ``up_to_date``: nothing, the folder already held exactly this."""

    folder: Path
    manifest: dict[str, Any]
    up_to_date: bool = False
    lines: tuple[Line, ...] = field(default=())

    @classmethod
    def of(cls, folder: Path, manifest: dict[str, Any], up_to_date: bool = False) -> Report:
        """The report that a manifest holds."""
        lines = tuple(Line(**{**each, "examples": tuple(each["examples"])}) for each in manifest["report"])
        return cls(folder, manifest, up_to_date, lines)

    @property
    def cells(self) -> dict[str, int]:
        """Cells read, kept as they were, and reported; read = kept + reported."""
        return dict(self.manifest["cells"])

    def text(self, lang: str = "fr") -> str:
        """The report as text, in ``fr`` or ``en``."""
        return "\n".join([*_head(self, lang), *(_line_text(each, lang) for each in self.lines), _foot(self, lang)])


def as_dicts(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Lines as the manifest holds them."""
    return [{**asdict(each), "examples": list(each.examples)} for each in lines]


def _head(report: Report, lang: str) -> list[str]:
    manifest, french = report.manifest, lang == "fr"
    state = ("déjà à jour" if french else "already up to date") if report.up_to_date else ""
    title = f"{manifest['source']} ({manifest['preset']})" + (
        f" : {state}" if french and state else state and f": {state}"
    )
    word = "ligne" if french else "row"
    tables = [
        f"  {TABLES[name].fr if french else TABLES[name].en} ({name}){' : ' if french else ': '}{_count(table['rows'], lang)} "
        f"{word}{'' if table['rows'] == 1 else 's'}"
        for name, table in manifest["tables"].items()
    ]
    return [title, *tables]


def _line_text(each: Line, lang: str) -> str:
    where = f"{each.table}.{each.column}" if each.column else each.table
    shown = f" [{', '.join(each.examples)}]" if each.examples else ""
    return f"- {where or 'source'}{' : ' if lang == 'fr' else ': '}{each.fr if lang == 'fr' else each.en}{shown}"


def _foot(report: Report, lang: str) -> str:
    read, kept, told = (_count(report.cells[key], lang) for key in ("read", "kept", "reported"))
    if lang == "fr":
        return f"{read} valeurs lues = {kept} gardées telles quelles + {told} signalées"
    return f"{read} values read = {kept} kept as they were + {told} reported"


def _count(number: int, lang: str) -> str:
    return f"{number:,}".replace(",", "\u202f" if lang == "fr" else ",")
