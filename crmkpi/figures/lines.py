"""Lines over time, named at their end; and a guard: columns above, the rate that watches them below.

Below it: :mod:`crmkpi.figures.canvas`, :mod:`crmkpi.figures.bars`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from crmkpi.figures.bars import draw_columns, marks_of
from crmkpi.figures.canvas import TONES, WIDE, Mark, Size, bare, canvas, name_columns, plain, shorten, svg

_LINE_TONES = ("main", "behind", "second", "muted")


def lines(frame: pd.DataFrame, series: Mapping[str, str], alt: str, size: Size = WIDE) -> str:
    """One line per series, as SVG text.

    ``frame`` has ``label``, one column per series, and beside each ``<series>_tip`` and ``<series>_shown``;
    ``series`` gives each its name, written at the line's end with its last value. A word in a column ``mark`` stands at a thin
    line before that place: what follows is not of the same kind.
    """
    right = 7 * max(len(_end_words(frame, name, title, size)) for name, title in series.items()) + 14
    with canvas(size, left=8, right=min(right, 190), top=14) as (figure, (axes,)):
        draw_lines(axes, frame, series, size)
        return svg(figure, alt, _marks(frame, series))


def draw_lines(axes: Axes, frame: pd.DataFrame, series: Mapping[str, str], size: Size) -> None:
    """The lines on axes of their own; see :func:`lines`."""
    data = frame.reset_index(drop=True)
    for tone, name in zip(_LINE_TONES, series, strict=False):
        points = pd.DataFrame({"place": data.index, "value": data[name].astype(float)}).dropna()
        _draw_line(axes, points, tone, name)
    bare(axes)
    values = data[list(series)].astype(float)
    low, high = _bounds(float(values.min().min()), float(values.max().max()))
    span = high - low
    axes.set(xlim=(-0.4, len(data) - 0.6), ylim=(low, high))
    step = 2 if size.narrow else 1  # from the last one back
    places = list(range(len(data)))[::-step][::-1]
    name_columns(axes, list(data["label"]), places)
    _draw_marks(axes, data, high)
    _write_ends(axes, data, series, size, span)


def _draw_marks(axes: Axes, data: pd.DataFrame, high: float) -> None:
    """A thin line with a word wherever something else begins."""
    marks = data["mark"] if "mark" in data else pd.Series("", index=data.index)
    for place, word in marks[marks.astype(bool)].items():
        axes.axvline(
            float(str(place)) - 0.5, color=TONES["muted"], linewidth=1, linestyle=(0, (3, 3)), gid=f"mark{place}"
        )
        axes.annotate(plain(word), (float(str(place)) - 0.5, high), xytext=(-4, -2), textcoords="offset points", ha="right", va="top",
                      fontsize=11, color=TONES["muted"])  # fmt: skip


def _bounds(low: float, high: float) -> tuple[float, float]:
    """From zero, unless all values are far from it and their course could not be seen."""
    if low > 0.5 * high > 0:
        room = 0.6 * (high - low) or 0.1 * high
        return low - room, high + 0.4 * room
    low = min(low, 0.0)
    return low, high + 0.08 * ((high - low) or 1.0)


def _draw_line(axes: Axes, points: pd.DataFrame, tone: str, name: str) -> None:
    sns.lineplot(data=points, x="place", y="value", ax=axes, errorbar=None, estimator=None, color=TONES[tone],
                 linewidth=2.2, legend=False)  # fmt: skip
    axes.plot(points["place"], points["value"], "o", markersize=5, color=TONES[tone], gid=f"line-{name}")


def _end_words(frame: pd.DataFrame, name: str, title: str, size: Size) -> str:
    shown = frame.loc[frame[name].notna(), f"{name}_shown"]
    last = str(shown.iloc[-1]) if len(shown) else "—"
    return f"{shorten(title, 12 if size.narrow else 20)} {last}"


def _write_ends(axes: Axes, data: pd.DataFrame, series: Mapping[str, str], size: Size, span: float) -> None:
    """Names at the ends, moved apart where two lines end together."""
    ends = [(float(data[name].dropna().iloc[-1]), tone, name) for tone, name in zip(_LINE_TONES, series, strict=False)
            if data[name].notna().any()]  # fmt: skip
    apart, last = 18 / size.height * span * 1.4, None
    for value, tone, name in sorted(ends):
        at = value if last is None else max(value, last + apart)
        last = at
        axes.annotate(_end_words(data, name, series[name], size), (len(data) - 0.75, at), xytext=(2, 0), va="center",
                      textcoords="offset points", fontsize=12, color=TONES[tone], annotation_clip=False)  # fmt: skip


def _marks(frame: pd.DataFrame, series: Mapping[str, str]) -> dict[str, Mark]:
    return {
        f"{name}{place}": Mark(str(tip) if value == value else "")
        for name in series
        for place, (tip, value) in enumerate(zip(frame[f"{name}_tip"], frame[name].astype(float), strict=True))
    }


def guard(frame: pd.DataFrame, rate: pd.DataFrame, names: tuple[str, str], alt: str, size: Size = WIDE) -> str:
    """Columns of a quantity above, and below them the rate that must not be spent for it, as SVG text.

    ``frame`` is that of :func:`crmkpi.figures.columns`; ``rate`` has ``label, value, shown, tip`` for the
    same months. ``names`` stand in the corner of each.
    """
    with canvas(size, top=24, rows=(3, 2)) as (figure, (above, below)):
        draw_columns(above, frame, size)
        _draw_rate(below, rate.reset_index(drop=True), size)
        for axes, name in ((above, names[0]), (below, names[1])):
            axes.annotate(name, (0, 1), xycoords="axes fraction", xytext=(2, 6), textcoords="offset points",
                          fontsize=11, color=TONES["muted"])  # fmt: skip
        marks = marks_of(frame) | _marks(rate.rename(columns={"value": "r", "tip": "r_tip"}), {"r": ""})
        return svg(figure, alt, marks)


def _draw_rate(axes: Axes, data: pd.DataFrame, size: Size) -> None:
    points = data.assign(place=data.index).dropna(subset=["value"])
    _draw_line(axes, points[["place", "value"]].astype(float), "behind", "r")
    bare(axes)
    high, low = float(points["value"].max()), float(points["value"].min())
    span = (high - low) or abs(high) or 1.0
    axes.set(xlim=(-0.6, len(data) - 0.4), ylim=(low - 0.45 * span, high + 0.45 * span))
    name_columns(axes, list(data["label"]))
    every = 1 if not size.narrow else 3
    before, after = points["value"].shift(1, fill_value=np.inf), points["value"].shift(-1, fill_value=np.inf)
    points["valley"] = (points["value"] < before) & (points["value"] < after)
    for row in points.to_dict("records"):
        if (len(data) - 1 - row["place"]) % every == 0:
            up = -1 if row["valley"] else 1  # never where the line comes from
            axes.annotate(plain(row["shown"]), (row["place"], row["value"]), xytext=(0, 7 * up), textcoords="offset points",
                          ha="center", va="bottom" if up > 0 else "top", fontsize=10, color=TONES["ink"])  # fmt: skip
