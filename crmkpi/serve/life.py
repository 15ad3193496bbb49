"""The life of kernels: one per page that is looked at, none for a page that is not. Below it: jupyter_server, crmkpi.warm.

A page that said goodbye (closed, reloaded, left) loses its kernel after ``LEFT`` seconds, one that vanished (a tab killed, a
network that dropped) after ``cull_after``; who comes back before finds theirs. A kernel that died is forgotten, so that its
page hears of it. None is started again by itself: it would know nothing of its page.
"""

from __future__ import annotations

import time
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import PeriodicCallback
from traitlets import Float
from voila.request_info_handler import RequestInfoSocketHandler

LEFT = 4.0
"""Seconds that a page which said goodbye may take to be back: the browser kept it, or it was only a download."""
EVERY = 1.0


class Kernels(AsyncMappingKernelManager):
    """Kernels that end when nobody looks."""

    cull_after = Float(60.0, config=True, help="Seconds without a connection after which a kernel ends.")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._alone: dict[str, float] = {}
        self._left: set[str] = set()
        self._ending: set[str] = set()
        self._sweeper = PeriodicCallback(self.sweep, 1000 * EVERY)
        self._sweeper.start()

    def leave(self, kernel_id: str) -> None:
        """The page of a kernel says goodbye."""
        if kernel_id in self:
            self._left.add(kernel_id)
            self._alone[kernel_id] = time.monotonic()

    def notify_connect(self, kernel_id: str) -> None:
        """Somebody looks."""
        super().notify_connect(kernel_id)
        self._left.discard(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Somebody looks away."""
        super().notify_disconnect(kernel_id)
        self._alone[kernel_id] = time.monotonic()

    async def sweep(self) -> None:
        """End the kernels that nobody looks at, and forget those that died."""
        now, ready = time.monotonic(), self._ready()
        for kernel_id in self.list_kernel_ids():
            alone = now - self._alone.setdefault(kernel_id, now)
            looked_at = self._kernel_connections.get(kernel_id, 0) > 0 or kernel_id in ready
            limit = LEFT if kernel_id in self._left else self.cull_after
            dead = not await ensure_async(self.get_kernel(kernel_id).is_alive()) if self._started(kernel_id) else False
            if dead or (not looked_at and alone > limit):
                await self._end(kernel_id, dead)
        for kernel_id in [each for each in self._alone if each not in self]:
            self._forget(kernel_id)

    def _started(self, kernel_id: str) -> bool:
        return bool(self._kernel_connections.get(kernel_id) is not None and self.get_kernel(kernel_id).has_kernel)

    async def _end(self, kernel_id: str, dead: bool) -> None:
        if kernel_id in self._ending or kernel_id not in self:
            return
        self._ending.add(kernel_id)
        try:
            await self.shutdown_kernel(kernel_id, now=dead)
        finally:
            self._ending.discard(kernel_id)
            self._forget(kernel_id)

    def _forget(self, kernel_id: str) -> None:
        self._alone.pop(kernel_id, None)
        self._left.discard(kernel_id)
        RequestInfoSocketHandler._cache.pop(kernel_id, None)  # Voilà keeps what it told each kernel for ever

    def _ready(self) -> set[str]:
        """The kernels that Voilà holds ready for whoever comes next."""
        tasks = [task for pool in getattr(self, "_pools", {}).values() for task in pool]
        done = [task for task in tasks if task.done() and not task.cancelled() and task.exception() is None]
        return {task.result()["kernel_id"] for task in done}

    async def start_kernel(self, **given: Any) -> str:  # type: ignore[override]  # as the class above does
        """Start a kernel; one that waits for whoever comes next is not told the address of the viewer before."""
        env = given.get("env") or {}
        if env.get("VOILA_PREHEAT") == "True":
            given["env"] = {name: value for name, value in env.items() if name != "VOILA_REQUEST_URL"}
        return await super().start_kernel(**given)
