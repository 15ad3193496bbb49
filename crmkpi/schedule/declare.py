"""``schedules.toml``: what, for whom, when, where to, which recipients. Below it: crmkpi.report, crmkpi.deliver.

Paths are from the folder of the file. A key that does not exist, or a value of another kind, is refused with the key that
was meant, before anything is done.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmkpi.dashboard.context import notebooks_folder
from crmkpi.deliver import Alert, Mail, Target, alert_of, mail_of, target_of
from crmkpi.errors import DataError, UsageError, unknown
from crmkpi.report import FORMATS, Order
from crmkpi.report.plan import PLACES, WHOLE
from crmkpi.schedule.when import When, when

NAME = "schedules.toml"
# The keys of a schedule and what kind of value each has; lists are of texts.
_KEYS: dict[str, type] = {
    "when": str, "data": str, "to": str, "for": list, "lang": list, "period": str, "as_of": str, "notebook": list,
    "notebooks": str, "format": list, "keep": int, "jobs": int, "limit": int, "url": str, "access": str, "import": dict,
    "check": dict, "recipients": dict, "alerts": list,
}  # fmt: skip
_IMPORT: dict[str, type] = dict.fromkeys(("source", "preset", "mapping", "targets", "as_of", "currency", "zone"), str)
_CHECK: dict[str, type] = {"fresh": int}
_PATHS = ("source", "mapping", "targets")
_KINDS = {str: "a text in quotes", int: "a whole number", list: "a list in brackets", dict: "a table"}


@dataclass(frozen=True)
class Schedule:
    """One schedule: its order, what is imported before (nothing: the data are taken as they are), who receives what.

    ``fresh`` is how many days old the data's own date may be; None where it does not matter. ``access`` is the file that says
    what who receives something may see; None where whoever is named may.
    """

    name: str
    when: When
    order: Order
    source: dict[str, str] = field(default_factory=dict)
    fresh: int | None = None
    recipients: tuple[Target, ...] = ()
    alerts: tuple[Alert, ...] = ()
    mail: Mail | None = None
    url: str = ""
    access: Path | None = None


def read(path: Path) -> dict[str, Schedule]:
    """The schedules of a file by name.

    Errors
    ------
    DataError when the file can not be read, UsageError for what is wrong in it.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path} does not exist; docs/schedules has one to begin with") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DataError(f"{path} can not be read: {error}") from None
    mail = _told(path.name, "mail", lambda: mail_of(said.pop("mail"))) if "mail" in said else None
    return {name: _told(path.name, name, lambda: _schedule(name, said[name], path.parent, mail)) for name in said}  # noqa: B023 - called at once


def _told(file: str, name: str, make: Any) -> Any:
    try:
        return make()
    except UsageError as error:
        raise UsageError(f"{file}, [{name}]: {error}") from None


def _schedule(name: str, said: Any, folder: Path, mail: Mail | None) -> Schedule:
    _fits(said, _KEYS, "key", needed=("when", "data", "to"))
    source, check = said.get("import", {}), said.get("check", {})
    _fits(source, _IMPORT, "key of import", needed=("source",) if source else ())
    _fits(check, _CHECK, "key of check")
    targets = tuple(target_of(whom, to) for whom, to in said.get("recipients", {}).items())
    alerts = tuple(alert_of(each) for each in said.get("alerts", []))
    if mail is None and any(each.addresses for each in (*targets, *(each.target for each in alerts))):
        raise UsageError("an address receives mail, and the file has no table [mail] with its server")
    return Schedule(
        name, when(said["when"]), _order(said, folder),
        {key: str(folder / value) if key in _PATHS else value for key, value in source.items()},
        check.get("fresh"), targets, alerts, mail, said.get("url", ""),
        folder / said["access"] if "access" in said else None,
    )  # fmt: skip


def _order(said: Mapping[str, Any], folder: Path) -> Order:
    whom = said.get("for", [WHOLE])
    pairs = tuple((dim, value) for dim, sign, value in (each.partition("=") for each in whom) if sign)
    mine = folder / said["notebooks"] if "notebooks" in said else None
    return Order(
        data=folder / said["data"], to=folder / said["to"], notebooks=notebooks_folder(mine),
        period=said.get("period"), as_of=said.get("as_of"), only=pairs, company=WHOLE in whom,
        by=tuple(_by(each) for each in whom if "=" not in each and each != WHOLE), langs=tuple(said.get("lang", ["fr"])),
        formats=tuple(said.get("format", FORMATS)), names=tuple(said.get("notebook", [])), jobs=said.get("jobs", 2),
        limit=float(said.get("limit", 300)), keep=said.get("keep", 0),
    )  # fmt: skip


def _by(name: str) -> str:
    if name not in PLACES:
        raise unknown("name in 'for'", name, (WHOLE, *PLACES, *(f"{each}=NAME" for each in PLACES)))
    return name


def _fits(said: Any, keys: Mapping[str, type], kind: str, needed: tuple[str, ...] = ()) -> None:
    if not isinstance(said, dict):
        raise UsageError(f"expected a table of keys, found {said!r}")
    for name, value in said.items():
        if name not in keys:
            raise unknown(kind, name, keys)
        if not isinstance(value, keys[name]) or isinstance(value, bool):
            raise UsageError(f"{name} is {value!r}; expected {_KINDS[keys[name]]}")
        if isinstance(value, list) and name != "alerts" and not all(isinstance(each, str) for each in value):
            raise UsageError(f"{name} is {value!r}; expected a list of texts in quotes")
    if missing := [name for name in needed if name not in said]:
        raise UsageError(f"{', '.join(missing)} is missing")
