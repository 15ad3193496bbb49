"""What pages and whoever runs the server ask it: whether a kernel lives, which data there are, how it does; goodbyes.

Below it: serve.first, serve.life.
"""

from __future__ import annotations

import json
from typing import Any

import tornado.web
from jupyter_server.base.handlers import JupyterHandler

import crmkpi
from crmkpi.engine.duck import read_manifest
from crmkpi.errors import CrmkpiError
from crmkpi.serve.first import Firsts
from crmkpi.warm import warm


class Life(JupyterHandler):
    """``life/<kernel>``: what data there are, for a page that lives; 404 for one whose kernel is gone."""

    def initialize(self, firsts: Firsts) -> None:
        """Where it is known what the data are."""
        self.firsts = firsts

    @tornado.web.authenticated
    async def get(self, kernel_id: str) -> None:
        """Whether the kernel of a page lives."""
        if kernel_id not in self.kernel_manager:
            raise tornado.web.HTTPError(404)
        self.set_header("Cache-Control", "no-store")
        self.finish({"mark": self.firsts.mark()})


class Goodbye(JupyterHandler):
    """A page that is closed or left: who knows the kernel's name may end it, and nobody else knows it."""

    def check_xsrf_cookie(self) -> None:
        """A browser that leaves a page sends what it was told to, without headers."""

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        """The page of a kernel says goodbye."""
        kernels: Any = self.kernel_manager
        kernels.leave(kernel_id)
        self.set_status(204)
        self.finish()


class Health(tornado.web.RequestHandler):
    """``healthz``: for whoever runs the server; no word of the data or of anybody."""

    def initialize(self, server: Any, firsts: Firsts) -> None:
        """The server, and its data."""
        self.server, self.firsts = server, firsts

    def get(self) -> None:
        """How the server does: 503 when it can not read the data."""
        state: dict[str, Any] = {"status": "ok", "crmkpi": crmkpi.__version__}
        try:
            manifest = read_manifest(self.firsts.data)
            state |= {
                "data_version": manifest["version"],
                "loaded_at": manifest.get("loaded_at"),
                "as_of": manifest["as_of"],
            }
        except CrmkpiError:
            self.set_status(503)
            state["status"] = "the data can not be read"
        process = warm()
        state |= {"kernels": len(self.server.kernel_manager), "first_paints": len(self.firsts.kept),
                  "warm": process is not None and process.alive}  # fmt: skip
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(state))
