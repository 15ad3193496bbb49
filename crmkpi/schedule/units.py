"""What calls a schedule at its time: a line for cron, a timer and a service for systemd, a workflow for GitHub Actions.

They are printed, to be put in place by the one who may: nothing is installed here. Below it: schedule.declare.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from crmkpi.errors import unknown
from crmkpi.schedule.declare import Schedule

KINDS = ("cron", "systemd", "github")
# systemd reads % and $ in a command line, cron %.
_CRON = {"%": r"\%"}
_SYSTEMD = {"%": "%%", "$": "$$"}


def unit_of(schedule: Schedule, file: Path, kind: str, program: str = "") -> str:
    """The unit that calls a schedule of a file; ``program`` is the crmkpi to call (this one)."""
    if kind not in KINDS:
        raise unknown("kind of unit", kind, KINDS)
    called = [program or str(Path(sys.executable).with_name("crmkpi")), "run", "--schedule", schedule.name,
              "--schedules", str(file)]  # fmt: skip
    return {"cron": _cron, "systemd": _systemd, "github": _github}[kind](schedule, called, str(file.parent))


def _cron(schedule: Schedule, called: list[str], folder: str) -> str:
    command = _escaped(f"cd {shlex.quote(folder)} && {shlex.join(called)}", _CRON)
    return f"# crmkpi: {schedule.name} (what goes wrong is mailed by cron to MAILTO)\n{schedule.when.cron} {command}\n"


def _systemd(schedule: Schedule, called: list[str], folder: str) -> str:
    command = " ".join(_escaped(_quoted(word), _SYSTEMD) for word in called)
    return f"""# ---- crmkpi-{schedule.name}.service
[Unit]
Description=crmkpi reports: {schedule.name}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_escaped(folder, _SYSTEMD)}
ExecStart={command}
# Secrets such as the mail password, readable by this service only: NAME=value lines, mode 0600.
EnvironmentFile=-/etc/crmkpi/secrets.env
Nice=10

# ---- crmkpi-{schedule.name}.timer
[Unit]
Description=crmkpi reports: {schedule.name}

[Timer]
OnCalendar={schedule.when.systemd}
# A machine that was off at that time catches up when it is on again.
Persistent=true

[Install]
WantedBy=timers.target
"""


def _github(schedule: Schedule, called: list[str], _folder: str) -> str:
    names = [each.removeprefix("env:") for each in _secrets(schedule) if each.startswith("env:")]
    secrets = "".join(f"      {name}: ${{{{ secrets.{name} }}}}\n" for name in names)
    secrets = f"    env:\n{secrets}" if secrets else ""
    to, kept = schedule.order.to.name, f"crmkpi-{schedule.name}-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}"
    command = shlex.join(["crmkpi", *called[1:-1], Path(called[-1]).name])
    return f"""# .github/workflows/crmkpi-{schedule.name}.yml
name: crmkpi reports, {schedule.name}
on:
  schedule:
    - cron: "{schedule.when.cron}"  # in UTC
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: crmkpi-{schedule.name}
jobs:
  reports:
    runs-on: ubuntu-latest
{secrets}    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      # What was sent and written stays known from one run to the next, also after one that failed: nothing is sent twice.
      - uses: actions/cache/restore@v4
        with:
          path: {to}
          key: {kept}
          restore-keys: crmkpi-{schedule.name}-
      - run: python -m pip install 'crmkpi[notebooks,deliver]'
      - run: {command}
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: {to}
          key: {kept}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: reports
          path: {to}
"""


def _secrets(schedule: Schedule) -> list[str]:
    """Where the secrets of a schedule are, each once."""
    targets = (*schedule.recipients, *(each.target for each in schedule.alerts))
    mail = [schedule.mail.password] if schedule.mail and schedule.mail.password else []
    return list(dict.fromkeys([*mail, *(hook for target in targets for hook in target.hooks)]))


def _quoted(word: str) -> str:
    return (
        word
        if word.isascii() and not set(word) & set(" \"'\\;")
        else '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


def _escaped(text: str, marks: dict[str, str]) -> str:
    for mark, written in marks.items():
        text = text.replace(mark, written)
    return text
