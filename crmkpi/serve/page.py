"""A page as it is answered: its first paint at once, then a kernel of the viewer's own, which takes it over.

Voilà's renderer does the work. What it would do again for each viewer (read the notebook, compile the templates) is done once,
and the kernel is not waited for before anything is sent. Below it: serve.first, serve.life, voila.
"""

from __future__ import annotations

import asyncio
import copy
import os
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from uuid import uuid4

import tornado.web
from tornado.iostream import StreamClosedError
from voila.handler import BaseVoilaHandler
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

from crmkpi.serve.first import First, Firsts, is_shown

NOW = "<!--now-->"
"""In the template: what stands before it is sent without waiting for the rest."""


class Page:
    """One notebook, ready to be answered to any viewer."""

    def __init__(self, name: str, server: Any) -> None:
        self.name, self.server = name, server
        self._ready: NotebookRenderer | None = None
        self._reading = asyncio.Lock()

    async def renderer(self) -> NotebookRenderer:
        """A renderer for one viewer."""
        async with self._reading:
            if self._ready is None:
                self._ready = await self._read()
        ours = copy.copy(self._ready)
        ours.notebook = copy.deepcopy(self._ready.notebook)
        return ours

    async def _read(self) -> NotebookRenderer:
        server = self.server
        config = get_page_config(
            base_url=server.base_url,
            settings=server.app.settings,
            log=server.log,
            voila_configuration=server.voila_configuration,
        )
        made = NotebookRenderer(
            voila_configuration=server.voila_configuration, traitlet_config=server.config, notebook_path=f"{self.name}.ipynb",
            template_paths=server.template_paths, config_manager=server.config_manager, contents_manager=server.contents_manager,
            base_url=server.base_url, kernel_spec_manager=server.kernel_spec_manager, page_config=config,
            mathjax_config=server.mathjax_config, mathjax_url=server.mathjax_url,
        )  # fmt: skip
        await made.initialize()
        made.notebook.cells = [cell for cell in made.notebook.cells if is_shown(cell)]
        return made


class Starts(asyncio.Semaphore):
    """How many kernels start at once: more would only make each other late."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    def busy(self) -> bool:
        """Whether somebody waits for one."""
        return self._value < self.most


class PageHandler(BaseVoilaHandler):
    """``/`` and ``/1_commercial``: for those who may see the dashboards."""

    def initialize(self, page: Page, firsts: Firsts, starts: Starts, **more: Any) -> None:
        """The page; where first paints are; how many kernels may start at once."""
        super().initialize(**more)
        self.page, self.firsts, self.starts = page, firsts, starts
        self.kernel_id = str(uuid4())
        self._gone = False

    @tornado.web.authenticated
    async def get(self) -> None:
        """The page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        env = self._env()
        first = self.firsts.get(self.page.name, self.request.query, self._is_narrow(), self.scope_key(), env)
        async with Starting(self, first, env) as start:
            renderer = await self.page.renderer()
            try:
                async for html in _html(renderer, start, first):
                    self.write(html)
                    if NOW in html:
                        await self.flush()
            except StreamClosedError:
                self.on_connection_close()

    def on_connection_close(self) -> None:
        """Who left while the page was being made needs no kernel."""
        self._gone = True
        self.kernel_manager.leave(self.kernel_id)

    def scope_key(self) -> str:
        """What of the data this viewer may see, as a text that others share only if they may see the same."""
        return "company"

    def _env(self) -> dict[str, str]:
        """What the kernel is told of the viewer."""
        told = {
            "VOILA_PREHEAT": "False",
            "QUERY_STRING": self.request.query,
            "CRMKPI_NARROW": str(int(self._is_narrow())),
        }
        wanted = {name.lower() for name in self.voila_configuration.http_header_envs}
        headers = {name: value for name, value in self.request.headers.items() if name.lower() in wanted}
        return (
            dict(os.environ)
            | told
            | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        )

    def _is_narrow(self) -> bool:
        """Whether it is a phone that asks: what is wrong is mended by the page itself."""
        said = self.request.headers.get("Sec-CH-UA-Mobile")
        return said == "?1" if said else "Mobi" in self.request.headers.get("User-Agent", "")


class Starting:
    """The start of a viewer's kernel: when its page has been painted, and not all at once."""

    def __init__(self, handler: PageHandler, first: First | None, env: dict[str, str]) -> None:
        self.handler, self.first, self.env = handler, first, env
        self._held = False

    async def __aenter__(self) -> Starting:
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._held:
            self.handler.starts.release()

    async def kernel(self) -> Any:
        """The kernel, started; StreamClosedError if nobody waits for it any more."""
        handler, env = self.handler, self.env
        if self.first is not None and await self.first.ready():
            env = {**env, "CRMKPI_FIRST": str(self.first.file)}
        await handler.starts.acquire()
        self._held = True
        if handler._gone:
            raise StreamClosedError
        manager = handler.kernel_manager
        await manager.start_kernel(kernel_id=handler.kernel_id, kernel_name="python3", path="", env=env)
        return manager.get_kernel(handler.kernel_id)


async def _html(renderer: NotebookRenderer, start: Starting, first: First | None) -> AsyncIterator[str]:
    """The template, with what it asks for: the first paint, the kernel, the cells that run in it."""

    async def begin(notebook: Any, kernel: Any) -> str:
        return str(await renderer._jinja_kernel_start(notebook, start.handler.kernel_id, kernel()))

    context = {
        "frontend": "voila", "main_js": "voila.js", "progressive_rendering": False,
        "kernel_start": partial(begin, kernel=start.kernel),
        "cell_generator": renderer._jinja_cell_generator,
        "first_paint": first.html if first is not None else None,
    }  # fmt: skip
    async for html, _ in renderer.exporter.generate_from_notebook_node(
        renderer.notebook, resources=renderer.resources, extra_context=context, page_config=renderer.page_config
    ):
        yield html
