"""A warm process: everything imported, nothing opened, from which others are forked in milliseconds.

    child = await warm().fork("package.module:function", {"its": "arguments"}, env=..., cwd=...)

What is forked ends when this process does, however it ends: each holds one end of a pair of sockets, and so does this
process (the lifeline). There is no file, so nothing stale stays behind. Linux and macOS; elsewhere, and where the
warm process can not be had, ``warm()`` is None and one does without. Read ``process`` next, then ``provisioner``
(kernels for whoever starts kernels: Voilà, Papermill, nbval). Below it: nothing of crmkpi.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["IMPORTS", "Forked", "Warm", "fits", "forking", "read_first", "warm"]

IMPORTS = (
    "holidays",
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.magics.ast_mod",
    "IPython.core.magics.execution",
    "IPython.core.oinspect",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.backend_inline",
    "pandas.io.formats.html",
    "pyarrow.pandas_compat",
    "seaborn",
    "xlsxwriter",
)
"""What the notebooks need and is slow to import; no module of it starts a thread."""
_READ_AT_IMPORT = ("CRMKPI_MEMORY", "PYTHON", "MPL", "LC_", "LANG", "TZ", "OMP_")
_SPARING = {"MALLOC_ARENA_MAX": "2"}
"""A kernel has many threads that do little: memory of their own for each would only be wasted."""
_PATIENCE = 60.0


class Forked:
    """A forked process, with what :class:`subprocess.Popen` would offer of it; it is not our child."""

    stdin = stdout = stderr = None

    def __init__(self, lifeline: socket.socket, pid: int) -> None:
        self.lifeline, self.pid = lifeline, pid
        self._ended = False

    def poll(self) -> int | None:
        """None while it runs, else 0: how it ended is known to the warm process only."""
        if not self._ended:
            with contextlib.suppress(BlockingIOError):
                self._ended = not self.lifeline.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        if self._ended:
            self.lifeline.close()
        return 0 if self._ended else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        if self.poll() is None:
            self.lifeline.settimeout(timeout)
            while self.lifeline.recv(64):
                pass  # whatever it said is not for us
            self._ended = True
        return 0

    def send_signal(self, signum: int) -> None:
        """Send a signal, unless it has ended: its number may be another's by now."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class Warm:
    """The warm process of this process."""

    def __init__(self) -> None:
        self._asks, theirs = socket.socketpair()
        self.environ = dict(os.environ)
        command = [sys.executable, "-P", "-m", "crmkpi.warm.process", str(theirs.fileno())]
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - this interpreter, our own module
                command,
                env=self.environ | _SPARING,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._fits: set[str] = set()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None

    async def fork(self, run: str, given: Mapping[str, Any], env: Mapping[str, str], cwd: str) -> Forked:
        """Fork a process that calls a function, ``module:name``, with its end of the lifeline and what is ``given``.

        OSError when the warm process can not.
        """
        text = json.dumps({"run": run, "given": dict(given), "env": dict(env), "cwd": cwd}).encode()
        mine, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._asks, [len(text).to_bytes(4, "big")], [theirs.fileno()])
            self._asks.sendall(text)
        mine.setblocking(False)
        try:
            number = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(mine, 4), _PATIENCE)
        except TimeoutError:
            number = b""
        if not number:
            mine.close()
            raise OSError("the warm process forked nothing")
        return Forked(mine, int.from_bytes(number, "big"))

    def close(self) -> None:
        """End it; what it forked lives on."""
        self._asks.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def forking() -> Iterator[None]:
    """Around a fork: Python (from 3.12) warns of any thread, also of the one that pyarrow's allocator keeps and stops for it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"This process \(pid=\d+\) is multi-threaded", DeprecationWarning)
        yield


def read_first() -> None:
    """Read what whoever is forked would read first, of the modules that are here: our own figures, both languages."""
    if library := sys.modules.get("crmkpi.indicators"):
        library.Library(None)
    if words := sys.modules.get("crmkpi.format.text"):
        words.warm()


def fits(own: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two environments agree in what is read when modules are imported.

    >>> fits({"PYTHONPATH": "a", "HOME": "b"}, {"PYTHONPATH": "a"}), fits({}, {"LANG": "fr_FR.UTF-8"})
    (True, False)
    """
    mine, others = ({k: v for k, v in each.items() if k.startswith(_READ_AT_IMPORT)} for each in (own, other))
    return mine == others


_known: dict[int, Warm] = {}  # by process: a forked one starts its own


def warm() -> Warm | None:
    """The warm process of this process, started when first asked for, and again if it has ended; None where none can be."""
    if os.environ.get("CRMKPI_WARM") == "0" or not hasattr(socket, "send_fds") or not hasattr(os, "fork"):
        return None
    known = _known.get(os.getpid())
    if known is None or not known.alive:
        if known is not None:
            known.close()
        known = _known[os.getpid()] = Warm()
        atexit.register(known.close)
    return known
