"""Numbers, dates, periods and changes in words, by unit and language. Below it: :mod:`crmkpi.calendar`.

French follows its typography: a narrow no-break space between thousands, a no-break space before
the sign of a currency, ``23/11/2026``. A value that does not exist is an em dash, never a zero.
"""

from __future__ import annotations

import functools
import re
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd
from babel import Locale
from babel.dates import format_date, get_month_names
from babel.numbers import (
    NumberPattern,
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    parse_pattern,
)

from crmkpi.calendar import Period, parse

NOTHING = "—"
NARROW = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_DAY = {"fr": "dd/MM/yyyy", "en": "d MMM yyyy"}
_ORDINAL_QUARTER = {"fr": "T", "en": "Q"}


class Change(NamedTuple):
    """A change in words, and its direction: 1 up, -1 down, 0 the same."""

    text: str
    direction: int


@functools.cache
def locale_of(lang: str) -> Locale:
    """The locale behind ``fr`` or ``en``."""
    return Locale.parse(_LOCALES.get(lang, "en_GB"))


def warm() -> None:
    """Read what is needed to write in either language: 10 ms each, which nobody forked after it has to spend."""
    for lang in _LOCALES:
        _decimal(0, lang, 0)


def is_missing(value: Any) -> bool:
    """Whether there is no value: None, NaN, NaT or NA.

    >>> [is_missing(value) for value in (None, float("nan"), pd.NA, 0, "")]
    [True, True, True, False, False]
    """
    return value is None or value is pd.NA or (not isinstance(value, str) and bool(value != value))


def typeset(words: str, lang: str) -> str:
    r"""Words as French sets them: a space before ; : ? ! and %, at which no line ends; English stays as it is.

    >>> typeset("prévue; plus de 30 %", "fr"), typeset("hors taxes ; un avoir", "fr")
    ('prévue\xa0; plus de 30\xa0%', 'hors taxes\xa0; un avoir')
    >>> typeset("planned; over 30%", "en")
    'planned; over 30%'
    """
    return re.sub(r"(?: |(?<=\S))(?=;(?: |$))| (?=[:?!%»])", NO_BREAK, words) if lang == "fr" else words


def text(value: Any, unit: str, lang: str = "fr", *, currency: str = "EUR", exact: bool = False) -> str:
    r"""A figure's value as it is read: short on a tile, to the cent with ``exact``.

    ``unit`` is one of money, money_per_day, count, rate, share (a rate in whole per cent), ratio, days,
    index, points or number.

    >>> text(1284000, "money").replace("\u202f", "~").replace("\xa0", "_")
    '1,28_M€'
    >>> text(1234.56, "money", exact=True).replace("\u202f", "~").replace("\xa0", "_")
    '1~234,56_€'
    >>> text(0.874, "rate", "en"), text(None, "money"), text(2.5, "ratio", "en")
    ('87.4%', '—', '2.50\xa0×')
    """
    if is_missing(value):
        return NOTHING
    return _sign(_by_unit(float(value), unit, lang, currency, exact).replace("-", MINUS))


def _sign(shown: str) -> str:
    """One currency is reported in: its sign needs no country (Babel writes ``$US`` and ``US$``)."""
    for long, short in (("$US", "$"), ("US$", "$"), ("£GB", "£")):
        shown = shown.replace(long, short)
    return shown


def _by_unit(number: float, unit: str, lang: str, currency: str, exact: bool) -> str:
    if unit in ("money", "money_per_day"):
        shown = _money(number, lang, currency, exact)
        return shown + (_per_day(lang) if unit == "money_per_day" else "")
    if unit == "rate":
        return _percent(number, lang, exact)
    if unit == "share":
        return _percent(number, lang, exact, digits=1 if 0.99 <= number < 1 else 0)  # 99.6 % is not 100 %
    if unit == "points":
        return _points(number, lang)
    if unit == "count":
        return _count(number, lang, exact)
    if unit == "ratio":
        return f"{_decimal(number, lang, 2)}\u00a0×"
    if unit == "days":
        return _days(number, lang)
    return _decimal(number, lang, 2 if exact else 1)


def _per_day(lang: str) -> str:
    return "\u00a0/\u00a0jour ouvré" if lang == "fr" else "\u00a0/\u00a0working day"


def _money(number: float, lang: str, currency: str, exact: bool) -> str:
    locale, size = locale_of(lang), abs(number)
    if exact:
        return format_currency(number, currency, locale=locale)
    if size < 10_000:
        whole = "#,##0\u00a0¤" if lang == "fr" else "¤#,##0"
        return format_currency(round(number), currency, whole, locale=locale, currency_digits=False)
    return _compact_money(number, lang, currency, _short_digits(size))


def _compact_money(number: float, lang: str, currency: str, digits: int) -> str:
    """``1,28 M€``: French sets the sign of the currency against the k and the M."""
    shown = format_compact_currency(number, currency, locale=locale_of(lang), fraction_digits=digits)
    if lang != "fr":
        return shown
    parts = shown.replace("\u202f", "\u00a0").split("\u00a0")
    return parts[0] + "\u00a0" + "".join(parts[1:])


def _short_digits(size: float) -> int:
    """Three figures at most: 1.28 M, 12.8 M, 128 k."""
    while size >= 1000:
        size /= 1000
    return 2 if size < 10 else 1 if size < 100 else 0


def _count(number: float, lang: str, exact: bool) -> str:
    if not exact and abs(number) >= 1_000_000:
        return format_compact_decimal(number, locale=locale_of(lang), fraction_digits=2)
    return _decimal(number, lang, 0 if number == int(number) else 2)


def _decimal(number: float, lang: str, digits: int) -> str:
    return format_decimal(number + 0.0, _pattern(digits), locale=locale_of(lang))


@functools.cache
def _pattern(digits: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * digits if digits else ""))


def number_text(number: float, lang: str, digits: int) -> str:
    """A bare number with so many decimals.

    >>> number_text(1.284, "fr", 2), number_text(-0.5, "en", 1)
    ('1,28', '−0.5')
    """
    return _decimal(round(number, digits), lang, digits).replace("-", MINUS)


def _percent(number: float, lang: str, exact: bool, digits: int = 1) -> str:
    digits = 2 if exact else 0 if abs(number) >= 10 else digits
    shown = _decimal(number * 100, lang, digits)
    return f"{shown}{NARROW}%" if lang == "fr" else f"{shown}%"


def _points(number: float, lang: str) -> str:
    """A difference between two rates, in points of a percent."""
    shown = _decimal(number * 100, lang, 1)
    unit = "pt" if abs(number * 100) < 1.95 else "pts"
    return f"{shown}\u00a0{unit}"


def _days(number: float, lang: str) -> str:
    shown = _decimal(number, lang, 0 if number == int(number) else 1)
    return f"{shown}\u00a0{'j' if lang == 'fr' else 'd'}"


def change(value: Any, before: Any, unit: str, lang: str = "fr") -> Change | None:
    r"""How much ``value`` moved from ``before``: rates in points, the rest in per cent of before.

    None where one of them is missing, or where a per cent of zero or of a debt would be asked for: from -100 to 100 is no
    "+200 %".

    >>> change(110, 100, "money", "en"), change(0.25, 0.27, "rate", "en").text.replace("\xa0", " ")
    (Change(text='+10.0%', direction=1), '−2.0 pts')
    """
    if is_missing(value) or is_missing(before):
        return None
    if unit in ("rate", "index"):
        moved = float(value) - float(before)
        shown = text(abs(moved) if unit == "rate" else abs(moved) / 100, "points", lang)
        still = abs(moved) < (0.0005 if unit == "rate" else 0.05)
    else:
        if float(before) <= 0:
            return None
        moved = (float(value) - float(before)) / float(before)
        if moved >= 10:
            return Change(f"× {_decimal(float(value) / float(before), lang, 0)}", 1)
        shown, still = text(abs(moved), "rate", lang), abs(moved) < 0.0005
    if still:
        return Change(shown, 0)
    return Change(("+" if moved > 0 else MINUS) + shown, 1 if moved > 0 else -1)


def moved_text(moved: Any, unit: str, lang: str = "fr", currency: str = "EUR") -> str:
    r"""A difference as it is read, with its sign: rates in points, the rest in their unit.

    >>> moved_text(-0.021, "rate", "en").replace("\xa0", " "), moved_text(3, "count", "en"), moved_text(0, "count", "en")
    ('−2.1 pts', '+3', '0')
    """
    if is_missing(moved):
        return NOTHING
    size = abs(float(moved))
    points = {"rate": size, "index": size / 100}
    shown = text(points[unit], "points", lang) if unit in points else text(size, unit, lang, currency=currency)
    return shown if not moved else ("+" if moved > 0 else MINUS) + shown


def day_text(day: Any, lang: str = "fr") -> str:
    """A day: ``23/11/2026`` in French, ``23 Nov 2026`` in English (never a day that could be a month).

    >>> day_text(date(2026, 11, 23)), day_text("2026-11-23", "en"), day_text(None)
    ('23/11/2026', '23 Nov 2026', '—')
    """
    if is_missing(day):
        return NOTHING
    if isinstance(day, str):
        day = datetime.fromisoformat(day)
    return format_date(day, _DAY.get(lang, _DAY["en"]), locale=locale_of(lang))


def period_text(period: Period | str, lang: str = "fr", short: bool = False) -> str:
    """A period in words: ``octobre 2026`` (``oct 2026`` if ``short``), ``T4 2026``, ``du 01/10/2026 au 15/10/2026``.

    >>> [period_text(label) for label in ("2026-10", "2026-Q4", "2026", "FY2026-Q1", "2026-W47")]
    ['octobre 2026', 'T4 2026', '2026', 'T1 exercice 2026', 'semaine 47 de 2026']
    >>> period_text("2026-01-01/2026-04-01", "en")
    '1 Jan 2026 to 31 Mar 2026'
    """
    period = parse(period) if isinstance(period, str) else period
    label = period.label
    if period.grain == "all":
        return "depuis le début" if lang == "fr" else "since the beginning"
    if period.grain == "month":
        name = _SHORT_MONTHS[lang][period.start.month - 1] if short else _month_name(period.start, lang)
        return f"{name} {period.start.year}"
    if period.grain in ("quarter", "year"):
        return _quarter_or_year(label, lang)
    if period.grain == "week":
        year, week = label.split("-W")
        return f"semaine {int(week)} de {year}" if lang == "fr" else f"week {int(week)} of {year}"
    if period.grain == "day":
        return day_text(period.start, lang)
    return span_text(period.start, period.last_day, lang)


def span_text(first: date, last: date, lang: str = "fr") -> str:
    """From one day to another, both included."""
    if lang == "fr":
        return f"du {day_text(first, lang)} au {day_text(last, lang)}"
    return f"{day_text(first, lang)} to {day_text(last, lang)}"


def _month_name(day: date, lang: str) -> str:
    return str(get_month_names("wide", locale=locale_of(lang))[day.month])


def _quarter_or_year(label: str, lang: str) -> str:
    year, _, quarter = label.partition("-Q")
    if year.startswith("FY"):
        year = f"exercice {year[2:]}" if lang == "fr" else year
    return f"{_ORDINAL_QUARTER.get(lang, 'Q')}{quarter} {year}" if quarter else year


_SHORT_MONTHS = {
    "fr": ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def month_label(day: date, lang: str = "fr", first: bool = False, narrow: bool = False) -> str:
    r"""A month on an axis; the year stands under the first one and every January.

    >>> month_label(date(2026, 2, 1)), month_label(date(2026, 1, 1), "en"), month_label(date(2026, 5, 1), narrow=True)
    ('févr', 'Jan\n2026', 'm')
    """
    name = _SHORT_MONTHS[lang][day.month - 1]
    name = name[0] if narrow else name
    return f"{name}\n{day.year}" if first or day.month == 1 else name


def money_axis(top: float, lang: str = "fr", currency: str = "EUR") -> tuple[float, str]:
    """The divisor and the unit of an axis that goes up to ``top``: ``(1e6, 'M€')``.

    >>> money_axis(8_900_000), money_axis(450_000, "en"), money_axis(900)
    ((1000000.0, 'M€'), (1000.0, '€K'), (1.0, '€'))
    """
    sign = locale_of(lang).currency_symbols.get(currency, currency)
    sign = _sign(sign)
    for size, letter in ((1e9, "Md" if lang == "fr" else "B"), (1e6, "M"), (1e3, "k" if lang == "fr" else "K")):
        if top >= size:
            return size, f"{letter}{sign}" if lang == "fr" else f"{sign}{letter}"
    return 1.0, sign
