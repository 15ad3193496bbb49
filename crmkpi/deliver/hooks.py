"""Slack, Teams, a webhook and some hundred other ways: a URL of Apprise. Below it: deliver.target, apprise (extra ``deliver``)."""

from __future__ import annotations

import io
import logging
import re

from crmkpi.deliver.mail import RefusedError, UnknownError
from crmkpi.deliver.message import Message
from crmkpi.deliver.target import secret
from crmkpi.errors import DataError

_REFUSED = re.compile(r"error=4\d\d|Connection refused|Name or service not known|Failed to resolve", re.IGNORECASE)
"""What Apprise says when the other side answered that it does not take the message, or was not reached at all."""


def post(named: str, message: Message) -> None:
    """Send the words of a message to the URL that ``env:NAME`` or ``file:PATH`` names.

    Errors
    ------
    RefusedError when nothing was sent, UnknownError when nobody knows; DataError without apprise, or without the secret.
    """
    try:
        import apprise
    except ModuleNotFoundError:
        raise DataError(f"{named} needs apprise, which is not installed: pip install 'crmkpi[deliver]'") from None
    url = secret(named)
    sender = apprise.Apprise(
        asset=apprise.AppriseAsset(app_id="crmkpi", app_url="", storage_mode=apprise.PersistentStoreMode.MEMORY)
    )
    if not sender.add(url):
        raise RefusedError(f"{named} is no address that Apprise knows")
    said = io.StringIO()
    watcher, log = logging.StreamHandler(said), logging.getLogger("apprise")
    log.addHandler(watcher)
    try:
        sent = sender.notify(title=message.subject, body=message.text([]), body_format=apprise.NotifyFormat.TEXT)
    finally:
        log.removeHandler(watcher)
    if not sent:
        kind = RefusedError if _REFUSED.search(said.getvalue()) else UnknownError
        raise kind(f"{named}: the message was not taken, or its answer was lost")
