"""Values to text, French and English: what a person reads on a tile, an axis, a list, a download.

Read :mod:`crmkpi.format.text` first (numbers, dates, periods, changes), then
:mod:`crmkpi.format.export` (CSV and Excel). Below it: :mod:`crmkpi.calendar`.
"""

from crmkpi.format.export import Sheet, csv_bytes, excel_bytes, workbook_bytes
from crmkpi.format.past import past_short, past_text
from crmkpi.format.text import (
    NOTHING,
    change,
    day_text,
    is_missing,
    money_axis,
    month_label,
    moved_text,
    number_text,
    period_text,
    span_text,
    text,
    typeset,
)

__all__ = [
    "NOTHING",
    "Sheet",
    "change",
    "csv_bytes",
    "day_text",
    "excel_bytes",
    "is_missing",
    "money_axis",
    "month_label",
    "moved_text",
    "number_text",
    "past_short",
    "past_text",
    "period_text",
    "span_text",
    "text",
    "typeset",
    "workbook_bytes",
]
