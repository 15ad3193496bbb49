"""What people receive: a message with the words of the day, once for each run; a warning when a threshold is passed.

Read in this order: ``target`` (who receives, by which way), ``message`` (what is said), ``mail`` and ``hooks`` (how it is sent),
``ledger`` (what was sent), ``alerts`` (thresholds), ``sending`` (all of it). Below it: crmkpi.report, crmkpi.dashboard's words.
"""

from crmkpi.deliver.alerts import Alert, alert_of
from crmkpi.deliver.mail import Mail, mail_of
from crmkpi.deliver.sending import Delivery, deliver
from crmkpi.deliver.target import Target, target_of

__all__ = ["Alert", "Delivery", "Mail", "Target", "alert_of", "deliver", "mail_of", "target_of"]
