"""The warm process: imports, then forks for whoever asks on its socket; ends when the socket does.

It has one thread of its own and opens nothing: a fork takes along neither threads nor connections. Below it: what is imported.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import random
import signal
import socket
import sys
import threading
from typing import Any

from crmkpi.warm import IMPORTS, forking, read_first

MORE = (
    "pandas",
    "pyarrow",
    "duckdb",
    "babel.dates",
    "babel.numbers",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.comm",
    "ipykernel.debugger",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "psutil",
    "sqlite3",
    "faulthandler",
    "tornado.platform.asyncio",
    "comm",
    "ipywidgets",
    "anywidget",
    "crmkpi.dashboard.board",
    "crmkpi.dashboard.live",
    "crmkpi.warm.kernel",
    "crmkpi.serve.first",
)
"""What kernels and first paints need beside it; what is not installed is left out."""


def main(asks: socket.socket) -> None:
    """Fork until nobody asks any more."""
    _import()
    if threading.active_count() > 1:
        raise SystemExit("the warm process has threads: it can not be forked")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended: none stays as a zombie
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        told, files, _flags, _from = socket.recv_fds(asks, 4, 1)
        if not told:
            return
        with socket.socket(fileno=files[0]) as lifeline:
            asked = _read(asks, int.from_bytes(told, "big"))
            with forking():
                child = not os.fork()
            if child:
                asks.close()
                _child(lifeline, asked)


def _import() -> None:
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # half of a kernel's start, and nobody steps through a page
    for name in (*IMPORTS, *MORE):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    del sys.modules["debugpy"]
    read_first()


def _read(asks: socket.socket, length: int) -> dict[str, Any]:
    text = b""
    while len(text) < length:
        text += asks.recv(length - len(text))
    return dict(json.loads(text))


def _child(lifeline: socket.socket, asked: dict[str, Any]) -> None:
    """What a process of its own has of its own: session, environment, folder, signals, chance; then its work."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(asked["env"])
        os.chdir(asked["cwd"])
        _reseed()
        lifeline.sendall(os.getpid().to_bytes(4, "big"))
        threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
        module, _, name = asked["run"].partition(":")
        getattr(importlib.import_module(module), name)(lifeline, **asked["given"])
        code = 0
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 1
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _reseed() -> None:
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def _end_with(lifeline: socket.socket) -> None:
    """End this process when the one that asked for it is gone."""
    with contextlib.suppress(OSError):
        lifeline.recv(1)
    os._exit(1)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
    os._exit(0)  # nothing was opened, and what was imported has nothing to say at the end
