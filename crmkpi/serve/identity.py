"""Who looks, for each request: jupyter_server asks it. Below it: serve.doors."""

from __future__ import annotations

import hmac
import json
import uuid
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User

from crmkpi.access import Viewer
from crmkpi.serve.doors import Doors

DAYS = 30
"""How long a sign-in by token lasts."""


class Known(IdentityProvider):
    """The viewer of each request; the handler keeps it as ``viewer``, and the browser's sign-in as ``session``."""

    @property
    def server(self) -> Any:
        """The server, whose doors these are."""
        return self.parent

    @property
    def doors(self) -> Doors:
        """How viewers get in."""
        found: Doors = self.server.doors
        return found

    @property
    def auth_enabled(self) -> bool:
        """Whether anybody must say who they are."""
        return not self.doors.open

    async def get_user(self, handler: Any) -> User | None:
        """The viewer, for jupyter_server; None if nobody known."""
        if not hasattr(handler, "viewer"):
            handler.session, handler.signed_in = "", False
            handler.viewer = self._viewer(handler)
        return User(username=handler.viewer.name or "viewer") if handler.viewer is not None else None

    def _viewer(self, handler: Any) -> Viewer | None:
        doors = self.doors
        if doors.proxies:
            return doors.at_proxy(handler.request.remote_ip, handler.request.headers)
        if doors.by_token:
            return self._by_token(handler) or self._by_cookie(handler)
        return Viewer(doors.viewer)

    def _by_token(self, handler: Any) -> Viewer | None:
        """Who signs in with this very request: by the address, or as programs do."""
        kind, _, given = handler.request.headers.get("Authorization", "").partition(" ")
        token = handler.get_query_argument("token", "") or (given if kind.lower() in ("token", "bearer") else "")
        viewer = self.doors.holder(token) if token else None
        if viewer is not None:
            handler.signed_in = True
        return viewer

    def _by_cookie(self, handler: Any) -> Viewer | None:
        value = handler.get_signed_cookie(self.cookie(handler), max_age_days=DAYS)
        if not value:
            return None
        name, session, proof = json.loads(value)
        viewer, wanted = Viewer(name), self.doors.proof(Viewer(name))
        if not (wanted and hmac.compare_digest(proof, wanted)):
            return None
        handler.session = session
        return viewer

    def remember(self, handler: Any, viewer: Viewer) -> None:
        """Let a browser in again without its token."""
        value = json.dumps([viewer.name, uuid.uuid4().hex, self.doors.proof(viewer)])
        https = "https" in (handler.request.protocol, handler.request.headers.get("X-Forwarded-Proto"))
        options = {"httponly": True, "samesite": "Lax", "secure": https, "path": self.server.base_url}
        handler.set_signed_cookie(self.cookie(handler), value, expires_days=DAYS, **options)

    def forget(self, handler: Any) -> None:
        """Let a browser in no more."""
        handler.clear_cookie(self.cookie(handler), path=self.server.base_url)

    def cookie(self, handler: Any) -> str:
        """The name of the cookie: browsers do not tell two servers of one machine apart by their ports."""
        return f"crmkpi-{self.server.port}"
