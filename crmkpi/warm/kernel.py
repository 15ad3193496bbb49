"""A kernel in a process that was forked with everything imported. Below it: ipykernel."""

from __future__ import annotations

import os
import sys
from typing import Any

from ipykernel.kernelapp import IPKernelApp


def run(_lifeline: Any, argv: list[str]) -> None:
    """Be a kernel until told to stop: what ``python -m ipykernel_launcher`` does, and what imports would have done."""
    sys.argv = ["ipykernel_launcher", *argv]
    app = IPKernelApp.instance(parent_handle=1)  # it has a parent, which is not to be watched
    if "CRMKPI_FIRST" in os.environ:  # a viewer's: nobody types into it
        app.config.HistoryManager.enabled = False
    app.initialize(argv)
    if "ipywidgets" in sys.modules:  # imported before there was a kernel: it has not said that it is there
        sys.modules["ipywidgets"].register_comm_target()
    if "matplotlib" in sys.modules and os.environ.get("MPLBACKEND"):
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]  # read when it was imported
    app.start()
