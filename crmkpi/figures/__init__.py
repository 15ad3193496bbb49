"""Frames to pictures: pure functions that return SVG text, drawn with matplotlib and seaborn. Below it: :mod:`crmkpi.format`.

Each function takes a small frame that is ready to be drawn (labels, values, tones, the words of each
mark) and the size, and gives SVG whose colours are CSS variables: the browser turns it dark without a
new picture. No figure is named here, and no sum is made. Read :mod:`crmkpi.figures.canvas` first.
"""

from crmkpi.figures.bars import columns, ranked
from crmkpi.figures.canvas import NARROW, WIDE, Size
from crmkpi.figures.lines import guard, lines
from crmkpi.figures.matrix import CLASSES, matrix
from crmkpi.figures.small import meter, sparkline
from crmkpi.figures.stacked import stacked, stacked_ranked
from crmkpi.figures.waterfall import waterfall

__all__ = ["CLASSES", "NARROW", "WIDE", "Size", "columns", "guard", "lines", "matrix", "meter", "ranked", "sparkline", "stacked",
           "stacked_ranked", "waterfall"]  # fmt: skip
