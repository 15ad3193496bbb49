"""Reports that people receive: the notebooks, run by Papermill for everyone and for each team, as files.

Read in this order: ``plan`` (what is to be written), ``shell`` (how a notebook runs), ``files`` (what becomes of it), ``browser``
(its PDF), ``pool`` (each report in a process of its own), ``store`` (what is there already), ``retention`` and ``log``, ``run``
(all of it). Below it: crmkpi.dashboard, the door, papermill, nbconvert.
"""

from crmkpi.report import ahead as ahead
from crmkpi.report.plan import FORMATS, Order
from crmkpi.report.run import Run, run, say_failed

__all__ = ["FORMATS", "Order", "Run", "run", "say_failed"]
