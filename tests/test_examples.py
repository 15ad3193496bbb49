"""The golden examples in the figures' headers: each is asked of data/demo as a folder, a few as frames, too.

``-- example: AS_OF PERIOD [dimension=value ...] [$setting=value ...] -> VALUE [column=value ...] [| note]``

A value is a number, ``none`` or a word; numbers agree to 6 decimals. Three columns are no columns of the answer:
``because=CODE`` (the reason has the words of a code), ``alert=SEVERITY:REASON:ACTION`` (the alerts of the rows
behind the number, ``none`` for none) and ``groups=SEVERITY:DIMENSION:ID`` (the alerts of groups). The data and its sums:
data/demo/README.md, and for a family with a golden company of its own (or a figure that names one:
``-- company: NAME``) tests/companies/.
"""

import functools
import math
import re
import shlex
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from frames import open_both

from crmkpi.calendar import parse
from crmkpi.indicators import Library
from crmkpi.indicators.header import parse_value

FIGURES = Library().figures
EXAMPLES = [("folder", figure.name, text) for figure in FIGURES.values() for text in figure.examples]
# tests/contract/test_engines.py compares the two for every figure; make mutate asks the frames all of them
EXAMPLES += [("frames", figure.name, text) for figure in FIGURES.values() for text in figure.examples[:2]]


@dataclass
class Example:
    """A question and the values expected, ``value`` and columns of the answer."""

    as_of: str
    period: str
    where: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    expected: dict = field(default_factory=dict)


def read(text):
    """The example in a header line."""
    asked, _, answer = text.partition(" | ")[0].partition(" -> ")
    as_of, period, *places = shlex.split(asked)
    value, *columns = shlex.split(answer)
    assert parse(period)
    example = Example(as_of, period, expected={"value": one(value)})
    for name, _, given in (place.partition("=") for place in places):
        if name.startswith("$"):
            example.settings[name[1:]] = parse_value(given)
        else:
            example.where.setdefault(name, []).append(given)
    example.expected |= {name: one(given) for name, _, given in (column.partition("=") for column in columns)}
    return example


def one(text):
    """A value as written: a number, None, or a word."""
    try:
        return None if text == "none" else float(text)
    except ValueError:
        return text


def differences(crm, name, text):
    """What the example and the answer do not agree on: column, expected, found."""
    example = read(text)
    question = {
        "as_of": example.as_of, "period": example.period, "where": example.where, "settings": example.settings,
    }  # fmt: skip
    row = dict(crm.kpi(name, compare=["previous", "last_year", "target"], **question).row)
    if "because" in example.expected:
        row["because"] = because(crm, name, example.expected["because"], row["reason"])
    if "alert" in example.expected:
        row["alert"] = alert(crm, name, question)
    if "groups" in example.expected:
        row["groups"] = groups(crm, name, question)
    return [
        (column, wanted, row[column]) for column, wanted in example.expected.items() if not same(wanted, row[column])
    ]


def because(crm, name, code, reason):
    """The code if the reason has its words (whatever the numbers in them), else the reason."""
    words = crm.base.words(crm.figures[name], code)
    pattern = re.escape(words).replace(re.escape("{n}"), r"\d+").replace(re.escape("{coverage}"), r"[\d,.]+ %")
    return code if re.search(pattern.replace(re.escape("[s]"), "s?"), reason) else reason


def alert(crm, name, question):
    """The alerts of the rows behind a number, as codes."""
    codes = {crm.base.words(crm.figures[name], code): code for code in crm.figures[name].words}
    rows = crm.facts(name, **question)
    rows = rows[rows["severity"].notna()]
    found = {
        f"{severity}:{codes[reason]}:{codes[action]}"
        for severity, reason, action in zip(rows["severity"], rows["alert_reason"], rows["action"], strict=True)
    }
    return ",".join(sorted(found)) or None


def groups(crm, name, question):
    """The alerts of groups of a figure: severity, dimension and id of each."""
    rows = crm.alerts([name], **question)
    rows = rows[rows["kind"] == "group"]
    parts = zip(rows["severity"], rows["dimension"], rows["who_id"], strict=True)
    return (
        ",".join(
            sorted(
                f"{severity}:{dimension}:{who if isinstance(who, str) else ''}" for severity, dimension, who in parts
            )
        )
        or None
    )


def same(wanted, found):
    if isinstance(wanted, float) and isinstance(found, int | float):
        return math.isclose(wanted, found, rel_tol=0, abs_tol=1.0e-6)
    return found == wanted


@pytest.fixture(scope="session")
def opened(companies):
    """A golden company as a folder or as frames, opened once."""
    return functools.cache(lambda name, kind: open_both(companies(name), kind))


@pytest.mark.parametrize(
    ("kind", "name", "text"), EXAMPLES, ids=[f"{kind}-{name}: {text}" for kind, name, text in EXAMPLES]
)
def test_example(opened, kind, name, text):
    figure = FIGURES[name]
    assert differences(opened(figure.company or figure.family, kind), name, text) == []


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_examples_and_one_without_a_value(name):
    values = [read(text).expected["value"] for text in FIGURES[name].examples]
    assert len(values) >= 4, "one example per branch of the SELECT"
    assert any(isinstance(value, float) for value in values)


def test_a_wrong_example_is_noticed():
    crm = SimpleNamespace(kpi=lambda *_, **__: SimpleNamespace(row={"value": 0.16, "target": None, "status": "ok"}))
    asked = "2026-10-15 2026-10 ->"
    assert differences(crm, "any", f"{asked} 0.16") == []
    assert differences(crm, "any", f"{asked} 0.160002") == [("value", 0.160002, 0.16)]
    assert differences(crm, "any", f"{asked} none") == [("value", None, 0.16)]
    assert differences(crm, "any", f"{asked} 0.16 target=0") == [("target", 0.0, None)]  # none is not zero
    assert differences(crm, "any", f"{asked} 0.16 status=partial") == [("status", "partial", "ok")]
    with pytest.raises(KeyError):
        differences(crm, "any", f"{asked} 0.16 statsu=ok")


def test_the_parts_of_an_example():
    example = read("2026-10-15 FY2026-Q1 team='Grand Sud' team= $margin_floor=-100 -> none status=unavailable | why")
    assert (example.as_of, example.period) == ("2026-10-15", "FY2026-Q1")
    assert (example.where, example.settings) == ({"team": ["Grand Sud", ""]}, {"margin_floor": -100})
    assert example.expected == {"value": None, "status": "unavailable"}
