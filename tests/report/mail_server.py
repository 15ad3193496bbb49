"""A mail server as a process: keeps each mail in a folder; the name before the @ says how it behaves.

With a certificate it takes mail only over a safe line (``starttls`` or ``tls``), and only after a login.
"""

import asyncio
import ssl
import sys
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

NUMBERS = count(1)


class Behaviour:
    """``folder`` is where the mails go."""

    def __init__(self, folder):
        self.folder = folder

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address.startswith("refused@"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        whom = "+".join(envelope.rcpt_tos)
        (self.folder / f"{next(NUMBERS):03}-{whom}.eml").write_bytes(envelope.content)
        if whom.startswith("busy@"):
            return "451 try later"
        if whom.startswith("lost@"):  # taken, and the line goes dead before it is said
            server.transport.abort()
        return "250 OK"


def knows(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (b"crm@example.org", b"open sesame")
    return AuthResult(success=right, handled=False)


def safe(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context


async def main(folder, security="none", certificate=None):
    context = safe(Path(certificate)) if certificate else None
    more = {"auth_required": True, "authenticator": knows} if context else {}
    if security == "starttls":
        more |= {"tls_context": context, "require_starttls": True}
    elif context:  # the line is safe before the server sees it
        more |= {"auth_require_tls": False}
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Behaviour(Path(folder)), data_size_limit=50_000_000, **more),
        "127.0.0.1",
        0,
        ssl=context if security == "tls" else None,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
