"""What was known, and when: dated snapshots of values, kept beside the data and never changed.

Read in this order: ``definitions`` (which version of a definition a value was computed by), ``store`` (the files),
``reading`` (what was known at a day, by place). What is computed to be kept, and what is made of it, is in
:mod:`crmkpi.facts`. docs/history.md says what is in a file. Below it: :mod:`crmkpi.indicators`, :mod:`crmkpi.errors`.
"""

from crmkpi.history.definitions import Definition, definitions, difference
from crmkpi.history.reading import COMPANY, PLACES, History
from crmkpi.history.store import FOLDER, ROWS, VALUES, Entry, key_of, write

__all__ = [
    "COMPANY", "FOLDER", "PLACES", "ROWS", "VALUES", "Definition", "Entry", "History", "definitions", "difference", "key_of",
    "write",
]  # fmt: skip
