"""The times of a schedule: in words in the file, in the ways of cron and systemd for what calls it. Below it: crmkpi.errors."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crmkpi.errors import UsageError

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"(?P<day>\S+) (?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)")
_MONTHLY = re.compile(r"month-(0[1-9]|1\d|2[0-8])")


@dataclass(frozen=True)
class When:
    """A time of the week, of the working week, of every day, or of the month."""

    day: str
    hour: int
    minute: int

    @property
    def cron(self) -> str:
        """As the five fields of cron.

        >>> when("monday 07:00").cron, when("workdays 06:30").cron, when("month-02 07:00").cron, when("daily 18:05").cron
        ('0 7 * * 1', '30 6 * * 1-5', '0 7 2 * *', '5 18 * * *')
        """
        monthly = int(self.day[-2:]) if self.day.startswith("month-") else "*"
        days = {"workdays": "1-5"} | {name: str(number) for number, name in enumerate(DAYS, 1)}
        return f"{self.minute} {self.hour} {monthly} * {days.get(self.day, '*')}"

    @property
    def systemd(self) -> str:
        """As the OnCalendar of a systemd timer.

        >>> when("monday 07:00").systemd, when("workdays 06:30").systemd, when("month-02 07:00").systemd, when("daily 18:05").systemd
        ('Mon *-*-* 07:00:00', 'Mon..Fri *-*-* 06:30:00', '*-*-02 07:00:00', '*-*-* 18:05:00')
        """
        time = f"{self.hour:02}:{self.minute:02}:00"
        if self.day.startswith("month-"):
            return f"*-*-{self.day[-2:]} {time}"
        days = {"workdays": "Mon..Fri "} | {name: f"{name[:3].title()} " for name in DAYS}
        return f"{days.get(self.day, '')}*-*-* {time}"


def when(text: str) -> When:
    """What a schedule says of its time; UsageError if it is none.

    >>> when("mondays 7:00")
    Traceback (most recent call last):
    crmkpi.errors.UsageError: when is 'mondays 7:00'; expected a day and a time such as 'monday 07:00', ...
    """
    found = _TIME.fullmatch(text.strip().lower())
    if found and (found["day"] in (*DAYS, "daily", "workdays") or _MONTHLY.fullmatch(found["day"])):
        return When(found["day"], int(found["hour"]), int(found["minute"]))
    raise UsageError(
        f"when is {text!r}; expected a day and a time such as 'monday 07:00', 'workdays 06:30', 'daily 18:00' or "
        "'month-02 07:00' (the second of each month; up to 28)"
    )
