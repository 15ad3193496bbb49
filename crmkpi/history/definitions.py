"""Which version of a definition a value was computed by: a hash of all that decides it.

That is the SELECT of the figure and of the views it reads (without comments and layout), the values of the settings that
they use, its unit and its target; of a composite, the versions of what it reads, too. Below it: crmkpi.indicators.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from crmkpi.indicators import Library
from crmkpi.indicators.header import parameters_of


@dataclass(frozen=True)
class Definition:
    """The version of a figure's definition, and what it is made of, so that two of them can be compared in words."""

    version: str
    text: str
    settings: dict[str, object]

    def told(self) -> dict[str, Any]:
        """As it is kept in a file."""
        return asdict(self)


def definitions(library: Library, settings: Mapping[str, object]) -> dict[str, Definition]:
    """The definition of every figure under the settings in force."""
    return {name: definition(library, settings, name) for name in library.figures}


def definition(library: Library, settings: Mapping[str, object], name: str) -> Definition:
    """The definition of one figure under the settings in force."""
    figure = library.figures[name]
    inputs = [definition(library, settings, each) for each in figure.input_names]
    steps = [] if figure.inputs else library.steps(figure.sql)
    texts = [_bare(each.sql) for each in [*steps, figure]]
    read = figure.sources.union(*(step.sources for step in steps))
    used = set().union(*(parameters_of(text) for text in texts)) | ({"country"} if "calendar" in read else set())
    known = {each: settings[each] for each in sorted(used) if each in settings}
    for each in inputs:
        known |= each.settings
    text = _hash([texts, figure.unit, figure.target, figure.inputs, [each.text for each in inputs]])
    return Definition(_hash([text, known]), text, known)


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, object, object]]:
    """What differs between two definitions as they are kept: each setting with both values; ``text`` for the SELECT."""
    before, after = old.get("settings", {}), new.get("settings", {})
    changed = [
        (name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    return [("text", None, None), *changed] if old.get("text") != new.get("text") else changed


def _bare(sql: str) -> str:
    """A text without comments and layout: what they say changes no value."""
    return " ".join(re.sub(r"--[^\n]*", " ", sql).split())


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:12]
