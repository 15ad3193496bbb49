"""Text files: which encoding, which delimiter, which header, and what is broken, in words.

DuckDB reads the rows, but only UTF-8; what is not UTF-8 is decoded here into a working copy.
Below it: :mod:`crmkpi.errors`, :mod:`crmkpi.sources.sql`.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from crmkpi.errors import DataError
from crmkpi.sources.sql import SPACES, first_line, ident, literal

DELIMITERS = "\t|;,"
"""From the rarest inside a value to the commonest: the order in which ties are decided."""
_NONE = "\x1f"
"""For a table of one column: a mark that is in no text."""
_SAMPLE = 1 << 18
_BLOCK = 1 << 20
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_MAGIC = {b"PK\x03\x04": "an Excel workbook or a zip archive", b"PAR1": "a Parquet file", b"%PDF": "a PDF"}


@dataclass(frozen=True)
class Scan:
    """What one pass over a file tells: its digest, and its encoding if it is text."""

    digest: str
    encoding: str
    rewrite: bool


def digest(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def scan_text(path: Path) -> Scan:
    """Read a text file once: digest, encoding (utf-8, utf-16 or cp1252), and whether it needs a working copy.

    It does if it is not UTF-8, or has line ends of Windows and of Unix, which stops DuckDB's reader.
    DataError if it is empty, or no text at all.
    """
    sha, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    utf8, crlf, lf, head = True, 0, 0, b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            head = head or block[:_SAMPLE]
            sha.update(block)
            if crlf or b"\r" in block:  # looking for one is far faster than counting
                crlf, lf = crlf + block.count(b"\r\n"), lf + block.count(b"\n")
            utf8 = utf8 and _decodes(decoder, block)
        utf8 = utf8 and _decodes(decoder, b"", final=True)
    encoding = _encoding(path, head, utf8)
    return Scan(sha.hexdigest(), encoding, encoding != "utf-8" or 0 < crlf < lf)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(path: Path, head: bytes, utf8: bool) -> str:
    if not head.strip(codecs.BOM_UTF8 + b" \t\r\n"):
        raise DataError(f"{path.name}: the file is empty; expected a header line and rows; export it again")
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise DataError(f"{path.name}: found {what}, expected text; give the file its true extension")
    for bom, name in _UTF16.items():
        if head.startswith(bom):
            return name
    if b"\0" in head:
        raise DataError(f"{path.name}: found binary data, expected a text table; export it again as CSV (UTF-8)")
    return "utf-8" if utf8 else "cp1252"


def readable(path: Path, scan: Scan, work: Path) -> Path:
    """The path of the same text in UTF-8 with one kind of line end: the file itself, or a copy in ``work``."""
    if not scan.rewrite:
        return path
    copy = work / f"{hashlib.sha256(str(path).encode()).hexdigest()[:12]}.csv"
    try:
        with (
            path.open(encoding=scan.encoding, newline=None) as old,
            copy.open("w", encoding="utf-8", newline="") as new,
        ):
            while block := old.read(_BLOCK):
                new.write(block)
    except UnicodeError as error:
        raise DataError(
            f"{path.name}: neither UTF-8 nor Windows-1252 text ({error.reason} at byte {error.start}); "  # type: ignore[attr-defined]
            "export it again as CSV (UTF-8)"
        ) from error
    return copy


@dataclass(frozen=True)
class Dialect:
    """How a text table is written: delimiter, header, lines before the header."""

    delimiter: str
    header: tuple[str, ...]
    skip: int = 0


def sniff(path: Path, shown: str, delimiter: str | None = None) -> Dialect:
    """Find the delimiter and the header of a UTF-8 text table; ``delimiter`` if it is known.

    DataError if the header has the same name twice or no name at all.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        sample = file.read(_SAMPLE)
        cut = bool(file.read(1))
    sample, skip, delimiter = _excel_hint(sample, delimiter)
    found = delimiter or _best(sample, cut)
    header = next((row for row in _rows(sample, found) if any(cell.strip(SPACES) for cell in row)), [])
    return Dialect(found, header_names(header, shown), skip)


def _excel_hint(sample: str, delimiter: str | None) -> tuple[str, int, str | None]:
    """Excel writes the delimiter itself in a first line ``sep=;``."""
    if hint := re.match(r'"?sep=(.)"?\r?\n', sample, re.IGNORECASE):
        return sample[hint.end() :], 1, delimiter or hint[1]
    return sample, 0, delimiter


def _rows(sample: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == 200:
                break
    except csv.Error:  # a value longer than the csv module takes: the rows so far are enough to choose by
        return rows
    return rows


def _best(sample: str, cut: bool) -> str:
    """The delimiter under which most rows are as wide as the header, then the widest, then the rarest."""
    best, mark = _NONE, (0.0, 0)
    for delimiter in DELIMITERS:
        rows = [row for row in _rows(sample, delimiter) if row]
        rows = rows[:-1] if cut and len(rows) > 1 else rows
        width = len(rows[0]) if rows else 0
        if width < 2:
            continue
        same = Counter(len(row) for row in rows)[width] / len(rows)
        if (round(same, 1), width) > mark:
            best, mark = delimiter, (round(same, 1), width)
    return best


def header_names(cells: list[str], shown: str) -> tuple[str, ...]:
    """The column names of a header row; DataError if one is there twice, or all are blank.

    >>> header_names(["id ", "", "name"], "orders.csv")
    ('id', 'column 2', 'name')
    """
    names = [cell.strip(SPACES) or f"column {number}" for number, cell in enumerate(cells, 1)]
    if not any(cell.strip(SPACES) for cell in cells):
        raise DataError(f"{shown}: no header; expected the column names in the first row")
    twice = [name for name, times in Counter(name.casefold() for name in names).items() if times > 1]
    if twice:
        raise DataError(
            f"{shown}: column {twice[0]!r} is there {sum(n.casefold() == twice[0] for n in names)} times in the header; "
            "rename or remove all but one"
        )
    return tuple(names)


def csv_sql(path: Path, dialect: Dialect) -> str:
    """The SQL that reads the table, every value as text; an empty cell is '' and nothing is taken for NULL.

    What would be NULL is a line end without quotes, which no cell can be.
    """
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in dialect.header)
    return (
        f"read_csv({literal(path)}, delim={literal(dialect.delimiter)}, quote='\"', escape='\"', header=true, "
        f"skip={dialect.skip}, auto_detect=false, strict_mode=true, null_padding=false, nullstr='\n', allow_quoted_nulls=false, "
        f"columns={{{columns}}})"
    )


def explain_csv(shown: str, error: BaseException) -> str:
    """DuckDB's complaint about a text table, in one line a person can act on."""
    text = str(error)
    line = re.search(r"on Line: (\d+)", text)
    where = f"{shown}, line {line[1]}" if line else shown
    if widths := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text):
        return (
            f"{where}: found {widths[2]} values, expected {widths[1]} as in the header; a delimiter inside a value must be "
            "in double quotes: correct the line or export the file again"
        )
    if "unterminated quote" in text:
        return f"{where}: a double quote is opened and never closed; close it, or double it if it belongs to the value"
    if "invalid state" in text:
        return f"{where}: line ends or double quotes are not those of a CSV file; export it again as CSV (UTF-8)"
    return f"{where}: not readable as a text table ({first_line(error)}); export it again as CSV (UTF-8)"


def text_columns(dialect: Dialect) -> dict[str, str]:
    """Column name -> DuckDB type: all text."""
    return dict.fromkeys(dialect.header, "VARCHAR")


__all__ = [
    "Dialect", "Scan", "csv_sql", "digest", "explain_csv", "header_names", "ident", "readable", "scan_text", "sniff",
    "text_columns",
]  # fmt: skip
