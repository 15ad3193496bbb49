"""Bars: columns over time (with target and landing), and ranked bars (with a reference line).

Below it: :mod:`crmkpi.figures.canvas`. Values are written on the bars, so there is no axis to read.
Not by seaborn's barplot: it looks for the mean of each bar, which is a value already, and takes four times as long.
"""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from crmkpi.figures.canvas import TONES, WIDE, Mark, Size, bare, canvas, name_columns, name_rows, plain, shorten, svg


def columns(frame: pd.DataFrame, alt: str, size: Size = WIDE, words: tuple[str, str] = ("", "")) -> str:
    """Columns in the order of the frame, as SVG text.

    Parameters
    ----------
    frame:
        One row per column: ``label`` (its lines go under it), ``value``, ``shown`` (the value in words),
        ``tone`` (main, behind, bad, soft, none), ``tip``, ``key``; optional ``target`` (a tick across the
        column), ``outer`` (a pale, taller column behind: a landing, a declared amount).
    alt:
        What the picture shows, for those who cannot see it.
    size:
        Width and height in pixels.
    words:
        What to write to the right of the last column: beside its target, and beside its outer column.
    """
    longest = max(len(line) for word in words for line in word.split("\n"))
    with canvas(size, right=8 + (6.6 * longest + 6 if longest else 0)) as (figure, (axes,)):
        draw_columns(axes, frame, size, words)
        name_columns(axes, list(frame["label"]))
        return svg(figure, alt, marks_of(frame))


def draw_columns(axes: Axes, frame: pd.DataFrame, size: Size, words: tuple[str, str] = ("", "")) -> None:
    """The columns on axes of their own, without their labels; see :func:`columns`."""
    data = frame.reset_index(drop=True)
    top, low = _range(data)
    _outer(axes, data)
    data = data.assign(value=data["value"].astype(float).fillna(0.0))
    axes.bar(data.index, data["value"], width=0.72, color=TONES["main"])
    _name(axes, data["tone"])
    bare(axes)
    axes.set_xlim(-0.6, len(data) - 0.4)
    axes.set_ylim(low, top)
    axes.axhline(0, color=TONES["grid"], linewidth=1, zorder=0.5)
    _write_values(axes, data, size, top - low)
    if "target" in data:
        _targets(axes, data)
    _write_ends_of(axes, data, words, 34 / size.height * (top - low))


def _range(data: pd.DataFrame) -> tuple[float, float]:
    """Room above the highest mark for its words, and below the lowest."""
    seen = data[[name for name in ("value", "target", "outer") if name in data]].astype(float).fillna(0.0)
    high, low = max(float(seen.max().max()), 0.0), min(float(seen.min().min()), 0.0)
    span = (high - low) or 1.0
    return high + 0.14 * span, low - (0.12 * span if low < 0 else 0.0)


def _name(axes: Axes, tones: pd.Series) -> None:
    """The bars, in the order of the frame, are called ``m0``, ``m1``... and take their tones."""
    bars = [patch for patch in axes.patches if patch.get_gid() is None]
    for place, (bar, tone) in enumerate(zip(bars, tones, strict=True)):
        bar.set(gid=f"m{place}", facecolor=TONES[tone])


def marks_of(frame: pd.DataFrame) -> dict[str, Mark]:
    """The words and the key of each row, under the name its mark has."""
    keys = frame["key"] if "key" in frame else [""] * len(frame)
    return {
        f"m{place}": Mark(str(tip), str(key)) for place, (tip, key) in enumerate(zip(frame["tip"], keys, strict=True))
    }


def _outer(axes: Axes, data: pd.DataFrame) -> None:
    if "outer" not in data:
        return
    for place, height in enumerate(data["outer"].astype(float)):
        if height != height:
            continue
        bar = Rectangle((place - 0.36, 0), 0.72, height, facecolor=TONES["soft"], edgecolor=TONES["main"],
                        linewidth=1, linestyle=(0, (3, 2)), gid="outer", zorder=0.9)  # fmt: skip
        axes.add_patch(bar)


def _write_values(axes: Axes, data: pd.DataFrame, size: Size, span: float) -> None:
    """At the foot of the column where there is room, away from targets; else above it."""
    room = 26 / size.height * span
    font = 11 if len(data) <= 14 and not size.narrow else 10
    for place, row in enumerate(data.to_dict("records")):
        value = float(row["value"])
        inside = abs(value) > room * 1.3 and row["tone"] in ("main", "behind", "bad")
        up = value >= 0
        axes.annotate(
            plain(row["shown"]), (place, 0 if inside else value), xytext=(0, 4 if up else -4),
            textcoords="offset points", ha="center", va="bottom" if up else "top", fontsize=font,
            color=TONES["onbar" if inside else "ink"],
        )  # fmt: skip


def _targets(axes: Axes, data: pd.DataFrame) -> None:
    shown = data["target"].dropna()
    axes.hlines(shown, shown.index - 0.46, shown.index + 0.46, color=TONES["ink"], linewidth=2, zorder=3)


def _write_ends_of(axes: Axes, data: pd.DataFrame, words: tuple[str, str], gap: float) -> None:
    """To the right of the last column, what its target and its outer column are; moved apart if need be."""
    ends = []
    for name, word, tone in zip(("target", "outer"), words, ("ink", "main"), strict=True):
        last = data[name].iloc[-1] if name in data and len(data) else None
        if word and last is not None and last == last:
            ends.append((float(last), word, tone))
    below = None
    for value, word, tone in sorted(ends):
        at = value if below is None else max(value, below + gap)
        below = at
        axes.annotate(word, (len(data) - 0.5, at), xytext=(4, 0), textcoords="offset points", va="center", fontsize=11,
                      color=TONES[tone], annotation_clip=False)  # fmt: skip


def ranked(
    frame: pd.DataFrame, alt: str, width: int = 420, reference: float | None = None, word: str = "",
    narrow: bool = False, cap: float | None = None,
) -> str:  # fmt: skip
    """Horizontal bars in the order of the frame, one line each, as SVG text; the height follows the rows.

    ``frame`` has ``label, value, shown, tone, tip, key`` and optional ``outer`` (a pale, longer bar
    behind) and ``tick`` (a line across the bar). ``reference`` draws a line (``word`` stands above it); bars longer
    than ``cap`` are cut there.
    """
    data = frame.reset_index(drop=True)
    cut = 16 if narrow else 24 if width < WIDE.width else 34
    row = 28 if narrow or len(data) > 7 else 44 if len(data) <= 4 else 36
    labels = [_in_lines(label, cut) if row > 28 else shorten(label, cut) for label in data["label"]]
    letters = max((len(line) for label in labels for line in label.split("\n")), default=8)
    left = min(max(60, 7.2 * letters + 12), 0.4 * width)
    size = Size(width, row * len(data) + (34 if reference is not None else 14), narrow)
    top = float(data["value"].astype(float).clip(upper=cap).fillna(0.0).max())
    known = [
        row["shown"] for row in data.dropna(subset=["value"]).to_dict("records") if not _inside(row, row["value"], top)
    ]
    right = 7.4 * max((len(str(text)) for text in known), default=0) + 10
    with canvas(size, left=left, right=right, top=24 if reference is not None else 4, bottom=8) as (figure, (axes,)):
        _draw_ranked(axes, data.assign(label=labels), reference, word, cap)
        return svg(figure, alt, marks_of(data))


def _in_lines(label: object, cut: int) -> str:
    """A long label on two lines, where rows are high enough."""
    first, *rest = textwrap.wrap(str(label), cut) or [""]
    return "\n".join([shorten(first, cut), *([shorten(" ".join(rest), cut)] if rest else [])])


def _draw_ranked(axes: Axes, data: pd.DataFrame, reference: float | None, word: str, cap: float | None) -> None:
    lengths = data["value"].astype(float).fillna(0.0).clip(upper=cap)
    if "outer" in data:
        for place, length in enumerate(data["outer"].astype(float).fillna(0.0)):
            axes.barh(place, length, height=0.62, color=TONES["soft"], gid="outer", zorder=0.8)
    axes.barh(data.index, lengths, height=0.62, color=TONES["main"])
    _name(axes, data["tone"])
    behind = [data[name].astype(float).fillna(0.0).max() for name in ("outer", "tick") if name in data]
    longest = max(float(lengths.max()), *(float(each or 0) for each in behind), reference or 0) or 1.0
    lowest = min(float(lengths.min() or 0), 0.0)
    bare(axes, baseline=False)
    axes.set(xlim=(lowest, longest * 1.02), ylim=(len(data) - 0.5, -0.5))
    name_rows(axes, list(data["label"]))
    if "tick" in data:
        ticks = data["tick"].dropna().astype(float)
        axes.vlines(ticks, ticks.index - 0.42, ticks.index + 0.42, color=TONES["ink"], linewidth=2.5, zorder=3)
    _write_ends(axes, data, lengths, reference)
    if reference is not None:
        _reference(axes, reference, word)


def _write_ends(axes: Axes, data: pd.DataFrame, lengths: Any, reference: float | None) -> None:
    """Inside a bar that is long enough; else after its end, and after the line that would cross the words."""
    longest = axes.get_xlim()[1]
    wide = 0.22 * longest  # about what words take on a phone
    for place, row in enumerate(data.to_dict("records")):
        inside = _inside(row, lengths[place], longest)
        behind = [float(row[name]) for name in ("outer", "tick") if name in row and row[name] == row[name]]
        end = lengths[place] if inside else max(lengths[place], 0.0, *behind)
        if reference is not None and inside and end - wide < reference <= end:
            end = reference
        if reference is not None and not inside and end < reference < end + wide:
            end = reference
        tone = "onbar" if inside else "muted" if row["value"] != row["value"] else "ink"
        axes.annotate(plain(row["shown"]), (end, place), xytext=(-6 if inside else 6, 0), textcoords="offset points",
                      va="center", ha="right" if inside else "left", fontsize=12, color=TONES[tone],
                      annotation_clip=False)  # fmt: skip


def _inside(row: Mapping[Hashable, Any], length: float, longest: float) -> bool:
    return not {"outer", "tick"} & row.keys() and length > 0.3 * longest and row["tone"] in ("main", "behind", "bad")


def _reference(axes: Axes, reference: float, word: str) -> None:
    axes.axvline(reference, color=TONES["ink"], linewidth=1.5, linestyle=(0, (4, 3)), zorder=2)
    side = "right" if reference > 0.75 * axes.get_xlim()[1] else "center"
    axes.annotate(word, (reference, -0.5), xytext=(0, 4), textcoords="offset points", ha=side, va="bottom",
                  fontsize=11, color=TONES["ink"], annotation_clip=False)  # fmt: skip
