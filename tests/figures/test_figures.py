"""Pictures: well-formed SVG, marks with their words, no colour of its own, the same bytes for the same frame."""

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from crmkpi.figures import NARROW, WIDE, columns, guard, lines, meter, ranked, sparkline

MONTHS = 13


def bars(**more):
    frame = pd.DataFrame({"label": [f"m{n}" for n in range(MONTHS)], "value": [float(n) for n in range(MONTHS)]})
    return frame.assign(
        shown=[str(n) for n in range(MONTHS)],
        tone="main",
        tip=[f"mois {n}" for n in range(MONTHS)],
        key=frame["label"],
        **more,
    )


def course():
    frame = pd.DataFrame({"label": ["a", "b", "c"], "mean": [1.0, None, 3.0], "median": [1.0, 2.0, 2.0]})
    for name in ("mean", "median"):
        frame[f"{name}_tip"] = [f"{name} {label}" for label in frame["label"]]
        frame[f"{name}_shown"] = frame[name].astype(str)
    return frame


def pictures(frame, size):
    rate = pd.DataFrame({"label": frame["label"], "value": 0.2, "shown": "20 %", "tip": "marge 20 %"})
    return {
        "columns": columns(
            frame.assign(target=5.0, outer=[None] * 12 + [20.0]), "alt", size, ("objectif\n5", "atterrissage\n20")
        ),
        "ranked": ranked(
            frame.assign(value=frame["value"].where(frame["value"] > 0)), "alt", 400, 1.0, "100 %", cap=8.0
        ),
        "lines": lines(course(), {"mean": "Moyenne", "median": "Médiane"}, "alt", size),
        "guard": guard(frame, rate, ("Nombre", "Taux"), "alt", size),
    }


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_pictures_are_svg_that_takes_its_colours_from_the_page(size):
    for name, picture in pictures(bars(), size).items():
        ET.fromstring(picture.replace("xlink:href", "href"))
        assert 'aria-label="alt"' in picture, name
        assert not re.search(r"(fill|stroke): #(?!000000)", picture), name
        assert "var(--ck-" in picture
        assert "font-family" not in picture
        assert not re.search(r' id="\w+_\d+"', picture), name


def test_the_same_frame_gives_the_same_bytes():
    assert pictures(bars(), WIDE) == pictures(bars(), WIDE)


def test_each_mark_says_its_value_and_can_be_pressed():
    picture = columns(bars(), "alt")
    marks = re.findall(r'<g class="ck-mark" data-tip="([^"]*)" data-key="([^"]*)" tabindex="0" role="button"', picture)
    assert marks == [(f"mois {n}", f"m{n}") for n in range(MONTHS)]
    assert "<title>mois 3</title>" in picture


def test_points_of_a_line_that_have_no_value_have_no_mark():
    picture = lines(course(), {"mean": "Moyenne", "median": "Médiane"}, "alt")
    assert re.findall(r'data-tip="(mean [^"]*)"', picture) == ["mean a", "mean c"]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img onerror=x>', "$x$ & $y_2$", "مرحبا", "🚀" * 20, "x" * 300]
)
def test_hostile_names_stay_text(name):
    frame = bars().head(3).assign(label=name, tip=name, key=name)
    for picture in (columns(frame, name), ranked(frame, name)):
        root = ET.fromstring(picture.replace("xlink:href", "href"))
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "img"}
        assert {element.get("data-key") for element in root.iter()} >= {name}


def test_odd_values_are_drawn():
    for values in ([0.0, 0.0, 0.0], [-3.0, 2.0, 1.0], [None, None, None], [1e12, 1.0, 0.001]):
        frame = bars().head(3).assign(value=values)
        assert columns(frame, "alt").startswith("<svg")
        assert ranked(frame, "alt").startswith("<svg")


def test_a_sparkline_has_gaps_and_needs_two_points():
    assert sparkline([None, 3.0], "x") == ""
    assert sparkline([1.0, 2.0, None, 4.0, 5.0], "x").count("<polyline") == 2


def test_a_meter_is_never_longer_than_its_place():
    assert "width:100.0%" in meter(3.2)
    assert "width:0.0%" in meter(-1)
    assert meter(float("nan")) == ""


def test_every_tone_of_a_key_has_its_colour(root):
    """A key whose tone has no colour of its own would show the first one's."""
    css = (root / "crmkpi" / "dashboard" / "static" / "page.css").read_text(encoding="utf-8")
    told = (root / "crmkpi" / "dashboard" / "charts").glob("*.py")
    used = {
        tone
        for path in told
        for tone in re.findall(
            r'"(main|soft|behind|bad|second|none|alarm|warn|tint|tick)"', path.read_text(encoding="utf-8")
        )
    }
    assert {tone for tone in used - {"main"} if f".ck-key-{tone} " not in css} == set()
    assert used


def written(picture):
    """The words on a picture, and where each begins or ends."""
    return {words: float(x) for x, words in re.findall(r'<text[^>]* x="([\d.]+)"[^>]*>([^<]+)</text>', picture)}


def test_a_long_label_stands_on_two_lines_where_rows_are_high():
    few = bars().head(3).assign(label=["older than the usual time to sign", "short", "x" * 60])
    said = written(ranked(few, "alt"))
    assert said["older than the usual"] == said["time to sign"] == said["short"], "all end at the bars"
    assert any(line.endswith("…") for line in said), "what two lines do not hold is cut"
    assert "older than the usual ti…" in written(
        ranked(bars().assign(label="older than the usual time to sign"), "alt")
    )


@pytest.mark.parametrize(("value", "before"), [(1.05, True), (1.9, False)])
def test_a_value_in_its_bar_is_not_crossed_by_the_line(value, before):
    picture = ranked(bars().head(2).assign(value=[value, 0.5], shown=["over", "half"]), "alt", 400, 1.0, "100 %")
    line = float(re.search(r"M ([\d.]+) [\d.]+ *\nL \1 [\d.]+ *\n\"[^>]*dasharray", picture)[1])
    at = written(picture)["over"]
    assert at < line if before else at > line + 60


def test_a_rate_is_written_where_its_line_does_not_pass():
    """Above its point; below it where the line comes down and goes up again."""
    labels = ["a", "b", "c", "d"]
    frame = pd.DataFrame({"label": labels, "value": 5.0, "shown": "5", "tip": "", "tone": "main"})
    rate = pd.DataFrame({"label": labels, "value": [0.3, 0.1, 0.4, 0.2], "shown": ["30", "10", "40", "20"], "tip": ""})
    text = guard(frame, rate, ("Nombre", "Taux"), "alt")
    points = [float(y) for y in re.findall(r'<use [^>]* y="([\d.]+)"', text)]
    words = [float(re.findall(rf'y="([\d.]+)">{shown}<', text)[0]) for shown in rate["shown"]]
    assert [word > point for word, point in zip(words, points, strict=True)] == [False, True, False, True]
