"""The server: Voilà with our pages as its only pages, compressed. Below it: serve.config, voila."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Any

from jupyter_core.utils import run_sync
from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from crmkpi.serve.config import Notebook, address
from crmkpi.serve.doors import Doors
from crmkpi.serve.explain import ReferencePage
from crmkpi.serve.first import Firsts
from crmkpi.serve.guard import Owners, guarded
from crmkpi.serve.page import Page, PageHandler, Starts
from crmkpi.serve.routes import NotFound, routes
from crmkpi.serve.scripts import Scripts
from crmkpi.serve.watch import Goodbye, Health, Life
from crmkpi.warm import warm

STARTS = max(2, os.cpu_count() or 2)
"""How many kernels start at once."""


class Server(Voila):
    """Voilà for a known list of pages."""

    pages: list[Notebook] = []  # noqa: RUF012 - traitlets has no say here; set once, before the start
    forks = False
    doors = Doors()
    secret = secrets.token_urlsafe(24)
    """Part of the address at which a kernel that ran ahead waits: nobody else can listen there."""

    def init_settings(self) -> dict[str, Any]:
        """Voilà's settings, known before the application is built, so that answers and messages are compressed."""
        return super().init_settings() | {
            "compress_response": True, "websocket_compression_options": {}, "crmkpi_owners": Owners(),
            "default_handler_class": NotFound, **self.tornado_settings,
        }  # fmt: skip

    def init_handlers(self) -> list[Any]:
        """The pages and what they need: nothing that Voilà offers beside."""
        data = Path(os.environ["CRMKPI_DATA"])
        self.starts = Starts(STARTS)
        names = [page.name for page in self.pages]
        self.firsts = Firsts(names, Path(self.root_dir), data, Path(self.connection_dir), self.starts.busy)
        shown = self.voila_configuration.resources["crmkpi"]
        pages = [self._handler(page) for page in self.pages]
        behind = [(path, guarded(handler, page=True), given) for path, handler, given in [*pages, self._reference()]]
        return [*behind, *self._watch(), *routes(self, shown["home"], shown["css"])]

    def listen(self) -> None:
        """Answer until told to stop; meanwhile pages are made ahead."""
        if self.forks:  # before anybody has come, it is not known for whom, unless it is the same for all
            IOLoop.current().add_callback(
                self.firsts.prepare, dict(os.environ), None if self.doors.access else "company"
            )
        super().listen()

    def _watch(self) -> list[Any]:
        kernel = r"([0-9a-f-]{36})"
        return [
            (url_path_join(self.server_url, "life", kernel), guarded(Life, of_kernel=True), {"firsts": self.firsts}),
            (url_path_join(self.server_url, "voila/api/shutdown", kernel), guarded(Goodbye, of_kernel=True)),
            (url_path_join(self.server_url, "scripts.js"), guarded(Scripts)),
            (url_path_join(self.server_url, "healthz"), Health, {"server": self, "firsts": self.firsts}),
        ]

    def stop(self) -> None:
        """End every kernel and the warm process, and leave no file."""
        self.kernel_manager._sweeper.stop()  # who ends them all needs nobody beside him
        try:
            run_sync(self.kernel_manager.shutdown_all)(now=True)
        finally:
            if process := warm():
                process.close()
            shutil.rmtree(self.connection_dir, ignore_errors=True)

    def _reference(self) -> tuple[str, type, dict[str, Any]]:
        path = url_path_join(re.escape(self.server_url), "reference/(fr|en)")
        shown = self.voila_configuration.resources["crmkpi"]
        return (
            path,
            ReferencePage,
            {"data": Path(os.environ["CRMKPI_DATA"]), "home": shown["home"], "css": shown["css"]},
        )

    def _handler(self, page: Notebook) -> tuple[str, type, dict[str, Any]]:
        path = re.escape(address(page, self.server_url))
        if self.forks:
            made = {"page": Page(page.name, self), "firsts": self.firsts, "starts": self.starts}
            return path, PageHandler, made | {"voila_configuration": self.voila_configuration}
        return path, TornadoVoilaHandler, {
            "notebook_path": f"{page.name}.ipynb",
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }  # fmt: skip
