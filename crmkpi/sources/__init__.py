"""Where tables come from: files, presets of known CRMs, and mappings of anything else, into a data folder.

Reading order: :mod:`~crmkpi.sources.importing` (the whole way), :mod:`~crmkpi.sources.files` and
:mod:`~crmkpi.sources.text` (reading), :mod:`~crmkpi.sources.mapping` and :mod:`~crmkpi.sources.relations`
(a mapping's SELECTs), :mod:`~crmkpi.sources.load` (one table), :mod:`~crmkpi.sources.numbers` and
:mod:`~crmkpi.sources.moments` (what is written how), :mod:`~crmkpi.sources.store` (the data folder).
Below it: :mod:`crmkpi.schema` and :mod:`crmkpi.errors` only.
"""

from crmkpi.sources.importing import import_data
from crmkpi.sources.mapping import SourceMapping, load_mapping
from crmkpi.sources.presets import detect, presets
from crmkpi.sources.report import Line, Report

PRESETS: dict[str, str]
"""Name of every preset -> what it reads (read from the mappings when asked for)."""


def __getattr__(name: str) -> dict[str, str]:
    if name == "PRESETS":
        return presets()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["PRESETS", "Line", "Report", "SourceMapping", "detect", "import_data", "load_mapping", "presets"]
