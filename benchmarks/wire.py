"""How many bytes a server sent: a relay that a browser is pointed at instead of the server, counting what passes.

It lets through no more than a telephone's line would: on this machine alone all comes at once, and what a page has before
its figures are painted would be chance.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

LINE = 1_000_000
"""Bytes a second: a usual mobile line."""
PIECE = 8_192


class Meter:
    """What a relay has passed on to the browser so far, as it was on the wire (packed, headers and all)."""

    def __init__(self, server_port: int) -> None:
        self.server_port, self.bytes, self.port = server_port, 0, 0
        self._line = asyncio.Lock()

    async def serve(self, ready: threading.Event) -> None:
        """Relay until cancelled."""
        server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    async def _relay(self, asked: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        source, to = await asyncio.open_connection("127.0.0.1", self.server_port)
        try:
            await asyncio.gather(self._up(asked, to), self._down(source, answer))
        except (ConnectionError, asyncio.CancelledError):
            pass  # a browser that has left
        finally:
            to.close()
            answer.close()

    async def _up(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while some := await source.read(PIECE):
            to.write(some)
            await to.drain()

    async def _down(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while some := await source.read(PIECE):
            async with self._line:
                await asyncio.sleep(len(some) / LINE)
            self.bytes += len(some)
            to.write(some)
            await to.drain()


@contextmanager
def metered(server_port: int) -> Iterator[Meter]:
    """A relay to the server that listens at this port, on a port of its own."""
    meter, ready, loop = Meter(server_port), threading.Event(), asyncio.new_event_loop()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner, suppress(asyncio.CancelledError):
            runner.run(meter.serve(ready))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield meter
    finally:
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        thread.join(10)
