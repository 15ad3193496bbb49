"""A matrix of rates: rows by columns, each cell with its value, coloured by class. Below it: :mod:`crmkpi.figures.canvas`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import seaborn as sns
from matplotlib.colors import BoundaryNorm, ListedColormap

from crmkpi.figures.canvas import TONES, Mark, Size, canvas, plain, shorten, svg

CLASSES = (0.6, 0.8, 0.95)
"""Where a class of colour begins: under the first is to act on, under the second to watch."""
_TONES = ("alarm", "warn", "tint", "soft")


def matrix(
    values: pd.DataFrame, shown: pd.DataFrame, tips: Sequence[str], alt: str, width: int = 640, narrow: bool = False
) -> str:
    """A heat map of rates (0..1) with its rows and columns named, as SVG text; the height follows the rows.

    ``shown`` are the same cells in words; ``tips`` the words of each cell, row by row.
    """
    names = [shorten(str(name), 14 if narrow else 26) for name in values.index]
    left = min(max(60, 7.0 * max(map(len, names), default=8) + 12), 190)
    longest = max((len(str(name)) for name in values.columns), default=0)
    room = (width - left) / max(len(values.columns), 1) / 7.2
    slant = longest > room
    head = 26 if not slant else 20 + 5.2 * min(longest, 16)
    size = Size(width, round(30 * len(values) + head + 8), narrow)
    with canvas(size, left=left, right=8, top=head, bottom=6) as (figure, (axes,)):
        sns.heatmap(
            values.astype(float), ax=axes, cbar=False, linewidths=2, linecolor=TONES["surface"],
            cmap=ListedColormap([TONES[tone] for tone in _TONES]), norm=BoundaryNorm([-1, *CLASSES, 2], len(_TONES)),
        )  # fmt: skip
        axes.collections[0].set_gid("cells-c")
        axes.xaxis.tick_top()
        axes.set(xlabel="", ylabel="")
        heads = [plain(shorten(str(name), 16)) for name in values.columns]
        axes.set_xticks([place + 0.5 for place in range(len(heads))], heads, fontsize=11, rotation=40 if slant else 0,
                        ha="left" if slant else "center")  # fmt: skip
        axes.set_yticks(
            [place + 0.5 for place in range(len(names))], [plain(name) for name in names], fontsize=12, rotation=0
        )
        axes.tick_params(axis="y", colors=TONES["ink"], pad=6)
        axes.spines["bottom"].set_visible(False)
        for row, cells in enumerate(shown.to_numpy().tolist()):
            for column, text in enumerate(cells):
                axes.annotate(plain(text), (column + 0.5, row + 0.5), ha="center", va="center", fontsize=11,
                              color=TONES["ink"])  # fmt: skip
        return svg(figure, alt, {f"c{place}": Mark(tip) for place, tip in enumerate(tips)})
