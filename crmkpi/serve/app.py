"""The server: Voilà with our pages as its only pages, compressed. Below it: serve.config, voila."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from crmkpi.serve.config import Notebook, address
from crmkpi.serve.explain import ReferencePage

# What Voilà offers beside the pages: listings of folders, any notebook, files. None of it is needed.
_CLOSED = ("/voila/files/", "/voila/tree", "/voila/render/", "/voila/api/contents")


class Server(Voila):
    """Voilà for a known list of pages."""

    pages: list[Notebook] = []  # noqa: RUF012 - traitlets has no say here; set once, before the start

    def init_settings(self) -> dict[str, Any]:
        """Voilà's settings, known before the application is built, so that answers and messages are compressed."""
        return super().init_settings() | {
            "compress_response": True, "websocket_compression_options": {}, **self.tornado_settings,
        }  # fmt: skip

    def init_handlers(self) -> list[Any]:
        """Voilà's handlers without those that are closed, and one for each page."""
        kept = [self._under_base(each) for each in super().init_handlers() if not self._is_closed(each[0])]
        return [*kept, *(self._handler(page) for page in self.pages), self._reference()]

    def _reference(self) -> tuple[str, type, dict[str, Any]]:
        path = url_path_join(re.escape(self.server_url), "reference/(fr|en)")
        shown = self.voila_configuration.resources["crmkpi"]
        return (
            path,
            ReferencePage,
            {"data": Path(os.environ["CRMKPI_DATA"]), "home": shown["home"], "css": shown["css"]},
        )

    def _under_base(self, handler: Any) -> Any:
        """Voilà puts the sign-in at the root, and sends people to it under the base address."""
        pattern, *rest = handler
        return (url_path_join(self.server_url, pattern), *rest) if pattern in ("/login", "/logout") else handler

    def _is_closed(self, pattern: str) -> bool:
        return pattern == self.server_url or any(url_path_join(self.server_url, path) in pattern for path in _CLOSED)

    def _handler(self, page: Notebook) -> tuple[str, type, dict[str, Any]]:
        path = re.escape(address(page, self.server_url))
        return path, TornadoVoilaHandler, {
            "notebook_path": f"{page.name}.ipynb",
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }  # fmt: skip
