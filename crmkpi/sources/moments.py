"""Days and moments as people and programs write them: ISO, ``15/04/2021``, ``15 avril 2021``, ``15 Apr, 2021 00:03:00``.

Day first or month first is decided per column, over all of its values, and said when it had to be assumed.
Below it: :mod:`crmkpi.sources.plan`, :mod:`crmkpi.sources.sql`.
"""

from __future__ import annotations

from typing import Any

from crmkpi.sources.plan import Plan, counts, examples, stack
from crmkpi.sources.sql import literal, trimmed

_TIME = (
    r"^(.*?)(?:(?: ?t|,? | à )(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d{0,3})?)?(?: ?([ap])\.?m\.?)?"
    r"(?: ?(z|utc|gmt|[-+]\d{2}(?::?\d{2})?))?)?$"
)
_WEEKDAY = (
    r"^(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"lun|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun)[.,]* +"
)
_SHAPES = {  # name: (pattern, how to write it year-month-day)
    "ymd": (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", r"\1|\2|\3"),
    "either": (r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", r"\3|\2|\1"),
    "day_month": (r"(\d{1,2})(?:er|st|nd|rd|th)?[ .-]+([a-z]+)\.?,?[ -]+(\d{4}|\d{2})", r"\3|\2|\1"),
    "month_day": (r"([a-z]+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})", r"\3|\1|\2"),
    "year_month": (r"(\d{4})[- ]([a-z]+)[- ](\d{1,2})", r"\1|\2|\3"),
    "compact": (r"((?:19|20)\d{2})(\d{2})(\d{2})", r"\1|\2|\3"),
}
_MONTHS = (
    "jan janv janvier january", "fev fevr fevrier feb february", "mar mars march", "avr avril apr april", "mai may",
    "jun juin june", "jul juil juillet july", "aou aout aug august", "sep sept septembre september",
    "oct octobre october", "nov novembre november", "dec decembre december",
)  # fmt: skip


def layers(raw: str, name: str) -> list[dict[str, str]]:
    """The layers before any decision: day and time of the text, the shape of the day, its three parts."""
    clean = f"regexp_replace(strip_accents(lower({trimmed(raw)})), '[ \u00a0\u2009\u202f]+', ' ', 'g')"
    parts = f"regexp_extract({clean}, '{_TIME}', ['d', 'h', 'mi', 's', 'f', 'ap', 'off'])"
    day = f"regexp_replace({name}_p.d, '{_WEEKDAY}', '')"
    whens = " ".join(
        f"when regexp_full_match({name}_d, '{pattern}') then '{shape}'" for shape, (pattern, _) in _SHAPES.items()
    )
    turned = " ".join(
        f"when '{shape}' then regexp_replace({name}_d, '{pattern}', '{order}')"
        for shape, (pattern, order) in _SHAPES.items()
    )
    months = " ".join(f"when '{m}' then '{n}'" for n, names in enumerate(_MONTHS, 1) for m in names.split())
    text = f"case {name}_k {turned} end"
    return [
        {f"{name}_p": parts},
        {f"{name}_d": day},
        {f"{name}_k": f"case {whens} else 'bad' end"},
        {f"{name}_t": text},
        {
            f"{name}_y": _year(f"split_part({name}_t, '|', 1)"),
            f"{name}_b": f"case split_part({name}_t, '|', 2) {months} else split_part({name}_t, '|', 2) end",
            f"{name}_a": f"split_part({name}_t, '|', 3)",
        },
    ]


def _year(text: str) -> str:
    return (
        f"case when length({text}) = 2 then case when {text} < '69' then '20' else '19' end || {text} else {text} end"
    )


def plan(con: Any, source: str, raw: str, name: str, kind: str, zone: str, serials: bool) -> Plan:
    """The plan of a text column that should hold days (``date``) or moments (``timestamp``).

    ``serials``: plain numbers are Excel's days (only true for workbooks). ``zone``: where moments given with an
    offset are brought to.
    """
    made = Plan("", f"({raw} is null or {trimmed(raw)} = '')", layers(raw, name))
    below = stack(source, [made.layers])
    seen = counts(con, below, _evidence(name, raw))
    month_first = seen["month_first"] > seen["day_first"]
    if seen["ambiguous"] and not (seen["day_first"] or seen["month_first"]):
        words = ("le jour vient avant le mois", "the day comes before the month")
        made.notes.append(
            ("assumed_date", seen["ambiguous"], words, examples(con, below, raw, _evidence(name, raw)["ambiguous"]))
        )
    if seen["short"]:
        made.notes.append(("assumed_year", seen["short"], "", examples(con, below, raw, _evidence(name, raw)["short"])))
    if seen["offset"]:
        made.notes.append(
            ("zone_converted", seen["offset"], zone, examples(con, below, raw, _evidence(name, raw)["offset"]))
        )
    made.layers.append({f"{name}_m": _moment(name, month_first, zone, raw if serials else "")})
    if serials:
        serial = _serial(raw)
        found = counts(con, stack(source, [made.layers]), {"serial": f"{serial} is not null and {name}_k = 'bad'"})[
            "serial"
        ]
        if found:
            made.notes.append(("excel_serial", found, "", examples(con, source, raw, f"{serial} is not null")))
    return finish(con, source, made, raw, f"{name}_m", kind, _minority(seen, name, month_first))


def finish(con: Any, source: str, made: Plan, raw: str, moment: str, kind: str, faults: list[Any]) -> Plan:
    """Fit moments to the canonical type; a time of day that a date cannot hold is noted."""
    made.value = f"{moment}::date" if kind == "date" else moment
    made.faults = [("bad_value", f"{moment} is null", kind), *faults]
    if kind == "date":
        below, timed = stack(source, [made.layers]), f"{moment} <> date_trunc('day', {moment})"
        if dropped := counts(con, below, {"timed": timed})["timed"]:
            made.notes.append(("time_dropped", dropped, "", examples(con, below, raw, timed)))
    return made


def _evidence(name: str, raw: str) -> dict[str, str]:
    first, second = f"try_cast({name}_a as integer)", f"try_cast({name}_b as integer)"
    either = f"{name}_k = 'either'"
    return {
        "day_first": f"{either} and {first} > 12 and {second} <= 12",
        "month_first": f"{either} and {second} > 12 and {first} <= 12",
        "ambiguous": f"{either} and {first} <= 12 and {second} <= 12 and {first} <> {second}",
        "short": f"length(split_part({name}_t, '|', 1)) = 2",
        "offset": f"{name}_p.off <> ''",
    }


def _moment(name: str, month_first: bool, zone: str, raw: str) -> str:
    """The moment: day and month in the order decided (or the only possible one), then the time."""
    first, second = f"try_cast({name}_a as integer)", f"try_cast({name}_b as integer)"
    turn = f"{second} > 12 or ({first} <= 12 and {str(month_first).lower()})"
    swap = f"({name}_k = 'either' and ({turn}))"
    day = f"case when {swap} then {name}_a || '-' || {name}_b else {name}_b || '-' || {name}_a end"
    hour = (
        f"case when {name}_p.ap = '' then {name}_p.h when try_cast({name}_p.h as integer) not between 1 and 12 then '99' "
        f"else (try_cast({name}_p.h as integer) % 12 + case when {name}_p.ap = 'p' then 12 else 0 end)::varchar end"
    )
    second_part = f"case when {name}_p.s = '' then '00' else {name}_p.s end"
    clock = f"({hour}) || ':' || {name}_p.mi || ':' || ({second_part}) || '.' || {name}_p.f || '0'"
    time = f"case when {name}_p.h = '' then '' else ' ' || {clock} end"
    text = f"{name}_y || '-' || ({day}) || ({time})"
    offset = f"case when {name}_p.off in ('z', 'utc', 'gmt') then '+00' else {name}_p.off end"
    zoned = f"try_cast({text} || ({offset}) as timestamptz) at time zone {literal(zone)}"
    serial = f"when {name}_k = 'bad' then {_serial(raw)}" if raw else ""
    return f"case when {name}_p.off <> '' then {zoned} {serial} else try_cast({text} as timestamp) end"


def _serial(raw: str) -> str:
    """Excel counts days from 30 December 1899; 20000 to 80000 are the years 1954 to 2119."""
    number = f"try_cast({trimmed(raw)} as double)"
    return (
        f"case when {number} between 20000 and 80000 "
        f"then timestamp '1899-12-30' + to_seconds(round({number} * 86400)) end"
    )


def _minority(seen: dict[str, int], name: str, month_first: bool) -> list[Any]:
    if not (seen["day_first"] and seen["month_first"]):
        return []
    if month_first:
        return [("mixed_format", _evidence(name, "")["day_first"], ("jour avant mois", "day before month"))]
    return [("mixed_format", _evidence(name, "")["month_first"], ("mois avant jour", "month before day"))]
