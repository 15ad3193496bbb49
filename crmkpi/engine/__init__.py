"""Where SQL runs: DuckDB over a data folder or over frames, or Spark over either.

An engine has ``query(sql, params)``, ``arrays``, ``tuples``, ``columns``, ``has``, ``keep``, ``rows``, ``filled`` and
``manifest``; nothing above it knows which one it is. ``scoped`` is what somebody's scope leaves of the tables.
Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.access`.
"""

from crmkpi.engine.duck import DuckDB, open_folder, open_frames, read_manifest
from crmkpi.engine.scoped_open import scope_frames, scoped_version
from crmkpi.engine.spark import Spark, open_spark_folder
from crmkpi.engine.spark_frames import is_spark, open_spark_frames

__all__ = [
    "DuckDB",
    "Spark",
    "is_spark",
    "open_folder",
    "open_frames",
    "open_spark_folder",
    "open_spark_frames",
    "read_manifest",
    "scope_frames",
    "scoped_version",
]
