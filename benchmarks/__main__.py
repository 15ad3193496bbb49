"""Every benchmark, one after the other: ``python -m benchmarks``, or ``make bench``."""

from __future__ import annotations

import subprocess
import sys

RUNS = (
    ("benchmarks.family1",),
    ("benchmarks.import_copy", "--rows", "10000000"),
    ("benchmarks.all_figures", "--orders", "1000000", "--ways", "crmkpi,duckdb,pandas", "--import"),
    ("benchmarks.all_figures", "--orders", "10000000", "--rounds", "1"),
    ("benchmarks.reports",),
    ("benchmarks.in_browser",),
    ("benchmarks.in_browser", "--orders", "1000000"),
)


def main() -> None:
    """Run each in a process of its own."""
    for module, *options in RUNS:
        print(f"\n{module} {' '.join(options)}", flush=True)
        subprocess.run([sys.executable, "-m", module, *options], check=True)


if __name__ == "__main__":
    main()
