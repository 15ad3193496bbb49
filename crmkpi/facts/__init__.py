"""From facts to values: periods, comparisons, targets, scope, status, alerts.

The only place that adds up, and it names no figure. Read in this order: ``spans`` (which days), ``compose``
(the text that runs), ``measure`` (sums), ``values`` (value, status, reason), ``composites`` (formulas over
values), ``wide`` (comparisons), ``gaps`` (what makes a change), ``backtest`` (past errors), ``known``, ``moves``,
``remember`` and ``past`` (what was known, what has changed since), ``crm`` (the door), ``opening`` (folders and frames).
Below it: :mod:`crmkpi.engine`, :mod:`crmkpi.history`, :mod:`crmkpi.indicators`, :mod:`crmkpi.calendar`.
"""

from crmkpi.facts.backtest import Backtest
from crmkpi.facts.base import counted, without_share
from crmkpi.facts.crm import Crm
from crmkpi.facts.gaps import Gap
from crmkpi.facts.known import Known
from crmkpi.facts.materialise import materialise
from crmkpi.facts.moves import Moves
from crmkpi.facts.opening import open_data
from crmkpi.facts.remember import Remembered
from crmkpi.facts.result import Result
from crmkpi.facts.state import state

__all__ = [
    "Backtest",
    "Crm",
    "Gap",
    "Known",
    "Moves",
    "Remembered",
    "Result",
    "counted",
    "materialise",
    "open_data",
    "state",
    "without_share",
]
