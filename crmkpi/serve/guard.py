"""What every request passes before anything answers it: known, and asking for a kernel of one's own. Below it: identity."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import tornado.web

from crmkpi.access.viewer import HEADER
from crmkpi.serve.doors import is_loopback
from crmkpi.serve.identity import Known

STARTING = 600.0
"""Seconds after which a kernel that is not there is forgotten: it started, and ended."""


class Owners:
    """Whose each kernel is: a viewer's, in the browser they signed in with."""

    def __init__(self) -> None:
        self._owner: dict[str, tuple[tuple[str, str], float]] = {}

    def give(self, kernel_id: str, handler: Any) -> None:
        """A kernel is started, or taken from those that are ready, for the viewer of a request."""
        now, there = time.monotonic(), handler.settings["kernel_manager"]
        self._owner = {
            each: held for each, held in self._owner.items() if each in there or now - held[1] < STARTING
        }  # a kernel that ended is nobody's
        self._owner[kernel_id] = (handler.viewer.name, handler.session), now

    def owns(self, handler: Any, kernel_id: str) -> bool:
        """Whether a kernel is the viewer's own."""
        return self._owner.get(kernel_id, (None, 0.0))[0] == (handler.viewer.name, handler.session)


class Guard:
    """Before a handler: who is not known is sent to sign in, and nothing is told of kernels of others."""

    page = False
    of_kernel = False

    async def prepare(self: Any) -> None:
        """Turn away, or tell whoever answers who asks."""
        self.request.headers.pop(HEADER, None)  # what others send under this name is not ours
        known: Known = self.settings["identity_provider"]
        if known.doors.open and not is_loopback(urlsplit(f"//{self.request.host}").hostname or ""):
            raise tornado.web.HTTPError(403)  # a page from elsewhere whose name was made to mean this machine
        if await known.get_user(self) is None:
            return self._turn_away()
        if self.signed_in and self.page and self.get_query_argument("token", ""):
            known.remember(self, self.viewer)
            return self.redirect(without_token(self.request))
        if self.of_kernel and not self._owned([*self.path_args, *self.path_kwargs.values()][0]):
            raise tornado.web.HTTPError(404)
        self.request.headers[HEADER] = self.viewer.header()
        prepared = super().prepare()  # type: ignore[misc]
        if isinstance(prepared, Awaitable):
            await prepared
        return None

    def _owned(self: Any, kernel_id: str) -> bool:
        owners: Owners = self.settings["crmkpi_owners"]
        return owners.owns(self, kernel_id)

    def _turn_away(self: Any) -> None:
        if self.page and self.settings["identity_provider"].doors.by_token:
            self.redirect(f"{self.settings['login_url']}?{urlencode({'next': without_token(self.request)})}")
            return
        raise tornado.web.HTTPError(403)


class PageGuard(Guard):
    """Before a page: the kernels that are started for it are its viewer's."""

    page = True

    @property
    def kernel_manager(self: Any) -> Any:
        """The kernels, noting whose they are."""
        return _Noting(self.settings["kernel_manager"], self)

    def scope_key(self: Any) -> str:
        """What the viewer may see, as what is made for them must say that it is."""
        doors = self.settings["identity_provider"].doors
        return str(doors.scope(self.viewer).key)


class _Noting:
    """A kernel manager that notes for whom a kernel is started or taken."""

    def __init__(self, manager: Any, handler: Any) -> None:
        self._manager, self._handler = manager, handler
        self._owners: Owners = handler.settings["crmkpi_owners"]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)

    def __contains__(self, kernel_id: str) -> bool:
        return kernel_id in self._manager

    async def start_kernel(self, **given: Any) -> str:
        if given.get("kernel_id"):
            self._owners.give(given["kernel_id"], self._handler)
        started = await self._manager.start_kernel(**given)
        self._owners.give(started, self._handler)
        return str(started)

    async def get_rendered_notebook(self, **given: Any) -> Any:
        found = await self._manager.get_rendered_notebook(**given)
        self._owners.give(found[2], self._handler)
        return found


def without_token(request: Any) -> str:
    """The address of a request as it may be shared."""
    kept = [(name, value) for name, value in parse_qsl(request.query, keep_blank_values=True) if name != "token"]
    return request.path + (f"?{urlencode(kept)}" if kept else "")


def guarded(handler: type, page: bool = False, of_kernel: bool = False) -> type:
    """A handler behind the guard."""
    guard = PageGuard if page else Guard
    return type(f"Guarded{handler.__name__}", (guard, handler), {"of_kernel": of_kernel})
