"""Mail: a message and its files to some addresses, by one server; and what is known of it afterwards.

By the standard library: it tells a refusal from a connection that was lost after the message was handed over, which decides
whether it may be sent again. Below it: deliver.target.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from crmkpi.deliver.message import Message
from crmkpi.deliver.target import is_secret, secret
from crmkpi.errors import UsageError, unknown

_KEYS = {"server": str, "port": int, "security": str, "from": str, "user": str, "password": str, "largest": int}
_SECURITY = {"starttls": 587, "tls": 465, "none": 25}
_SECONDS = 30


@dataclass(frozen=True)
class Mail:
    """The server that takes the mail; ``largest`` is how many MB of files it takes at a time."""

    server: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""
    largest: int = 20


class RefusedError(Exception):
    """It was not sent, for sure: it may be sent again."""


class UnknownError(Exception):
    """The connection was lost after the message was handed over: nobody knows whether it arrives."""


def mail_of(said: Any) -> Mail:
    """What the table ``[mail]`` says.

    >>> mail_of({"server": "smtp.example.org", "from": "crm@example.org"}).port
    587
    """
    for name, value in said.items():
        if name not in _KEYS:
            raise unknown("key", name, _KEYS)
        if not isinstance(value, _KEYS[name]) or isinstance(value, bool):
            raise UsageError(
                f"{name} is {value!r}; expected {'a number' if _KEYS[name] is int else 'a text in quotes'}"
            )
    if missing := [name for name in ("server", "from") if name not in said]:
        raise UsageError(f"{', '.join(missing)} is missing")
    security = said.get("security", "starttls")
    if security not in _SECURITY:
        raise unknown("security", security, _SECURITY)
    password = said.get("password", "")
    if password and not is_secret(password):
        raise UsageError("password: a secret does not stand in this file; write env:NAME or file:PATH")
    return Mail(
        said["server"], said.get("port", _SECURITY[security]), security, said["from"], said.get("user", ""), password,
        said.get("largest", 20),
    )  # fmt: skip


class _Smtp(smtplib.SMTP):
    handed_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the message; from now on a lost connection says nothing about it."""
        self.handed_over = True
        answer = super().data(msg)
        self.handed_over = False
        return answer


class _SmtpTls(_Smtp, smtplib.SMTP_SSL):
    pass


def send(mail: Mail, message: Message, addresses: tuple[str, ...]) -> dict[str, str]:
    """Send a message; the addresses that the server does not take, with why.

    Errors
    ------
    RefusedError when nothing was sent, UnknownError when nobody knows; DataError for a secret that is not there.
    """
    password = secret(mail.password) if mail.password else ""
    server: _Smtp | None = None
    try:
        server = _connected(mail)
        if mail.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if password:
            server.login(mail.user or mail.sender, password)
        refused = server.send_message(composed(mail, message, addresses), mail.sender, addresses)
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
    except smtplib.SMTPResponseException as error:
        raise RefusedError(f"{mail.server} answered {error.smtp_code} {_text(error.smtp_error)}") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise RefusedError(
            "; ".join(f"{to}: {code} {_text(why)}" for to, (code, why) in error.recipients.items())
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        kind = UnknownError if server is not None and server.handed_over else RefusedError
        raise kind(f"{mail.server}: {error}") from None
    finally:
        if server is not None:
            server.close()  # without a word: after what went wrong, nobody may be listening
    return {to: f"{code} {_text(why)}" for to, (code, why) in refused.items()}


def _connected(mail: Mail) -> _Smtp:
    if mail.security == "tls":
        return _SmtpTls(mail.server, mail.port, timeout=_SECONDS, context=ssl.create_default_context())
    return _Smtp(mail.server, mail.port, timeout=_SECONDS)


def composed(mail: Mail, message: Message, addresses: tuple[str, ...]) -> EmailMessage:
    """The mail: as text, as HTML, with its files up to what the server takes."""
    files, left = [], mail.largest * 1_000_000
    for path in message.files:
        left -= path.stat().st_size * 4 // 3  # as mail carries it
        if left >= 0:
            files.append(path)
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = message.subject, mail.sender, ", ".join(addresses)
    made["Date"], made["Message-ID"] = (
        formatdate(localtime=True),
        make_msgid(domain=mail.sender.partition("@")[2] or "crmkpi"),
    )
    made["Auto-Submitted"] = "auto-generated"  # no answer of a machine to a machine
    made.set_content(message.text(files))
    made.add_alternative(message.html(files), subtype="html")
    for path in files:
        made.add_attachment(
            path.read_bytes(), maintype="application", subtype=path.suffix[1:], filename=message.files[path]
        )
    return made


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
