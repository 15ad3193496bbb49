"""Pages as PDF: one Chromium that is kept, and prints each page in a context of its own. Below it: nothing of crmkpi but errors.

Starting Chromium takes longer than printing; its shell without windows, where there is one, prints in a third of the time.
It is spoken to over a pipe (its DevTools protocol): no port is open that another user of the machine could reach, and it
ends when the pipe does, however this process ends. Where a process can not hand on a pipe (Windows), each page has a
Chromium of its own.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from crmkpi.errors import DataError

NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
_QUIET = ("--headless=new", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
          "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--mute-audio")  # fmt: skip


def browser() -> str:
    """The path of Chromium, or one of its kind; empty where there is none. ``CRMKPI_BROWSER`` names another."""
    given = os.environ.get("CRMKPI_BROWSER")
    return next((path for name in ([given] if given else NAMES) if (path := shutil.which(name))), "")


def needed_browser() -> str:
    """The path of the browser; DataError, with what to do, where there is none."""
    if found := browser():
        return found
    given = os.environ.get("CRMKPI_BROWSER")
    why = f"CRMKPI_BROWSER names {given}, which is not there" if given else "no PDF without Chromium or Chrome"
    raise DataError(f"{why}: install one, set CRMKPI_BROWSER to its path, or leave pdf out of --format")


class GoneError(Exception):
    """The browser ended, or says nothing any more."""


class Printer:
    """A browser for as long as a run lasts; started when the first page is printed, and again when it died."""

    def __init__(self, limit: float = 60.0) -> None:
        self.limit = limit
        self._pipe: _Pipe | None = None

    def __enter__(self) -> Printer:
        return self

    def __exit__(self, *_why: object) -> None:
        self._stop()

    def pdf(self, page: Path, to: Path) -> Path:
        """Print a page; a browser that died is started once more.

        Errors
        ------
        DataError when there is no browser, or it fails twice.
        """
        if os.name == "nt":
            return _once(page, to, self.limit)
        for last in (False, True):
            try:
                self._pipe = self._pipe or _Pipe(needed_browser())
                to.write_bytes(self._pipe.printed(page.resolve().as_uri(), time.monotonic() + self.limit))
                return to
            except GoneError as error:
                self._stop()
                if last:
                    raise DataError(f"the browser wrote no PDF: {error}") from None
        return to

    def _stop(self) -> None:
        if self._pipe:
            self._pipe.stop()
        self._pipe = None


_AS_3_AND_4 = "import os, sys; [os.dup2(int(sys.argv[n]), n + 2) for n in (1, 2)]; os.execv(sys.argv[3], sys.argv[3:])"
"""Chromium reads what it is told from descriptor 3 and answers on 4."""


def _pipe_above_4() -> tuple[int, int]:
    import fcntl

    found = os.pipe()
    above = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, 5) for each in found]
    for each in found:
        os.close(each)
    return above[0], above[1]


class _Pipe:
    """A Chromium at the other end of two pipes: what it is told and what it says are JSON, each closed by a zero byte."""

    def __init__(self, program: str) -> None:
        (theirs_in, self._told), (self._said, theirs_out) = _pipe_above_4(), _pipe_above_4()
        self._profile = tempfile.mkdtemp(prefix="crmkpi-browser-")
        self._process = subprocess.Popen(  # noqa: S603 - the browser of this machine
            [sys.executable, "-ISc", _AS_3_AND_4, str(theirs_in), str(theirs_out), *_command(program, self._profile),
             "--remote-debugging-pipe", "about:blank"],
            pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        self._ends: tuple[int, ...] = (self._told, self._said)
        self._rest, self._numbers, self._events = b"", itertools.count(1), list[Any]()
        os.register_at_fork(after_in_child=self._close)  # a report's process must not reach the browser of the others

    def printed(self, address: str, until: float) -> bytes:
        """The PDF of a page, in a context that shares nothing with any other page's."""
        context = self._ask("Target.createBrowserContext", until)["browserContextId"]
        try:
            made = self._ask("Target.createTarget", until, url="about:blank", browserContextId=context)
            about = {
                "session": self._ask("Target.attachToTarget", until, targetId=made["targetId"], flatten=True)[
                    "sessionId"
                ]
            }
            self._ask("Page.enable", until, **about)
            self._events.clear()
            self._ask("Page.navigate", until, **about, url=address)
            self._until("Page.loadEventFired", until)
            data = self._ask("Page.printToPDF", until, **about, printBackground=True, preferCSSPageSize=True)["data"]
        finally:
            self._ask("Target.disposeBrowserContext", until, browserContextId=context)
        return base64.b64decode(data)

    def _ask(self, method: str, until: float, session: str = "", **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        asked = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        try:
            os.write(self._told, json.dumps(asked).encode() + b"\0")
        except OSError as error:
            raise GoneError(error.strerror or str(error)) from None
        while (said := self._next(until)).get("id") != number:
            self._events.append(said.get("method"))
        if "error" in said:
            raise GoneError(f"{method}: {said['error'].get('message')}")
        return dict(said["result"])

    def _until(self, event: str, until: float) -> None:
        while event not in self._events:
            self._events.append(self._next(until).get("method"))

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._said], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise GoneError("it took too long")
            more = os.read(self._said, 1 << 20)
            if not more:
                raise GoneError("it ended")
            self._rest += more
        text, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(text))

    def _close(self) -> None:
        for end in self._ends:
            with contextlib.suppress(OSError):
                os.close(end)
        self._ends = ()  # their numbers may be another file's from now on

    def stop(self) -> None:
        """End it, with every process it started, and remove its profile."""
        self._close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)


def _command(program: str, profile: str) -> list[str]:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [program, *_QUIET, *(["--no-sandbox"] if root else []), f"--user-data-dir={profile}"]


def _once(page: Path, to: Path, limit: float) -> Path:
    """Print a page by a browser of its own."""
    program = needed_browser()
    with tempfile.TemporaryDirectory(prefix="crmkpi-browser-", ignore_cleanup_errors=True) as profile:
        command = [
            *_command(program, profile),
            "--no-pdf-header-footer",
            f"--print-to-pdf={to}",
            page.resolve().as_uri(),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=limit)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise DataError(f"{Path(program).name} took longer than {limit:g} s and was stopped") from None
    if not to.is_file():
        why = f"exit code {done.returncode}: {done.stderr.strip()[-300:]}"
        raise DataError(f"{Path(program).name} wrote no PDF ({why})")
    return to
