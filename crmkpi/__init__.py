"""Sales indicators from CRM data: ``crmkpi.open(DATA).kpi(NAME)``.

Below it: :mod:`crmkpi.facts` (the answers) and :mod:`crmkpi.errors`. Dashboards, import, reports and the
command line are above, in modules of their own.
"""

from crmkpi.errors import CrmkpiError, DataError, UsageError
from crmkpi.facts import Crm, Result
from crmkpi.facts import open_data as open

__version__ = "0.1.0.dev0"
__all__ = ["Crm", "CrmkpiError", "DataError", "Result", "UsageError", "open"]
