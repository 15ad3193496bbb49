"""Parts of a whole, one on the other: columns over time, or ranked bars.

Below it: :mod:`crmkpi.figures.canvas`. Only the whole is written beside a bar: the parts are in its words and in the key.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from crmkpi.figures.bars import marks_of
from crmkpi.figures.canvas import TONES, WIDE, Size, bare, canvas, name_columns, name_rows, plain, shorten, svg

_WIDTH = 0.72


def stacked(frame: pd.DataFrame, series: Mapping[str, str], alt: str, size: Size = WIDE) -> str:
    """Columns over time whose parts add up, as SVG text.

    ``frame`` has ``label``, ``tip``, ``shown`` (the whole in words) and one column per part; ``series`` gives each part
    its tone, the one at the foot first. On a phone every second label is left out.
    """
    data = frame.reset_index(drop=True)
    with canvas(size) as (figure, (axes,)):
        tops = _layers(axes, data, series)
        bare(axes)
        high = float(tops.iloc[:, -1].max()) or 1.0
        axes.set(xlim=(-0.6, len(data) - 0.4), ylim=(0, high * 1.12))
        step = -(
            -len(data) // (6 if size.narrow else 13)
        )  # as many labels as there is room for, from the last one back
        places = list(range(len(data)))[::-step][::-1]
        name_columns(axes, list(data["label"]), places)
        for place in places:
            axes.annotate(plain(data["shown"].iloc[place]), (place, tops.iloc[place, -1]), xytext=(0, 4), ha="center",
                          textcoords="offset points", va="bottom", fontsize=11, color=TONES["ink"])  # fmt: skip
        for place in range(len(data)):
            _press(axes, place, (place - 0.5, 0), 1, high * 1.12)
        return svg(figure, alt, marks_of(data))


def stacked_ranked(
    frame: pd.DataFrame, series: Mapping[str, str], alt: str, width: int = 420, narrow: bool = False
) -> str:
    """Horizontal bars whose parts add up, in the order of the frame, as SVG text; see :func:`stacked`."""
    data = frame.reset_index(drop=True)
    cut = 16 if narrow else 24 if width < WIDE.width else 34
    labels = [shorten(label, cut) for label in data["label"]]
    left = min(max(60, 7.2 * max(map(len, labels), default=8) + 12), 0.4 * width)
    right = 7.4 * max((len(str(text)) for text in data["shown"]), default=0) + 12
    size = Size(width, (28 if narrow or len(data) > 7 else 36) * len(data) + 14, narrow)
    with canvas(size, left=left, right=right, top=4, bottom=8) as (figure, (axes,)):
        tops = _layers(axes, data, series, flat=True)
        longest = float(tops.iloc[:, -1].max()) or 1.0
        bare(axes, baseline=False)
        axes.set(xlim=(0, longest * 1.02), ylim=(len(data) - 0.5, -0.5))
        name_rows(axes, labels)
        for place, text in enumerate(data["shown"]):
            axes.annotate(plain(text), (tops.iloc[place, -1], place), xytext=(6, 0), textcoords="offset points", va="center",
                          fontsize=12, color=TONES["ink"], annotation_clip=False)  # fmt: skip
            _press(axes, place, (0, place - 0.5), longest, 1)
        return svg(figure, alt, marks_of(data))


def _layers(axes: Axes, data: pd.DataFrame, series: Mapping[str, str], flat: bool = False) -> pd.DataFrame:
    """The parts as bars from zero, the whole first, so that each one covers the foot of the one before."""
    tops = data[list(series)].astype(float).fillna(0.0).cumsum(axis=1)
    draw = axes.barh if flat else axes.bar
    for name, tone in reversed([*series.items()]):
        draw(data.index, tops[name], _WIDTH, color=TONES[tone], edgecolor=TONES["surface"], linewidth=1)
    for patch in axes.patches:
        patch.set_gid("part")
    return tops


def _press(axes: Axes, place: int, corner: tuple[float, float], width: float, height: float) -> None:
    """All of a bar's place says its words and can be pressed, not only what is drawn of it."""
    axes.add_patch(Rectangle(corner, width, height, facecolor=TONES["surface"], alpha=0, gid=f"m{place}", zorder=5))
