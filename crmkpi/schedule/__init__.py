"""Reports that come by themselves: a file says what, for whom, when, where to; a run of it is a chain.

Read in this order: ``declare`` (the file), ``when`` (its times), ``chain`` (import, check, run, deliver), ``units`` (what calls it:
cron, systemd, GitHub Actions). Below it: crmkpi.report, crmkpi.deliver, crmkpi.sources.
"""

from crmkpi.schedule.chain import follow
from crmkpi.schedule.declare import Schedule, read
from crmkpi.schedule.units import KINDS, unit_of

__all__ = ["KINDS", "Schedule", "follow", "read", "unit_of"]
