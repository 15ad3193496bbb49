"""The units in docs/schedules, made again: ``python tests/report/write_units.py``; tests/report/test_schedule.py compares them."""

from pathlib import Path

from crmkpi.schedule import read, unit_of

DOCS = Path(__file__).parents[2] / "docs" / "schedules"
FILES = {"cron": "weekly.cron", "systemd": "weekly.systemd", "github": "weekly.github.yml"}


def unit(kind):
    schedule = read(DOCS / "schedules.toml")["weekly"]
    return unit_of(schedule, Path("/srv/crmkpi/schedules.toml"), kind, "/srv/crmkpi/.venv/bin/crmkpi")


if __name__ == "__main__":
    for kind, name in FILES.items():
        (DOCS / name).write_text(unit(kind), encoding="utf-8")
