"""What every kind of chart shares: the chart itself, sizes, short values, the months of a figure. Below it: dashboard.asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from crmkpi.calendar import DAY, Period, parse, to_date
from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.markup import Html, join, tag
from crmkpi.dashboard.state import PLACES
from crmkpi.figures import NARROW, WIDE, Size
from crmkpi.format import NOTHING, is_missing, money_axis, month_label, number_text, period_text

MOST = 9
"""How many groups a picture shows."""
LISTED = 50
"""How many of them its table has, before all the others in one row."""


@dataclass
class Chart:
    """A picture with its title, the words or the key under it, and the numbers in it.

    ``filters`` is the dimension that a mark filters by when it is pressed (``open``: the figure whose list it opens);
    ``more`` says what the picture leaves out and the table has, ``why`` why there is no picture. ``sql`` are the queries that
    made the numbers, where they are not its figure's.
    """

    title: str
    note: str | Html
    svg: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    filters: str = ""
    more: str = ""
    why: str = ""
    sql: list[str] = field(default_factory=list)


def size_of(ask: Asker) -> Size:
    """The size of a picture: a screen's, or a phone's."""
    return NARROW if ask.state.narrow else WIDE


def course_of(ask: Asker, name: str, periods: int = 13) -> pd.DataFrame:
    """The months of a figure with their labels; fewer on a phone."""
    frame = ask.trend(name, periods).reset_index(drop=True)
    frame["value"] = frame["value"].where(frame["dated"].astype(bool))  # no trend is drawn of what is not dated
    if ask.state.narrow:
        frame = frame.tail(periods // 2 + 1).reset_index(drop=True)
    days = [date_of(each) for each in frame["start"]]
    labels = [month_label(day, ask.lang, place == 0) for place, day in enumerate(days)]
    if len(frame) and date_of(frame["end"].iloc[-1]) > ask.as_of:
        labels[-1] = f"{labels[-1].partition(chr(10))[0]}\n{ask.say('running')}"
    words = [period_text(f"{day:%Y-%m}", ask.lang) for day in days]
    return frame.assign(label=labels, words=words, key=[f"{day:%Y-%m}" for day in days])


def listed(ask: Asker, frame: pd.DataFrame, amounts: Sequence[str]) -> list[dict[Any, Any]]:
    """The rows of a picture's table: the first ones, and all the others in one, so that the amounts still add up.

    A company of twenty thousand customers is not sent with each page; the figure's list has them, page by page.
    """
    rows = frame.head(LISTED).to_dict("records")
    rest = frame.iloc[LISTED:]
    if rest.empty:
        return rows
    sums = {name: rest[name].astype(float).sum(min_count=1) for name in amounts}
    return [*rows, dict.fromkeys(frame.columns) | {"label": others(ask, len(rest))} | sums]


def others(ask: Asker, count: int) -> str:
    """How many groups a picture or its table has in one."""
    return ask.say("others_parts_1") if count == 1 else ask.say("others_parts_n", n=count)


def is_drawn(values: pd.Series) -> bool:
    """Whether there is anything to draw: zeros beside gaps say nothing."""
    return bool(values.fillna(0).ne(0).any() or values.notna().all())


def date_of(value: Any) -> date:
    """A moment of a frame as a day."""
    return pd.Timestamp(value).date()


def short(ask: Asker, values: pd.Series, unit: str, digits: int = 0) -> tuple[list[str], str]:
    """Values short enough to stand on a column, with ``digits`` decimals at least, and the unit to say once."""
    if unit != "money":
        return [ask.text(value, unit) for value in values], ""
    top = float(values.abs().max() or 0)
    size, sign = money_axis(top, ask.lang, ask.crm.currency)
    places = 0 if size == 1 or top / size >= 100 else 1 if top / size >= 10 else 2
    return [
        "" if is_missing(value) else number_text(value / size, ask.lang, max(places, digits if size > 1 else 0))
        for value in values
    ], sign


def whole_months(ask: Asker, months: int) -> Period:
    """The last whole months at the day that the period ends, or that the page is seen at."""
    end = (min(to_date(ask.period, ask.as_of), ask.as_of + DAY)).replace(day=1)
    number = end.year * 12 + end.month - 1 - months
    return parse(f"{date(number // 12, number % 12 + 1, 1)}/{end}")


def tone_of(attainment: Any) -> str:
    """Behind its target, or not; what has none is not behind."""
    return "main" if is_missing(attainment) or float(attainment) >= 1 else "behind"


def month_tip(ask: Asker, row: dict[Any, Any], unit: str) -> str:
    """The words of a month: its value, and how much of the target that is."""
    said = f"{row['words']}\u00a0: {ask.text(row['value'], unit)}"
    if is_missing(row.get("attainment")):
        return said
    return f"{said}, {ask.say('of_target', share=ask.text(row['attainment'], 'share'))}"


def alt_of(title: str, frame: pd.DataFrame) -> str:
    """The title and the marks in words: what the picture says, for those who cannot see it."""
    return f"{title}. " + "; ".join(str(tip) for tip in frame["tip"].tolist()[:16])


def ranked_width(ask: Asker, wide: bool = False) -> int:
    """The width of bars that lie on their side."""
    return 340 if ask.state.narrow else 640 if wide else 480


def key_of(parts: Sequence[tuple[str, str]]) -> Html:
    """What the tones of a picture mean."""
    return join(
        [tag("span", tag("span", class_=f"ck-key ck-key-{tone}"), words, class_="ck-keyed") for tone, words in parts]
    )


def shared_of(titles: Sequence[str]) -> tuple[str, list[str]]:
    """What titles have in common before their colon, and what is each one's own, with a capital.

    >>> shared_of(["Quality: validity", "Quality: freshness"])
    ('Quality', ['Validity', 'Freshness'])
    """
    own = [title.rpartition(":")[2].strip() for title in titles]
    return titles[0].partition(":")[0].strip(), [each[:1].upper() + each[1:] for each in own]


def keys_of(frame: pd.DataFrame, by: str) -> pd.Series:
    """What each group filters by when it is pressed: a place or a customer by id, any other by its words."""
    ids = frame[f"{by}_id"]
    known = ids if by in (*PLACES, "customer") else frame[by]
    return known.where(ids.notna(), "" if by in PLACES else NOTHING).fillna("").astype(str)
