"""What of the rows that a scope leaves counts: the facts whose own place is in it, by rule 6 of the figures.

The customers of a scope come with all that concerns them, whoever made it, so that what is said of them is true (a
customer is not lost because a colleague took the last order); a sum counts what is the scope's own. So a team's page and
the company's page filtered on that team say the same. Below it: :mod:`crmkpi.facts.dimensions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmkpi.engine import DuckDB
from crmkpi.facts.dimensions import PLACES, Dimension, dimension
from crmkpi.indicators import Figure


def placed(engine: DuckDB) -> dict[str, list[str]]:
    """The places of the scope that the data were opened with, by the ids of the data; none for the whole company."""
    held: Mapping[str, Any] = engine.manifest.get("scope") or {}
    return {place: [str(each) for each in held[place]] for place in (*PLACES, "customers_of") if held.get(place)}


def alternatives(
    figure: Figure, columns: Mapping[str, str], engine: DuckDB
) -> list[tuple[Dimension, list[str | None]]]:
    """Filters of which a fact must pass one to count; none where everything does."""
    if "scope" not in engine.manifest:
        return []
    found: list[tuple[Dimension, list[str | None]]] = [
        (Dimension("nothing", "null"), [""])
    ]  # an empty scope counts nothing
    for place, ids in placed(engine).items():
        if place == "customers_of":
            found.append((Dimension("customers_of", "sa.owner_id", _OWNERS), [*ids]))
        else:
            found.append((dimension(place, figure, columns, engine), [*ids]))
    return found


_OWNERS = "left join accounts sa on sa.account_id = f.account_id"


def target_scope(engine: DuckDB) -> tuple[str | None, list[str | None]]:
    """At which scope, and of whom, is the target of all that counts: None of several kinds of places, or of customers."""
    if "scope" not in engine.manifest:
        return "company", [None]
    held = placed(engine)
    if len(held) != 1 or "customers_of" in held:
        return None, []
    [(place, ids)] = held.items()
    return place, [*ids]
