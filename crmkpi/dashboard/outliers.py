"""Who stands out among the groups of a figure: one rule for the words and for the colours. Below it: nothing of crmkpi.

A group that differs from the others as it always has, or no more than chance would have it, does not stand out.
"""

from __future__ import annotations

from typing import Any

import pandas as pd


def apart(frame: pd.DataFrame, figure: Any) -> pd.Series:
    """Groups whose rate is worse than the others' median by a fifth of it, and by four times their spread.

    A rate of hits must also be further from it than chance goes (three standard deviations).
    """
    values, counts = frame["value"].astype(float) * (1 if figure.better == "up" else -1), frame["n"].astype(float)
    found = [_is_apart(values, place, count, figure) for place, count in counts.items()]
    return pd.Series(found, index=values.index, dtype=bool)


def _is_apart(values: pd.Series, place: Any, count: float, figure: Any) -> bool:
    others = values.drop(place)
    middle, spread = others.median(), (others - others.median()).abs().median()
    share = min(max(abs(middle), 0.01), 0.99)
    chance = 3 * (share * (1 - share) / count) ** 0.5 if figure.unit == "rate" else 0.0
    return bool(middle - values[place] > max(0.2 * abs(middle), 4 * spread, chance))


def drifting(frame: pd.DataFrame, whole: float, figure: Any) -> pd.Series:
    """Groups that are clearly worse on a rate than all together, and than themselves a year before."""
    sign = 1 if figure.better == "down" else -1
    value, before = frame["value"].astype(float), frame["last_year"].astype(float)
    return (sign * (value - whole) > 0.2 * abs(whole)) & (sign * (value - before) > 0.35 * before.abs())


def enough(frame: pd.DataFrame, settings: Any) -> pd.Series:
    """Groups of which there is enough to be judged."""
    return frame["n"].astype(float) >= int(settings.get("small_n", 5))
