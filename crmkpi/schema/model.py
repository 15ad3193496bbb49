"""What a table and a column are: name, type, key, closed list, reference, words."""

from __future__ import annotations

from dataclasses import dataclass

SQL_TYPES = {
    "text": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "money": "DECIMAL(18,2)",
    "number": "DECIMAL(18,4)",
    "integer": "BIGINT",
    "rate": "DECIMAL(7,6)",
    "bool": "BOOLEAN",
}
"""The DuckDB type that each declared type is stored in."""


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    ``values`` is a closed list (or, when ``open``, the names that are ours: others are kept and said), ``refs`` the
    table whose key it holds, ``dated`` says that it dates something that has happened (the newest of them is the
    data's own date).
    """

    name: str
    type: str
    fr: str
    en: str
    key: bool = False
    required: bool = False
    values: tuple[str, ...] = ()
    open: bool = False
    refs: str = ""
    dated: bool = False
    doc: str = ""

    @property
    def closed(self) -> tuple[str, ...]:
        """The only values there can be (empty: any).

        >>> Column("type", "text", "Type", "Type", values=("visit", "call")).closed
        ('visit', 'call')
        """
        return () if self.open else self.values

    @property
    def sql_type(self) -> str:
        """The DuckDB type of the column.

        >>> Column("amount", "money", "Montant", "Amount").sql_type
        'DECIMAL(18,2)'
        """
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One canonical table: its name, words and columns."""

    name: str
    fr: str
    en: str
    doc: str
    columns: tuple[Column, ...]
    optional: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the key columns (empty: the table has no key)."""
        return tuple(column.name for column in self.columns if column.key)

    def column(self, name: str) -> Column:
        """The column called ``name``; KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]
