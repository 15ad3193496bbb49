"""Numbers as people and programs write them: ``1 234,56 €``, ``$22,700.00``, ``(123.45)``, ``$342.09K``, ``12%``.

Which mark is the decimal one is decided per column, over all of its values, and said when it had to be assumed.
Below it: :mod:`crmkpi.sources.plan`, :mod:`crmkpi.sources.sql`.
"""

from __future__ import annotations

from typing import Any

from crmkpi.sources.plan import Plan, counts, examples, stack
from crmkpi.sources.sql import trimmed

_SPACES = "[ \u00a0\u2007\u2009\u202f''’]"
_CURRENCY = "_*(€|\\$|£|¥|euros?|eur|usd|gbp|chf)_*"
_PARTS = r"^(\(?[-+]?\(?)_*([0-9](?:[0-9_.,]*[0-9.,])?|[.,][0-9]+)(e[-+]?[0-9]{1,2})?_*(k|m|mds?|mrds?|bn|b)?_*(%?)_*([-)]?)$"
_PLAIN = r"(\d+|\d{1,3}(_\d{3})+)"
_KINDS = {
    "plain": _PLAIN,
    "amb_point": r"[1-9]\d{0,2}\.\d{3}",
    "amb_comma": r"[1-9]\d{0,2},\d{3}",
    "point": rf"({_PLAIN}?\.\d*|[1-9]\d{{0,2}}(,\d{{2,3}})*,\d{{3}}(\.\d*)?)",
    "comma": rf"({_PLAIN}?,\d*|[1-9]\d{{0,2}}(\.\d{{3}})+(,\d*)?)",
}
EXACT = "decimal(27,10)"
"""What a number is parsed to before it is fitted to its canonical type."""
FINEST = {
    "money": ("0,01", "0.01"),
    "number": ("0,0001", "0.0001"),
    "rate": ("0,000001", "0.000001"),
    "integer": ("1", "1"),
}


def layers(raw: str, name: str) -> list[dict[str, str]]:
    """The two layers before any decision: parts of the text, and the kind of its marks."""
    clean = f"regexp_replace(lower({trimmed(raw)}), '{_SPACES}', '_', 'g')"
    clean = f"regexp_replace(regexp_replace({clean}, '[−–]', '-', 'g'), '{_CURRENCY}', '', 'g')"
    parts = f"regexp_extract({clean}, '{_PARTS}', ['sign', 'core', 'exp', 'mult', 'pct', 'tail'])"
    whens = " ".join(
        f"when regexp_full_match({name}_p.core, '{pattern}')"
        + (f" and {name}_p.mult = '' and {name}_p.exp = ''" if kind.startswith("amb") else "")
        + f" then '{kind}'"
        for kind, pattern in _KINDS.items()
    )
    brackets = f"contains({name}_p.sign, '(') <> ({name}_p.tail = ')')"
    return [
        {f"{name}_p": parts},
        {f"{name}_k": f"case when {name}_p.core = '' or {brackets} then 'bad' {whens} else 'bad' end"},
    ]


def plan(con: Any, source: str, raw: str, name: str, kind: str, target: str) -> Plan:
    """The plan of a text column that should hold numbers of the canonical type ``kind``.

    ``source`` is the relation of raw cells, ``raw`` the column's SQL, ``name`` a prefix free of clashes.
    """
    blank = f"({raw} is null or {trimmed(raw)} = '')"
    made = Plan("", blank, layers(raw, name))
    seen = counts(con, stack(source, [made.layers]), _evidence(name, blank))
    point, note = _decide(seen, kind)
    if note:
        shown = examples(con, stack(source, [made.layers]), raw, f"{name}_k in ('amb_point', 'amb_comma')")
        made.notes.append(("assumed_number", seen["amb_point"] + seen["amb_comma"], note, shown))
    made.layers.append({f"{name}_v": _value(name, point, percent=kind == "rate")})
    minority = _minority(seen, name)
    if kind == "rate":
        return _rate(con, source, made, name, target, minority)
    made.value = f"try_cast({name}_v as {target})"
    made.faults = [_unreadable(made.value, kind), *_finer(f"{name}_v", made.value, kind), *minority]
    made.difference = f"{name}_v - {made.value}"
    return made


def _evidence(name: str, blank: str) -> dict[str, str]:
    kinds = {kind: f"{name}_k = '{kind}'" for kind in (*_KINDS, "bad")}
    return {
        **kinds,
        "bad": f"not {blank} and {name}_k = 'bad'",
        "long": f"regexp_full_match({name}_p.core, '[1-9]\\d{{3,}}')",
    }


def _decide(seen: dict[str, int], kind: str) -> tuple[dict[str, bool], tuple[str, str] | None]:
    """For each mark before exactly three digits: is it decimal? And what to say if nothing proves it.

    Proof: a value that only one reading allows. Else the rule: decimals for rates, and for quantities where a whole
    number of four digits shows that thousands are not marked; thousands for the others (money has two decimals).
    """
    if seen["point"] or seen["comma"]:
        point = seen["point"] >= seen["comma"]
        return {"amb_point": point, "amb_comma": not point}, None
    decimal = kind == "rate" or (kind == "number" and bool(seen["long"]))
    marks = {"amb_point": decimal, "amb_comma": decimal}
    if not (seen["amb_point"] or seen["amb_comma"]):
        return marks, None
    if decimal:
        return marks, ("un séparateur suivi de trois chiffres est décimal", "a mark before three digits is decimal")
    return marks, (
        "un séparateur suivi de trois chiffres sépare les milliers",
        "a mark before three digits separates thousands",
    )


def _value(name: str, decimal: dict[str, bool], percent: bool) -> str:
    core = f"replace({name}_p.core, '_', '')"
    point, comma = f"replace({core}, ',', '')", f"replace(replace({core}, '.', ''), ',', '.')"
    amb_point, amb_comma = (point if decimal["amb_point"] else comma), (comma if decimal["amb_comma"] else point)
    text = (
        f"case {name}_k when 'plain' then {core} when 'point' then {point} when 'comma' then {comma} "
        f"when 'amb_point' then {amb_point} when 'amb_comma' then {amb_comma} end"
    )
    sign = f"case when contains({name}_p.sign, '-') or contains({name}_p.sign, '(') or {name}_p.tail = '-' then -1 else 1 end"
    power = f"case {name}_p.mult when '' then 1 when 'k' then 1000 when 'm' then 1000000 else 1000000000 end"
    wrong = "" if percent else f"case when {name}_p.pct = '' then 1 end * "
    number = f"try_cast(({text}) || {name}_p.exp as {EXACT})"
    # a plain number is not multiplied: the product of decimals is wide, and slow
    return (
        f"case when {name}_p.sign = '' and {name}_p.mult = '' and {name}_p.pct = '' and {name}_p.tail = '' then {number} "
        f"else try_cast({number} * ({wrong}{sign} * {power})::decimal(11,0) as {EXACT}) end"
    )


def _minority(seen: dict[str, int], name: str) -> list[tuple[str, str, str | tuple[str, str]]]:
    if not (seen["point"] and seen["comma"]):
        return []
    odd = "comma" if seen["point"] >= seen["comma"] else "point"
    what = ("virgule décimale", "decimal comma") if odd == "comma" else ("point décimal", "decimal point")
    return [("mixed_format", f"{name}_k = '{odd}'", what)]


def _unreadable(value: str, kind: str) -> tuple[str, str, str]:
    return ("bad_value", f"{value} is null", kind)


def _finer(exact: str, value: str, kind: str) -> list[tuple[str, str, str | tuple[str, str]]]:
    return [("rounded", f"{exact} <> {value}", FINEST[kind])]


def _rate(con: Any, source: str, made: Plan, name: str, target: str, minority: list[Any]) -> Plan:
    scale = rate_scale(con, stack(source, [made.layers]), f"{name}_v", f"{name}_p.pct = ''")
    share = f"({name}_v / case when {name}_p.pct = '%' then 100 else {scale} end)"
    return finish_rate(made, share, f"{name}_v", scale, target, minority)


def rate_scale(con: Any, source: str, value: str, condition: str = "true") -> int:
    """Whether rates are written in 0..1, 0..100 or 0..1000: 1, 100 or 1000.

    Above 1 they are hundredths, unless most values are fractions of one (then the others are mistakes);
    thousandths if most are above 100.
    """
    seen = counts(con, source, {
        "part": f"{condition} and {value} > 0 and {value} < 1",
        "hundred": f"{condition} and {value} > 1 and {value} <= 100",
        "thousand": f"{condition} and {value} > 100 and {value} <= 1000",
    })  # fmt: skip
    if seen["part"] > seen["hundred"] + seen["thousand"] or not (seen["hundred"] + seen["thousand"]):
        return 1
    return 1000 if seen["thousand"] > seen["hundred"] + seen["part"] else 100


def finish_rate(made: Plan, share: str, exact: str, scale: int, target: str, minority: list[Any]) -> Plan:
    """Fit a share to 0..1: what is outside, what is finer than a millionth, and the scale that was assumed."""
    inside = f"{share} between 0 and 1"
    made.value = f"case when {inside} then try_cast({share} as {target}) end"
    made.faults = [
        _unreadable(exact, "rate"),
        ("out_of_range", f"not ({inside})", f"0..{scale}"),
        ("rounded", f"abs({share}::double - {made.value}::double) > 1e-9", FINEST["rate"]),
        *minority,
    ]
    made.difference = f"{share}::double - {made.value}::double"
    if scale > 1:
        words = (
            f"taux écrits de 0 à {scale}, divisés par {scale}",
            f"rates written from 0 to {scale}, divided by {scale}",
        )
        made.notes.append(("assumed_rate", 0, words, []))
    return made
