"""The vocabulary: every table and column that crmkpi reads, declared once.

Casting, validation, empty tables, the data dictionary and the labels of lists all come from
``TABLES``. Below it: :mod:`crmkpi.errors` only.
"""

from crmkpi.schema.model import SQL_TYPES, Column, Table
from crmkpi.schema.tables import TABLES

__all__ = ["SQL_TYPES", "TABLES", "Column", "Table"]
