"""The access file: who may see what, in TOML. Below it: :mod:`crmkpi.access.scope`.

    [groups.management]
    company = true

    [people."anna@firm.example"]
    team = ["Sud"]

    [people.paul]
    rep = "u7"
    groups = ["management"]

Somebody sees what their own entry and those of their groups admit; who has no entry and no group sees nothing. Groups
are those that the entry names, and those that the proxy that signed them in says.
"""

from __future__ import annotations

import difflib
import hashlib
import hmac
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmkpi.access.scope import COMPANY, NOTHING, PLACES, Scope
from crmkpi.errors import DataError

_SECTIONS = ("people", "groups", "tokens")
_RULES = ("company", *PLACES)
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Access:
    """Who may see what. Names of people and groups are the same in capitals and small letters."""

    people: Mapping[str, Scope] = field(default_factory=dict)
    groups: Mapping[str, Scope] = field(default_factory=dict)
    member_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)

    def scope(self, who: str, groups: Iterable[str] = ()) -> Scope:
        """What somebody may see, of themselves and as a member of groups.

        >>> access = Access(people={"anna": Scope(team=("Sud",))}, groups={"all": COMPANY})
        >>> access.scope("Anna").key, access.scope("bob").key, access.scope("bob", ["all"]).key, access.scope("").key
        ('{"team": ["Sud"]}', 'nothing', 'company', 'nothing')
        """
        name = who.casefold()
        if not name:
            return NOTHING
        found = self.people.get(name, NOTHING)
        for group in {*map(str.casefold, groups), *self.member_of.get(name, ())}:
            found |= self.groups.get(group, NOTHING)
        return found

    def who(self, token: str) -> str:
        """Whose token it is; nobody's: an empty text. Every token is compared, in a time that does not tell which."""
        digest, found = digest_of(token), ""
        for name, other in self.tokens.items():
            if hmac.compare_digest(digest, other):
                found = name
        return found if token else ""

    @property
    def scopes(self) -> list[Scope]:
        """Every scope that somebody may have, each once (but for unions that only a proxy's groups make)."""
        found = [self.scope(name) for name in {*self.people, *self.member_of}] + list(self.groups.values())
        return list({each.key: each for each in found if not each.nothing}.values())


def digest_of(token: str) -> str:
    """What the access file keeps of a token, from which the token can not be told."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_access(path: str | Path) -> Access:
    """The access file at ``path``; DataError, with what to write, if anything in it is not understood."""
    file = Path(path)
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"there is no access file {file}; docs/access.md has one to start from") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"the access file {file.name} is not valid TOML: {error}") from error
    try:
        return _read(given)
    except DataError as error:
        raise DataError(f"{file.name}: {error}") from None


def _read(given: dict[str, Any]) -> Access:
    _known(given, _SECTIONS, "section")
    people, groups, tokens = (_table(given, name) for name in _SECTIONS)
    held = {name: _scope(f"groups.{name}", rules, _RULES) for name, rules in groups.items()}
    members = {}
    for name, rules in people.items():
        members[name] = tuple(each.casefold() for each in _names(f"people.{name}", "groups", rules.get("groups", [])))
        for group in members[name]:
            _known([group], list(groups), f"people.{name}: group")
    own = {name: _scope(f"people.{name}", rules, (*_RULES, "groups")) for name, rules in people.items()}
    for name, digest in tokens.items():
        if not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
            raise DataError(f"tokens.{name}: expected what 'crmkpi token {name}' prints, 64 letters and digits")
    return Access(own, held, members, tokens)


def _table(given: dict[str, Any], section: str) -> dict[str, Any]:
    """A section by casefolded names; DataError for what is no section, and for a name that is there twice."""
    found = given.get(section, {})
    if not isinstance(found, dict):
        raise DataError(f"{section}: expected a section [{section}], found {found!r}")
    folded: dict[str, Any] = {}
    for name, rules in found.items():
        if name.casefold() in folded or not name.strip():
            raise DataError(f"{section}: {name!r} is there twice (capitals do not count), or is empty")
        if section != "tokens" and not isinstance(rules, dict):
            raise DataError(f'{section}.{name}: expected rules such as team = ["Sud"], found {rules!r}')
        folded[name.casefold()] = rules
    return folded


def _scope(where: str, rules: dict[str, Any], known: Iterable[str]) -> Scope:
    _known(rules, known, f"{where}: rule")
    company = rules.get("company", False)
    if not isinstance(company, bool):
        raise DataError(f"{where}: company is true or false, not {company!r}")
    if company:
        return COMPANY
    named: dict[str, Any] = {place: _names(where, place, rules[place]) for place in PLACES if place in rules}
    return Scope(**named)


def _names(where: str, rule: str, given: Any) -> tuple[str, ...]:
    """One name, or several in a list."""
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not all(isinstance(each, str) and each.strip() for each in names):
        raise DataError(f'{where}: {rule} is a name or a list of names, such as ["Sud", "Nord"], not {given!r}')
    return tuple(sorted(set(names)))


def _known(given: Iterable[str], known: Iterable[str], kind: str) -> None:
    names = list(known)
    for name in given:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f". Known: {', '.join(names) or 'none'}"
            raise DataError(f"unknown {kind} {name!r}{hint}")
