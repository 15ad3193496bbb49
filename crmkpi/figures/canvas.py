"""What every picture shares: its size, its tones, and the way from a Matplotlib figure to clean SVG.

Figures are objects without pyplot (no global state), margins are fixed (a layout engine costs more than
the drawing), text stays text, and the same frame gives the same bytes. Below it: nothing of crmkpi.
"""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation


class Size(NamedTuple):
    """Width and height in CSS pixels; ``narrow`` pictures have fewer words."""

    width: int
    height: int
    narrow: bool = False


WIDE = Size(640, 300)
NARROW = Size(340, 280, True)

# A colour that stands for a CSS variable, and is replaced by it in the text of the picture.
TONES = {
    "main": "#0a0b01",
    "soft": "#0a0b02",
    "behind": "#0a0b03",
    "bad": "#0a0b04",
    "second": "#0a0b05",
    "ink": "#0a0b06",
    "muted": "#0a0b07",
    "grid": "#0a0b08",
    "surface": "#0a0b09",
    "onbar": "#0a0b0a",
    "none": "#0a0b0b",
    "alarm": "#0a0b0c",
    "warn": "#0a0b0d",
    "tint": "#0a0b0e",
}
_BY_CODE = {code: f"var(--ck-{tone})" for tone, code in TONES.items()}
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "crmkpi",
    "font.family": "sans-serif",
    "font.size": 12,
    "text.color": TONES["ink"],
    "axes.edgecolor": TONES["grid"],
    "axes.labelcolor": TONES["muted"],
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.color": TONES["muted"],
    "ytick.color": TONES["muted"],
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "grid.color": TONES["grid"],
    "grid.linewidth": 1,
    "hatch.color": TONES["muted"],
    "hatch.linewidth": 0.8,
}


@contextmanager
def canvas(
    size: Size, left: float = 8, right: float = 8, top: float = 12, bottom: float = 40, rows: Sequence[float] = (1,)
) -> Iterator[tuple[Figure, list[Axes]]]:
    """A figure of ``size`` with margins in pixels, and one axes per share of the height in ``rows``."""
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # the browser has it: text stays text
        figure = Figure(figsize=(size.width / 72, size.height / 72), dpi=72)
        grid = figure.add_gridspec(
            len(rows), 1, height_ratios=rows, hspace=0.28,
            left=left / size.width, right=1 - right / size.width,
            top=1 - top / size.height, bottom=bottom / size.height,
        )  # fmt: skip
        made = [figure.add_subplot(grid[n]) for n in range(len(rows))]
        for axes in made:
            axes.set(xlabel=" ", ylabel=" ")  # seaborn asks each tick before it names an axis that has no name
        yield figure, made


class Mark(NamedTuple):
    """What a mark says when it is pointed at, and what it filters when pressed (nothing if empty)."""

    tip: str
    key: str = ""


def svg(figure: Figure, alt: str, marks: Mapping[str, Mark]) -> str:
    """The figure as SVG text: colours as CSS variables, marks with their words, ``alt`` for who cannot see it.

    Must be called within :func:`canvas`, whose settings the writer reads.
    """
    for axes in figure.axes:
        axes.set(xlabel=axes.get_xlabel().strip(), ylabel=axes.get_ylabel().strip())
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"#0a0b[0-9a-f]{2}", lambda found: _BY_CODE[found[0]], text)
    text = re.sub(r" font-family: [^;\"]*;", "", text)
    text = re.sub(r' transform="rotate\(-0 [^"]*"', "", text)
    text = _open_tag(text, alt, any(mark.key for mark in marks.values()))
    return _name_marks(text, marks).strip()


def _open_tag(text: str, alt: str, pressable: bool) -> str:
    box = "".join(re.findall(r'viewBox="([^"]*)"', text)[:1])
    role = "group" if pressable else "img"
    most = float(box.split()[2]) * 1.15  # letters must not grow much larger than the page's
    opening = f'<svg class="ck-svg" viewBox="{box}" role="{role}" aria-label="{html.escape(alt)}" style="max-width:{most:.0f}px">'
    return opening + re.sub(r"^<svg[^>]*>", "", text, count=1)


def _name_marks(text: str, marks: Mapping[str, Mark]) -> str:
    """Marks get their words; every other id of a group goes, for ids are unique in a page.

    The points of a line are one group called ``line-<name>``, the cells of a matrix one called ``cells-<name>``: they
    are the marks ``<name>0``, ``<name>1``...
    """
    for group, shape in (("line", "use"), ("cells", "path")):
        text = re.sub(
            rf'<g id="{group}-([^"]*)">(.*?)</g>',
            lambda found, shape=shape: _points(found[1], found[2], shape, marks),  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
    text = re.sub(r'<g id="([^"]*)">', lambda found: _opening(marks.get(found[1])), text)
    return re.sub(r' id="[a-zA-Z0-9]+_\d+"', "", text)


def _points(name: str, points: str, shape: str, marks: Mapping[str, Mark]) -> str:
    """Each point of a line, or cell, in a group of its own; those drawn are those with words, in order."""
    waiting = iter([mark for key, mark in marks.items() if re.fullmatch(rf"{name}\d+", key) and mark.tip])
    named = re.sub(rf"<{shape} [^>]*/>", lambda found: f"{_opening(next(waiting, None))}{found[0]}</g>", points)
    return f"<g>{named}</g>"


def _opening(mark: Mark | None) -> str:
    if mark is None:
        return "<g>"
    tip, key = html.escape(mark.tip), html.escape(mark.key)
    words = f'class="ck-mark" data-tip="{tip}"'
    if key:
        words += f' data-key="{key}" tabindex="0" role="button" aria-label="{tip}"'
    return f"<g {words}><title>{tip}</title>"


def bare(axes: Axes, baseline: bool = True) -> None:
    """No frame, no grid, no axis: values are written on the marks, and names by :func:`name_columns` or :func:`name_rows`."""
    axes.set(xlabel="", ylabel="", xticks=[], yticks=[])
    axes.spines["bottom"].set_visible(baseline)


def name_columns(axes: Axes, labels: Sequence[str], places: Sequence[int] = ()) -> None:
    """Labels under the axis, those at ``places`` or all. Ticks would be five things each, of which one is seen."""
    at, va, ha = axes.get_xaxis_text1_transform(3.5)
    for place in places or range(len(labels)):
        axes.text(place, 0, plain(labels[place]), transform=at, va=va, ha=ha, fontsize=11, color=TONES["muted"])


def name_rows(axes: Axes, labels: Sequence[str]) -> None:
    """Labels left of the axis, from the first one down; each of two lines is set from the right by itself.

    As one text, Matplotlib would place the lines by its own font's widths.
    """
    at, va, ha = axes.get_yaxis_text1_transform(6)
    for place, label in enumerate(labels):
        lines = label.split("\n")
        for line, up in zip(lines, (7, -7) if len(lines) > 1 else (0,), strict=False):
            moved = at + ScaledTranslation(0, up / 72, axes.figure.dpi_scale_trans) if up else at
            axes.text(0, place, plain(line), transform=moved, va="center" if up else va, ha=ha, color=TONES["ink"])


def shorten(label: str, length: int) -> str:
    """The label, cut with an ellipsis beyond ``length`` characters; lines become one.

    >>> shorten("Établissements Lefebvre et Fils", 14)
    'Établissement…'
    """
    label = " ".join(str(label).split())
    return label if len(label) <= length else label[: length - 1].rstrip() + "…"


def plain(label: str) -> str:
    """The label without Matplotlib's own signs: two dollars would make a formula.

    >>> len(plain("$ & $")) - len("$ & $")
    2
    """
    return str(label).replace("$", r"\$")
