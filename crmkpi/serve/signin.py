"""The page on which one signs in with a token; nothing else is answered to who is not known. Below it: identity."""

from __future__ import annotations

import asyncio
import html
import re
from typing import Any
from urllib.parse import urlparse

import tornado.web

from crmkpi.serve.identity import Known

_WORDS = {
    "fr": (
        "Connexion",
        "Votre code d'accès",
        "Entrer",
        "Ce code n'est pas connu : demandez-en un à qui vous a donné l'adresse.",
    ),
    "en": ("Sign in", "Your access code", "Enter", "This code is not known: ask whoever gave you the address for one."),
}
SLOWLY = 0.5
"""Seconds that a wrong token costs."""
_INSIDE = re.compile(r"/(?![/\\])[^\\\s]*")


class SignIn(tornado.web.RequestHandler):
    """``login``: a form, and what it sends."""

    def initialize(self, home: str, css: str) -> None:
        """Where to go after it; how it looks."""
        self.home, self.look = home, css

    @property
    def known(self) -> Known:
        """Who is who."""
        found: Known = self.settings["identity_provider"]
        return found

    def set_default_headers(self) -> None:
        """Kept by nobody, shown in no other page."""
        self.set_header("Cache-Control", "no-store")
        for name, value in self.settings.get("headers", {}).items():
            self.set_header(name, value)

    def get(self) -> None:
        """The form."""
        self._show("")

    async def post(self) -> None:
        """A token."""
        if not self._is_ours() or not self.known.doors.by_token:
            raise tornado.web.HTTPError(403)
        viewer = self.known.doors.holder(self.get_body_argument("token", ""))
        if viewer is None:
            await asyncio.sleep(SLOWLY)
            self.set_status(403)
            self._show(self._words[3])
            return
        self.known.remember(self, viewer)
        self.redirect(self._next)

    def _is_ours(self) -> bool:
        """Whether the form is that of this server: another site must not sign anybody in."""
        origin = self.request.headers.get("Origin")
        return origin is None or urlparse(origin).netloc == self.request.host

    @property
    def _next(self) -> str:
        wanted = self.get_argument("next", self.home)
        return wanted if _INSIDE.fullmatch(wanted) else self.home

    @property
    def _words(self) -> tuple[str, str, str, str]:
        return _WORDS["en" if self.request.headers.get("Accept-Language", "fr").lower().startswith("en") else "fr"]

    def _show(self, wrong: str) -> None:
        title, label, enter, _ = self._words
        alert = f'<p role="alert">{html.escape(wrong)}</p>' if wrong else ""
        self.finish(
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · crmkpi</title>'
            f"<style>{self.look}{_STYLE}</style></head><body class='ck'><main><h1>{title}</h1>{alert}"
            f'<form method="post"><input type="hidden" name="next" value="{html.escape(self._next)}">'
            f'<label>{label}<input type="password" name="token" autocomplete="current-password" required autofocus></label>'
            f"<button>{enter}</button></form></main></body></html>"
        )


class SignOut(tornado.web.RequestHandler):
    """``logout``: this browser is let in no more."""

    def get(self) -> None:
        """Forget, and show the form."""
        known: Any = self.settings["identity_provider"]
        known.forget(self)
        self.redirect(self.settings["login_url"])


_STYLE = """
body { margin: 0; font-family: system-ui, sans-serif; } main { max-width: 360px; margin: 15vh auto; padding: 0 20px; }
label { display: block; } input { display: block; width: 100%; box-sizing: border-box; margin: 8px 0 16px; padding: 10px; font: inherit; }
button { font: inherit; padding: 10px 24px; } p { color: #b3261e; }
"""
