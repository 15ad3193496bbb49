"""A mail server as a process: keeps each mail in a folder; the name before the @ says how it behaves."""

import asyncio
import sys
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP

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


async def main(folder):
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Behaviour(folder), data_size_limit=50_000_000), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
