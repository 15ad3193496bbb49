"""A waterfall: from one amount to another by what was added and taken away. Below it: :mod:`crmkpi.figures.canvas`.

It lies on its side, for names are long. Both ends are lines, not bars, so that the steps can be seen however large the
ends are: nothing suggests that the axis begins at zero.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crmkpi.figures.bars import marks_of
from crmkpi.figures.canvas import TONES, Size, bare, canvas, name_rows, plain, shorten, svg


def waterfall(frame: pd.DataFrame, alt: str, width: int = 560, narrow: bool = False) -> str:
    """Steps from the first row to the last, as SVG text; the height follows the rows.

    ``frame`` has ``label, amount, shown, tone, tip, key`` and ``whole``: true for an amount reached (the first row, the
    last), false for a step that leads there.
    """
    data = frame.reset_index(drop=True)
    cut = 17 if narrow else 28
    labels = [shorten(label, cut) for label in data["label"]]
    left = min(max(60, 7.0 * max(map(len, labels), default=8) + 12), 200)
    size = Size(width, 30 * len(data) + 14, narrow)
    with canvas(size, left=left, right=7.4 * max(map(len, data["shown"]), default=0) + 14, top=4, bottom=8) as (
        figure,
        (axes,),
    ):
        _draw(axes, data)
        name_rows(axes, labels)
        return svg(figure, alt, marks_of(data))


def _draw(axes: Axes, data: pd.DataFrame) -> None:
    amounts, wholes = data["amount"].astype(float), data["whole"].astype(bool)
    ends = amounts.where(wholes, 0.0)
    at = 0.0
    for place, (amount, whole) in enumerate(zip(amounts, wholes, strict=True)):
        start, at = (amount, amount) if whole else (at, at + amount)
        ends[place] = max(start, at)
        if whole:
            axes.plot([at, at], [place - 0.38, place + 0.38], color=TONES["ink"], linewidth=4, gid=f"m{place}",
                      solid_capstyle="butt")  # fmt: skip
        else:
            axes.barh(place, at - start, left=start, height=0.62, color=TONES[data["tone"][place]], gid=f"m{place}")
            axes.patches[-1].set_gid(f"m{place}")
        if place + 1 < len(data):
            axes.plot([at, at], [place, place + 1], color=TONES["muted"], linewidth=1, zorder=0.6, gid="link")
    low, high = axes.get_xlim()
    bare(axes, baseline=False)
    axes.set(xlim=(low, high), ylim=(len(data) - 0.5, -0.5))
    for place, text in enumerate(data["shown"]):
        axes.annotate(plain(text), (ends[place], place), xytext=(7, 0), textcoords="offset points", va="center", fontsize=12,
                      color=TONES["ink"], annotation_clip=False)  # fmt: skip
