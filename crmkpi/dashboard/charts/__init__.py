"""Charts by kind: each asks figures, makes the frame that a picture draws, and a table of the same numbers.

A kind is a function ``(ask, name, ...) -> Chart``; :data:`KINDS` is the closed list that a notebook
chooses from. Below it: :mod:`crmkpi.dashboard.asking`, :mod:`crmkpi.figures`.
"""

from collections.abc import Callable

from crmkpi.dashboard.charts.base import Chart
from crmkpi.dashboard.charts.card import card
from crmkpi.dashboard.charts.groups import attainment, groups
from crmkpi.dashboard.charts.heat import cohorts, matrix, recalled
from crmkpi.dashboard.charts.months import course, guarded, months, spread
from crmkpi.dashboard.charts.shares import split, states
from crmkpi.dashboard.charts.steps import beside, bullets, gap, moves, weeks

KINDS: dict[str, Callable[..., Chart]] = {
    "months": months, "attainment": attainment, "guarded": guarded, "spread": spread, "groups": groups,
    "split": split, "states": states, "matrix": matrix, "cohorts": cohorts,
    "gap": gap, "bullets": bullets, "weeks": weeks, "beside": beside,
    "moves": moves, "course": course, "recalled": recalled,
}  # fmt: skip

FIGURES = ("landing", "tick", "weighted")
"""The options of a kind that name another figure to be seen in the picture."""

__all__ = ["FIGURES", "KINDS", "Chart", "card"]
