"""Who sees what: a :class:`Scope` is what somebody may see, an :class:`Access` file says whose it is.

Read in this order: ``scope``, ``file``, ``viewer``. What a scope leaves of the data is in :mod:`crmkpi.engine.scoped`, what of it a
figure counts in :mod:`crmkpi.facts.scoped`. Below it: :mod:`crmkpi.errors`.
"""

from crmkpi.access.file import Access, read_access
from crmkpi.access.scope import COMPANY, NOTHING, PLACES, Scope
from crmkpi.access.viewer import Viewer

__all__ = ["COMPANY", "NOTHING", "PLACES", "Access", "Scope", "Viewer", "read_access"]
