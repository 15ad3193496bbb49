"""Thresholds: said once when they are passed, and again only when it gets worse. Below it: deliver.target, the door."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crmkpi
from crmkpi.dashboard.context import viewer_scope
from crmkpi.deliver.target import Target, target_of
from crmkpi.errors import UsageError, unknown
from crmkpi.format import is_missing, text

_KEYS: dict[str, Any] = {
    "figure": str,
    "above": (int, float),
    "below": (int, float),
    "for": str,
    "to": list,
    "worse": (int, float),
}
_SAID = {
    True: ("{title} : {value}, au-dessus de {limit}", "{title}: {value}, above {limit}"),
    False: ("{title} : {value}, en dessous de {limit}", "{title}: {value}, below {limit}"),
}


@dataclass(frozen=True)
class Alert:
    """A figure that must not be above (``high``) or below a limit; told again when it is ``worse`` by that share of the limit."""

    figure: str
    limit: float
    high: bool
    target: Target
    worse: float = 0.1

    @property
    def key(self) -> str:
        """Its name in the ledger."""
        return f"threshold {self.figure} {'above' if self.high else 'below'} {self.limit:g} for {self.target.whom}"

    def passed(self, value: float) -> bool:
        """Whether a value is beyond the limit."""
        return value > self.limit if self.high else value < self.limit

    def is_worse(self, value: float, told: float) -> bool:
        """Whether it is further beyond the limit than what was told, by enough to say it again."""
        return (value - told) * (1 if self.high else -1) > self.worse * abs(self.limit)


def alert_of(said: Any) -> Alert:
    """What a table of ``alerts`` says.

    >>> alert_of({"figure": "dso", "above": 60, "to": ["finance@example.org"]}).key
    'threshold dso above 60 for company'
    """
    if not isinstance(said, dict):
        raise UsageError(f"alerts holds {said!r}; expected tables, as in [[NAME.alerts]]")
    for name, value in said.items():
        if name not in _KEYS:
            raise unknown("key of alerts", name, _KEYS)
        if not isinstance(value, _KEYS[name]) or isinstance(value, bool):
            raise UsageError(
                f"{name} of alerts is {value!r}; expected {'a number' if name in ('above', 'below', 'worse') else 'a text'}"
            )
    if "figure" not in said or "to" not in said or ("above" in said) == ("below" in said):
        raise UsageError("an alert has a figure, recipients (to), and either above or below")
    high = "above" in said
    target = target_of(said.get("for", "company"), said["to"])
    return Alert(said["figure"], float(said["above" if high else "below"]), high, target, float(said.get("worse", 0.1)))


def value_of(asked: tuple[Path, Alert, str, str, str]) -> tuple[float | None, str]:
    """The value of an alert's figure (None: not available), and the sentence about it.

    Errors
    ------
    UsageError for a figure, or a value of a dimension, that does not exist.
    """
    data, alert, period, as_of, lang = asked
    crm = crmkpi.open(data, scope=viewer_scope())
    where = {alert.target.place: alert.target.value} if alert.target.place else {}
    found = crm.kpi(alert.figure, period=period, as_of=as_of, where=where, lang=lang)
    if found.value is None or is_missing(found.value):
        return None, ""
    shown = {key: text(each, found.figure.unit, lang, currency=crm.currency) for key, each in
             (("value", found.value), ("limit", alert.limit))}  # fmt: skip
    said = _SAID[alert.high][lang != "fr"].format(title=found.figure.title(lang), **shown)
    return float(found.value), said.replace(" :", "\u00a0:") if lang == "fr" else said
