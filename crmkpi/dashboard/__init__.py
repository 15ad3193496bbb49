"""The page a sales manager sees: widgets that ask facts and show formats and figures. It names no indicator.

Read in this order: ``state`` (what is asked for), ``asking`` (the questions, each once), ``tiles``,
``headline``, ``charts``, ``lists``, ``sheet``, ``todo``, ``today``, ``home`` (the parts), ``controls`` and ``page`` (the
widgets), ``making`` (how a page is made), ``board`` (as a notebook composes it), ``live`` (what a press does).
Below it: :mod:`crmkpi.facts` by the door of the package, :mod:`crmkpi.format`, :mod:`crmkpi.figures`.
"""

from crmkpi.dashboard.board import Dashboard

__all__ = ["Dashboard"]
