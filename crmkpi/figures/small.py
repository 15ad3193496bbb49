"""Word-sized pictures, written as SVG by hand: they are drawn dozens at a time. Below it: nothing of crmkpi."""

from __future__ import annotations

import html
from collections.abc import Sequence


def sparkline(values: Sequence[float | None], alt: str, width: int = 240, height: int = 40) -> str:
    """The course of a figure over time, its last point marked; a gap where there is no value.

    >>> sparkline([1, None, 3, 4], "rising").count("<polyline")
    1
    """
    known = [value for value in values if value is not None and value == value]
    if len(known) < 2:
        return ""
    low, high = min(min(known), 0.0) if min(known) < 0 else min(known), max(known)
    span = (high - low) or 1.0
    step = (width - 8) / max(len(values) - 1, 1)
    points = [
        None if value is None or value != value
        else (4 + n * step, height - 5 - (float(value) - low) / span * (height - 10))
        for n, value in enumerate(values)
    ]  # fmt: skip
    runs = "".join(_run(run) for run in _runs(points))
    last = next(point for point in reversed(points) if point)
    dot = f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="3.2" class="ck-spark-dot"/>'
    label = html.escape(alt)
    return f'<svg class="ck-spark" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">{runs}{dot}</svg>'


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if len(run) > 1]


def _run(run: Sequence[tuple[float, float]]) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
    return f'<polyline points="{path}" class="ck-spark-line"/>'


def meter(share: float | None, tone: str = "main", expected: float | None = None) -> str:
    """How much of a whole is reached, as a bar; ``expected`` sets a tick. Beside words, so silent for readers.

    >>> meter(1.2).count("width:100.0%")
    1
    """
    if share is None or share != share:
        return ""
    reach = max(0.0, min(share, 1.0)) * 100
    tick = "" if expected is None else f'<i style="left:{max(0.0, min(expected, 1.0)) * 100:.1f}%"></i>'
    return f'<span class="ck-meter ck-{tone}" aria-hidden="true"><b style="width:{reach:.1f}%"></b>{tick}</span>'
