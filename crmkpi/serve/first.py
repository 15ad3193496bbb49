"""First paints, made by processes forked from the warm one, kept for whoever asks for the same.

The same is: the same page and address, the same width of window, the same scope, the same data. Each is made by a process of
its own that opens only what this scope may see, and is kept in a file in a folder that only this user can read, from which
the viewer's kernel takes it over. Below it: crmkpi.dashboard.first, crmkpi.warm.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import os
import socket
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from crmkpi.access.viewer import HEADER
from crmkpi.dashboard import first
from crmkpi.dashboard.making import Making
from crmkpi.errors import CrmkpiError
from crmkpi.warm import Forked, warm

log = logging.getLogger("crmkpi.serve")
KEPT = 400
"""First paints kept: 300 kB of disk each."""
SEEN = 100
"""What viewers looked at last, made again when other data come."""
NICE = 1
"""How far what is made ahead stands back behind what somebody waits for."""
AT_ONCE = 2
"""How many are made at once."""
LONGEST = 2000
"""Characters of an address: of a longer one, nothing is painted before its kernel is there."""
_LINE = 64 << 20
VIEWER = f"HTTP_{HEADER.upper().replace('-', '_')}"
"""Where a kernel finds for whom it is: who may see the same is still somebody else, and nothing kept is shared."""
_ASKED = ("period", "compare", "business_unit", "team", "rep", "lang", "list", "only", "search", "sort", "page",
          "sheet_search", "sheet_sort", "sheet_page")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a first paint is of: all that it depends on, and nothing else."""

    page: str
    query: str
    narrow: bool
    scope: str
    mark: str
    viewer: str = ""


def canonical(query: str) -> str:
    """What of an address a page depends on, always in the same order.

    >>> canonical("utm=1&team=Sud&period=2026-10")
    'period=2026-10&team=Sud'
    """
    asked = dict(parse_qsl(query))
    return urlencode({name: asked[name] for name in _ASKED if asked.get(name)})


@dataclass
class First:
    """One first paint: its pieces so far, and whether there are more to come."""

    file: Path
    lines: list[bytes] = field(default_factory=list)
    ended: bool = False
    whole: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def html(self) -> AsyncIterator[str]:
        """Its pieces as HTML, as they are made."""
        if self.whole and not self.lines:
            with contextlib.suppress(OSError):
                for line in self.file.read_bytes().splitlines():
                    yield first.html_of(json.loads(line))
            return
        given = 0
        while True:
            async with self.changed:
                await self.changed.wait_for(lambda: self.ended or len(self.lines) > given)  # noqa: B023 - read at once
            for line in self.lines[given:]:
                yield first.html_of(json.loads(line))
                given += 1
            if self.ended and given >= len(self.lines):
                return

    async def ready(self) -> bool:
        """Wait until it is made; whether it was."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.ended)
        return self.whole

    async def add(self, line: bytes) -> None:
        """One more piece."""
        async with self.changed:
            self.lines.append(line)
            self.changed.notify_all()

    async def end(self) -> None:
        """There are no more; what is whole goes to its file, for the kernels, and needs no memory."""
        self.whole = bool(self.lines) and bool(json.loads(self.lines[-1]).get("whole"))
        if self.whole:
            self.file.write_bytes(b"".join(self.lines))
        async with self.changed:
            self.ended = True
            self.changed.notify_all()
        if self.whole:
            asyncio.get_running_loop().call_later(30, self.lines.clear)  # whoever waits has read them by then


class Firsts:
    """The first paints of a server over one data folder."""

    def __init__(
        self, pages: Sequence[str], notebooks: Path, data: Path, folder: Path, busy: Callable[[], bool]
    ) -> None:
        self.busy = busy
        self.pages, self.notebooks, self.data, self.folder = pages, notebooks, data, folder
        self.kept: OrderedDict[Asked, First] = OrderedDict()
        self._seen: OrderedDict[Asked, dict[str, str]] = OrderedDict()
        self._later: deque[Asked] = deque(maxlen=KEPT)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._names = itertools.count()
        self._mark = self.mark()

    def mark(self) -> str:
        """What the data are now; empty when they can not be read."""
        try:
            return first.mark(self.data)
        except (CrmkpiError, OSError):
            return ""

    def get(self, page: str, query: str, narrow: bool, scope: str, env: Mapping[str, str]) -> First | None:
        """The first paint of a page for a scope, made if it is not there; None where none can be made.

        ``env`` is what a kernel of the same viewer would be started with. The other pages under the same address are made
        when nobody waits for anything.
        """
        asked = Asked(page, canonical(query), narrow, scope, self.mark(), env.get(VIEWER, ""))
        if not asked.mark or len(query) > LONGEST or warm() is None:
            return None
        for name in (page, *self.pages):
            self._remember(replace(asked, page=name), dict(env))
        self._later.extend(replace(asked, page=name) for name in self.pages if name != page)
        return self._made(asked, env)

    def _made(self, asked: Asked, env: Mapping[str, str], nice: int = 0) -> First:
        found = self.kept.get(asked)
        if found is None or (found.ended and not found.whole):
            found = self.kept[asked] = First(self.folder / f"first-{next(self._names)}.jsonl")
            task = asyncio.ensure_future(self._make(asked, found, env, nice))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self.kept.move_to_end(asked)
        self._let_go(asked.mark)
        return found

    def _remember(self, asked: Asked, env: dict[str, str]) -> None:
        self._seen[replace(asked, mark="")] = env
        self._seen.move_to_end(replace(asked, mark=""))
        while len(self._seen) > SEEN:
            self._seen.popitem(last=False)

    def _let_go(self, mark: str) -> None:
        """Of other data, and of what was not asked for longest, nothing is kept."""
        old = [each for each in self.kept if each.mark != mark]
        for each in [*old, *list(self.kept)[: max(len(self.kept) - len(old) - KEPT, 0)]]:
            gone = self.kept.pop(each, None)
            if gone is not None and gone.ended:
                asyncio.get_running_loop().call_later(60, gone.file.unlink, True)  # a kernel may be about to read it

    async def prepare(self, env: Mapping[str, str], scope: str | None) -> None:
        """Make ahead, one by one, as long as the server lives.

        That is: each page for ``scope``, the other pages of what viewers look at, and what they looked at last when other
        data come.
        """
        if scope is not None:
            self._later.extend(Asked(page, "", False, scope, self._mark) for page in self.pages)
            for page in self.pages:
                self._remember(Asked(page, "", False, scope, ""), dict(env))
        while True:
            now = self.mark()
            if now and now != self._mark:
                self._mark = now
                self._later.extend(replace(each, mark=now) for each in reversed(self._seen))
            asked = self._later.popleft() if self._later else None
            if asked is None or asked.mark != now or asked in self.kept:
                await asyncio.sleep(0 if asked else 1)
                continue
            while self.busy():
                await asyncio.sleep(0.5)
            await self._made(asked, self._seen.get(replace(asked, mark=""), env), nice=NICE).ready()

    async def _make(self, asked: Asked, made: First, env: Mapping[str, str], nice: int) -> None:
        try:
            async with self._places if not nice else contextlib.nullcontext():
                await self._fork(asked, made, env, nice)
        except (OSError, ValueError) as error:
            log.warning("no first paint: %s", error)
        finally:
            await made.end()

    async def _fork(self, asked: Asked, made: First, env: Mapping[str, str], nice: int) -> None:
        process = warm()
        if process is None:
            return
        given = {"notebook": str(self.notebooks / f"{asked.page}.ipynb"), "nice": nice}
        env = {**env, "VOILA_PREHEAT": "False", "QUERY_STRING": asked.query, "CRMKPI_NARROW": str(int(asked.narrow))}
        forked = await process.fork("crmkpi.serve.first:make", given, env, str(self.notebooks))
        async for line in _lines(forked):
            if not made.lines:
                about = json.loads(line)
                if (about["mark"], about["scope"]) != (asked.mark, asked.scope):
                    return  # the data or the rights have changed meanwhile: it is not what was asked for
                self.kept.setdefault(replace(asked, query=canonical(about["query"])), made)
            await made.add(line)


async def _lines(forked: Forked) -> AsyncIterator[bytes]:
    reader, writer = await asyncio.open_unix_connection(sock=forked.lifeline, limit=_LINE)
    try:
        while line := await reader.readline():
            yield line
    finally:
        writer.close()


# --- in the forked process ------------------------------------------------------------------------------------------


def make(lifeline: socket.socket, notebook: str, nice: int) -> None:
    """Run the cells of a page, and send its pieces instead of showing it."""
    os.nice(nice)
    with lifeline.makefile("wb") as out:

        def send(board: Making) -> None:
            try:
                board.begin()
            except CrmkpiError:
                return  # the kernel says it
            for piece in first.pieces(board):
                out.write(json.dumps(piece).encode() + b"\n")
                out.flush()

        Making.instead = staticmethod(send)
        names: dict[str, Any] = {}
        for source in cells(json.loads(Path(notebook).read_text(encoding="utf-8"))):
            exec(compile(source, notebook, "exec"), names)  # noqa: S102 - the cells that a kernel would run


def cells(notebook: dict[str, Any]) -> list[str]:
    """The code of a notebook that makes its page."""
    code = [each for each in notebook["cells"] if is_shown(each)]
    return ["".join(each["source"]) for each in code]


def is_shown(cell: dict[str, Any]) -> bool:
    """Whether a cell makes the page: the prose and the appendix are for who reads the notebook.

    >>> is_shown({"cell_type": "code", "metadata": {"tags": ["appendix"]}, "source": ""})
    False
    """
    return cell["cell_type"] == "code" and "appendix" not in cell["metadata"].get("tags", [])
