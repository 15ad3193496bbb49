"""The header of a ``.sql`` file: comments of the form ``-- key: value`` at its top.

Required in a figure: ``no, fr, en, unit, better, needs, example``, and the definition in both
languages. CONTRIBUTING.md has the list of keys with what each means; an unknown key is an error,
so that a misspelt one is never ignored.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from pathlib import Path

from crmkpi.errors import DataError, unknown
from crmkpi.schema import TABLES

UNITS = ("money", "money_per_day", "count", "rate", "ratio", "days", "index")
_ONCE = {"no", "fr", "en", "unit", "better", "needs", "target", "rank", "undated", "revises", "dimensions", "heeds",
         "list", "rows", "forecasts", "company", "lines", "moves"}  # fmt: skip
_MANY = {"setting", "word", "alert", "example", "helps", "beside", "input", "definition_fr", "definition_en", "trap"}
_LINE = re.compile(r"--\s?(?:(\w+):\s+(.*)|(.*))")


@dataclass(frozen=True)
class Setting:
    """A number, text or true/false that a definition uses and a user may change."""

    name: str
    default: object
    fr: str
    en: str


@dataclass(frozen=True)
class Alert:
    """A condition over the groups of a breakdown: severity, condition, words and action."""

    severity: str
    dimensions: tuple[str, ...]
    condition: str
    fr: str
    en: str
    action_fr: str
    action_en: str


@dataclass(frozen=True)
class Beside:
    """A column beside the value, such as a median: an aggregate over the facts that count, in the figure's unit or its own."""

    name: str
    expression: str
    fr: str
    en: str
    unit: str = ""


@dataclass(frozen=True)
class View:
    """A shared step between tables and figures, inlined where it is used."""

    name: str
    sql: str
    settings: tuple[Setting, ...] = ()
    words: dict[str, tuple[str, str]] = field(default_factory=dict)
    materialised: bool = False
    definition_fr: str = ""
    definition_en: str = ""

    @property
    def sources(self) -> frozenset[str]:
        """The tables and views it reads."""
        return sources_of(self.sql)


@dataclass(frozen=True)
class Figure(View):
    """One figure: what it is called, how it is counted, and its SELECT.

    ``heeds`` are the codes of the source's notes that make it partial; ``undated`` says, in words, what
    the source does not date, unless it has the table named third. ``kind`` is read from the text: a figure
    with inputs is a *composite*; one that joins ``periods`` a *change*; ``dates`` a *stock*; any other a *flow*.
    ``target`` names the metric of its targets (``a / b`` for a ratio of two), followed by ``whole`` where the whole
    period's target applies. ``rows`` is the view whose rows its facts are (else the first table it needs);
    ``forecasts`` the figure whose final value a composite foresees; ``company`` the golden company of its examples;
    ``lines`` the view of the lines that explain a fact's money: ``id, product_id, product, quantity, amount``;
    ``moves`` the view that says how the rows of a stock end, ``id, became``, the column of the day they are due, and the
    table by which a source tells what they were.
    """

    no: str = ""
    fr: str = ""
    en: str = ""
    unit: str = ""
    better: str = "up"
    rank: int = 99
    needs: tuple[str, ...] = ()
    helps: tuple[tuple[str, ...], ...] = ()
    dimensions: tuple[str, ...] = ()
    target: str = ""
    undated: tuple[str, ...] | None = None
    traps: tuple[tuple[str, ...], ...] = ()
    rows: str = ""
    forecasts: str = ""
    company: str = ""
    lines: str = ""
    moves: tuple[str, ...] = ()
    heeds: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    revises: bool = False
    inputs: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    alerts: tuple[Alert, ...] = ()
    examples: tuple[str, ...] = ()
    family: str = ""
    path: str = ""
    kind: str = "flow"

    def title(self, lang: str) -> str:
        """Its name in French (``fr``) or English (``en``)."""
        return self.fr if lang == "fr" else self.en

    @property
    def input_names(self) -> tuple[str, ...]:
        """The figures that a composite reads."""
        return tuple(dict.fromkeys(input_name(text) for text in self.inputs))

    def definition(self, lang: str) -> str:
        """What it means, in words."""
        return self.definition_fr if lang == "fr" else self.definition_en


@functools.lru_cache(maxsize=1000)  # a text is asked for again with each opening of data
def sources_of(text: str) -> frozenset[str]:
    """The names that stand after ``from`` or ``join`` in a text (tables, views, its own CTEs).

    >>> sorted(sources_of("select * from orders o left join users using (user_id)  -- from nowhere"))
    ['orders', 'users']
    """
    bare = re.sub(r"--[^\n]*|'(?:[^']|'')*'", " ", text)
    return frozenset(name.lower() for name in re.findall(r"\b(?:from|join)\s+([A-Za-z_]\w*)", bare, re.IGNORECASE))


def input_name(text: str) -> str:
    """The figure that an input of a composite names: ``revenue``, ``revenue:12`` (12 months), ``revenue/24`` (each of 24).

    >>> [input_name(text) for text in ("revenue", "revenue:12", "revenue/24")]
    ['revenue', 'revenue', 'revenue']
    """
    return re.split("[:/]", text)[0]


def parameters_of(text: str) -> frozenset[str]:
    """The names of the bound parameters (``$name``) in a text.

    >>> sorted(parameters_of("select $a, '$b' -- $c"))
    ['a']
    """
    bare = re.sub(r"--[^\n]*|'(?:[^']|'')*'", " ", text)
    return frozenset(re.findall(r"\$([a-z_]\w*)", bare))


def read_view(path: Path) -> View:
    """The view in a file; its name is the file's."""
    keys, sql = _read(path, {"setting", "word", "definition_fr", "definition_en", "materialised"})
    meaning = {key: " ".join(keys.get(key, [])) for key in ("definition_fr", "definition_en")}
    return View(path.stem, sql, _settings(path, keys), _words(path, keys), "materialised" in keys, **meaning)


def read_figure(path: Path) -> Figure:
    """The figure in a file; DataError says what is missing or misspelt in its header."""
    keys, sql = _read(path, _ONCE | _MANY)
    composite = "input" in keys
    required = ["no", "fr", "en", "unit", "better", "definition_fr", "definition_en"]
    for key in required + ([] if composite else ["needs"]):
        if key not in keys:
            raise DataError(f"{path.name}: the header has no line '-- {key}: ...'")
    one = {key: lines[0] for key, lines in keys.items()}
    if one["unit"] not in UNITS:
        raise DataError(f"{path.name}: unit is {one['unit']!r}; it can be {', '.join(UNITS)}")
    tables = [*one.get("needs", "").split(), *(re.split(r"[.|]", line)[0].strip() for line in keys.get("helps", []))]
    tables += [part.strip() for part in one.get("undated", "").split(" | ")[2:]]
    for table in tables:
        if table not in TABLES:
            raise DataError(f"{path.name}: {unknown('table', table, TABLES)}")
    for text in " ".join(keys.get("input", [])).split():
        _whole(path, "input", re.split("[:/]", text + ":")[1] or "0")
    if one["better"] not in ("up", "down", "none"):
        raise DataError(f"{path.name}: better is {one['better']!r}; it can be up, down or none")
    return Figure(
        path.stem,
        sql,
        settings=_settings(path, keys),
        words=_words(path, keys),
        no=one["no"],
        fr=one["fr"],
        en=one["en"],
        unit=one["unit"],
        better=one["better"],
        rank=_whole(path, "rank", one.get("rank", "99")),
        needs=tuple(one.get("needs", "").split()),
        helps=tuple(_parts(path, line, 3) for line in keys.get("helps", [])),
        dimensions=tuple(one.get("dimensions", "").replace(",", " ").split()),
        target=one.get("target", ""),
        undated=_parts(path, one["undated"], 2 + (one["undated"].count(" | ") > 1)) if "undated" in one else None,
        traps=tuple(_parts(path, line, 2) for line in keys.get("trap", [])),
        rows=one.get("rows", ""),
        forecasts=one.get("forecasts", ""),
        company=one.get("company", ""),
        lines=one.get("lines", ""),
        moves=tuple(one.get("moves", "").split()),
        heeds=tuple(one.get("heeds", "").split()),
        listed=tuple(one.get("list", "").split()),
        revises=one.get("revises", "no") == "yes",
        inputs=tuple(" ".join(keys.get("input", [])).split()),
        beside=tuple(_beside(path, line) for line in keys.get("beside", [])),
        alerts=tuple(_alert(path, line) for line in keys.get("alert", [])),
        examples=tuple(keys.get("example", [])),
        definition_fr=" ".join(keys["definition_fr"]),
        definition_en=" ".join(keys["definition_en"]),
        family=path.parent.name if path.parent.name != "indicators" else "",
        path=str(path),
    )


def _whole(path: Path, key: str, text: str) -> int:
    if not text.isdigit():
        raise DataError(f"{path.name}: {key} is {text!r}; expected a whole number")
    return int(text)


def _read(path: Path, known: set[str]) -> tuple[dict[str, list[str]], str]:
    """The header's keys, each with its lines, and the text below it."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: not UTF-8 text ({error.reason}); save it as UTF-8") from error
    keys: dict[str, list[str]] = {}
    lines = text.splitlines()
    last = ""
    while lines and (found := _LINE.match(lines[0])):
        key, value, more = found.groups()
        if key and key not in known:
            raise DataError(f"{path.name}: {unknown('header key', key, sorted(known))}")
        if key:
            keys.setdefault(key, []).append(value.strip())
        elif last and more.strip():
            keys[last][-1] += " " + more.strip()
        last = key or (last if more.strip() else "")
        lines.pop(0)
    sql = "\n".join(lines).strip().rstrip(";").strip()
    if not re.match(r"(select|with)\b", sql, re.IGNORECASE):
        raise DataError(f"{path.name}: below the header one SELECT was expected, found {sql[:40]!r}")
    return keys, sql


def _parts(path: Path, line: str, count: int) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in line.split(" | "))
    if len(parts) != count:
        raise DataError(f"{path.name}: {line!r} has {len(parts)} parts between ' | '; expected {count}")
    return parts


def _settings(path: Path, keys: dict[str, list[str]]) -> tuple[Setting, ...]:
    def one(line: str) -> Setting:
        assignment, fr, en = _parts(path, line, 3)
        name, _, default = assignment.partition("=")
        return Setting(name.strip(), parse_value(default.strip()), fr, en)

    return tuple(one(line) for line in keys.get("setting", []))


def parse_value(text: str) -> object:
    """A setting's value as written: true, false, a whole number, a number, or a text.

    >>> [parse_value(text) for text in ("true", "7", "0.5", "FR")]
    [True, 7, 0.5, 'FR']
    """
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _words(path: Path, keys: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    return {code: (fr, en) for code, fr, en in (_parts(path, line, 3) for line in keys.get("word", []))}


def _beside(path: Path, line: str) -> Beside:
    assignment, fr, en, *unit = _parts(path, line, 4 if line.count("|") == 3 else 3)
    name, _, expression = assignment.partition("=")
    return Beside(name.strip(), expression.strip(), fr, en, *unit)


def _alert(path: Path, line: str) -> Alert:
    head, fr, en, action_fr, action_en = _parts(path, line, 5)
    found = re.fullmatch(r"(P[123]) ([\w, ]+): (.+)", head)
    if not found:
        raise DataError(f"{path.name}: an alert is 'P1 team, rep: condition | fr | en | action fr | action en'")
    dimensions = tuple(name.strip() for name in found[2].split(","))
    return Alert(found[1], dimensions, found[3], fr, en, action_fr, action_en)
