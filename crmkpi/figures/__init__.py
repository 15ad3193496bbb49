"""Frames to pictures: pure functions that return SVG text, drawn with seaborn. Below it: :mod:`crmkpi.format`.

Each function takes a small frame that is ready to be drawn (labels, values, tones, the words of each
mark) and the size, and gives SVG whose colours are CSS variables: the browser turns it dark without a
new picture. No figure is named here, and no sum is made. Read :mod:`crmkpi.figures.canvas` first.
"""

from crmkpi.figures.bars import columns, ranked
from crmkpi.figures.canvas import NARROW, WIDE, Size
from crmkpi.figures.lines import guard, lines
from crmkpi.figures.small import meter, sparkline

__all__ = ["NARROW", "WIDE", "Size", "columns", "guard", "lines", "meter", "ranked", "sparkline"]
