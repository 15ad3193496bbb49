"""The page that leads to every report of a folder. Below it: crmkpi.dashboard's markup and look."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any
from urllib.parse import quote

from crmkpi.calendar import parse
from crmkpi.dashboard.home import import_failed
from crmkpi.dashboard.markup import Html, join, tag
from crmkpi.dashboard.page import STATIC
from crmkpi.format import day_text, period_text
from crmkpi.report.files import SHARE
from crmkpi.report.plan import BOOK

NAME = "index.html"
_WORDS = {
    "fr": (
        "Rapports",
        "Pour",
        "Rapports",
        "Données au",
        "toute l'entreprise",
        "Chiffres et listes (Excel)",
        "a échoué",
    ),
    "en": ("Reports", "For", "Reports", "Data as of", "the whole company", "Figures and lists (Excel)", "failed"),
}


def page(reports: dict[str, dict[str, Any]], failed: dict[str, str] | None = None) -> str:
    """The index, the latest period first, in the language that most reports have (French where they are even).

    ``failed`` is the note of an import that failed since: the reports are older than they should be.
    """
    langs = [each["lang"] for each in reports.values()]
    lang = "en" if langs.count("en") > langs.count("fr") else "fr"
    css = (STATIC / "page.css").read_text(encoding="utf-8") + (SHARE / "report.css").read_text(encoding="utf-8")
    ordered = sorted(reports.values(), key=lambda each: (parse(each["period"]).start, each["period"]), reverse=True)
    parts = [import_failed(failed, lang)]
    parts += [
        _period(name, [*group], lang) for name, group in itertools.groupby(ordered, key=lambda each: each["period"])
    ]
    script = (SHARE / "report.js").read_text(encoding="utf-8")
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'\">"
    )
    title = _WORDS[lang][0]
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head>{head}<title>{title} · crmkpi</title><style>{css}</style></head>'
        f'<body class="ck-report"><main class="ck ck-report-index"><h1>{title}</h1>{join(parts)}</main>'
        f"<script>{script}</script></body></html>\n"
    )


def _period(name: str, entries: list[dict[str, Any]], lang: str) -> Html:
    words = _WORDS[lang]
    ordered = sorted(entries, key=lambda each: (bool(each["for"]), *map(str, each["for"].items()), each["folder"]))
    lines = [_line([*group], lang) for _folder, group in itertools.groupby(ordered, key=lambda each: each["folder"])]
    heads = tag("tr", *(tag("th", word, scope="col") for word in words[1:4]))
    return tag("section", tag("h2", period_text(name, lang)), tag("table", tag("thead", heads), tag("tbody", *lines)))


def _line(entries: list[dict[str, Any]], lang: str) -> Html:
    first, words = entries[0], _WORDS[lang]
    whom = ", ".join(first["for"].values()) or words[4]
    links = [
        _links(each, words) for each in sorted(entries, key=lambda each: (each["notebook"] == BOOK, each["notebook"]))
    ]
    as_of = day_text(first["as_of"], lang)
    return tag("tr", tag("th", f"{whom} ({first['lang'].upper()})", scope="row"), tag("td", *links), tag("td", as_of))


def _links(entry: dict[str, Any], words: tuple[str, ...]) -> Html:
    title = words[5] if entry["notebook"] == BOOK else entry["title"]
    if entry["status"] != "ok":
        return tag("div", f"{title}\u00a0: {words[6]}. {entry['error']}", class_="ck-error")
    names = sorted(entry["files"], key=lambda name: (".html", ".pdf", ".xlsx", ".ipynb").index(Path(name).suffix))
    first, *others = [tag("a", _word(title, name, place), href=quote(name)) for place, name in enumerate(names)]
    return tag("div", first, *(part for other in others for part in (" · ", other)))


def _word(title: str, name: str, place: int) -> str:
    kind = Path(name).suffix[1:]
    return title if place == 0 else {"ipynb": "notebook"}.get(kind, kind.upper())
