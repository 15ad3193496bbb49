"""Opening data: a folder made by ``crmkpi import``, or frames by canonical table name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from crmkpi.access import COMPANY, Scope
from crmkpi.engine import (
    DuckDB,
    is_spark,
    open_folder,
    open_frames,
    open_spark_folder,
    open_spark_frames,
    read_manifest,
    scope_frames,
    scoped_version,
)
from crmkpi.errors import DataError, UsageError
from crmkpi.facts import lent
from crmkpi.facts.base import Base, load_settings
from crmkpi.facts.crm import Crm
from crmkpi.facts.materialise import materialise
from crmkpi.indicators import Library


def open_data(
    source: str | Path | Mapping[str, Any], *, as_of: date | str | None = None, currency: str | None = None,
    lang: str | None = None, indicators: str | Path | None = None, spark: Any = None, scope: Scope | None = None,
) -> Crm:  # fmt: skip
    """Open a data folder, or a dictionary of frames by canonical table name.

    ``as_of`` replaces the data's own date (for frames, the newest dated value is that date). ``indicators`` is
    a further folder with ``indicators/`` and ``views/`` of one's own. ``spark`` is a session that reads and adds up
    instead of this process (its workers can read the folder); DataFrames of Spark bring their own. ``scope`` is what may
    be seen (:class:`crmkpi.access.Scope`): no other row is opened, before anything is added up or listed.

    >>> import pandas as pd
    >>> orders = pd.DataFrame({"order_id": ["1", "2"], "order_date": ["2026-10-01", "2026-10-09"],
    ...                        "status": "confirmed", "amount": [100.0, 50.0]})
    >>> crm = open_data({"orders": orders}, currency="EUR")
    >>> crm.kpi("average_basket", period="2026-10").value
    75.0
    """
    home = None if isinstance(source, Mapping) else Path(source)
    if isinstance(source, Mapping):
        facts = {"currency": currency or "", "language": lang or "en", "loaded_at": ""}
        there = spark is not None or any(map(is_spark, source.values()))
        engine = open_spark_frames(source, spark, **facts) if there else open_frames(source, **facts)
        engine.manifest["as_of"] = str(as_of or _newest(engine))
        if scope and there and not scope.company:
            raise UsageError("what a scope leaves of Spark's frames is not known: import them into a data folder")
        if scope and not scope.company:
            scope_frames(engine, scope)
        folder = Path(indicators) if indicators else None
    else:
        folder = Path(source)
        version = _scoped(folder, scope) if scope and not scope.company else ()
        engine = open_folder(folder, *version) if spark is None else open_spark_folder(folder, spark, *version)
        engine.manifest |= {"own_day": engine.manifest["as_of"], "as_of": str(as_of)} if as_of else {}
        engine.manifest |= {"currency": currency} if currency else {}
    library = Library(folder)
    language = lang or str(engine.manifest.get("language") or "en")
    shown = language if language in ("fr", "en") else "en"
    base = Base(engine, library, load_settings(library, folder), shown, folder=home)
    lent.take(base)
    return Crm(base, scope or COMPANY)


def _scoped(folder: Path, scope: Scope) -> tuple[Path, dict[str, Any]]:
    """What a scope leaves of the version that counts; of the next one, if an import has replaced it meanwhile."""
    manifest = read_manifest(folder)
    while True:
        try:
            return scoped_version(folder, manifest, scope, materialise)
        except (DataError, OSError):
            before, manifest = manifest, read_manifest(folder)
            if before["version"] == manifest["version"]:
                raise


def _newest(engine: DuckDB) -> date:
    from crmkpi.schema import TABLES

    dated = [(t.name, c.name) for t in TABLES.values() for c in t.columns if c.dated and engine.has(t.name, c.name)]
    if not dated:
        raise UsageError("no table has a date: give as_of")
    union = " union all ".join(f'select max("{column}"::date) as day from "{table}"' for table, column in dated)
    return pd.Timestamp(engine.query(f"select max(day) as day from ({union})", {})["day"].iloc[0]).date()
