"""Where SQL runs. One engine for now, DuckDB, over a data folder or over pandas frames.

An engine has ``query(sql, params)``, ``columns(sql)``, ``rows``, ``filled`` and ``manifest``; nothing above it
knows which one it is. Below it: :mod:`crmkpi.schema`.
"""

from crmkpi.engine.duck import DuckDB, open_folder, open_frames

__all__ = ["DuckDB", "open_folder", "open_frames"]
