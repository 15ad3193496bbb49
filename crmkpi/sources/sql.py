"""The few pieces of SQL text that every module here needs: quoting, blanks, first words of an error.

Below it: nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

SPACES = " \t\r\n\v\f\u00a0\u2007\u2009\u202f\ufeff"
"""What may surround a value, or be all there is in a blank cell: plain, no-break and narrow spaces."""


def ident(name: str) -> str:
    """A quoted identifier.

    >>> ident('le "net" HT')
    '"le ""net"" HT"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """A quoted text.

    >>> literal("l'ordre")
    "'l''ordre'"
    """
    return "'" + str(text).replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """A bracketed list of quoted texts, for IN.

    >>> literals(["a", "b"])
    "('a', 'b')"
    """
    return "(" + ", ".join(map(literal, texts)) + ")"


def trimmed(sql: str) -> str:
    """The SQL of a text without the spaces around it."""
    return f"trim({sql}, {literal(SPACES)})"


def first_line(error: BaseException) -> str:
    r"""The first line of DuckDB's message, without its class.

    >>> first_line(ValueError("Invalid Input Error: no such thing\nPossible fixes:"))
    'no such thing'
    """
    line = str(error).strip().partition("\n")[0]
    return re.sub(r"^([A-Z]\w+ )+Error: ", "", line)
