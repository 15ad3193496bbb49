"""Everything that the server answers, beside its pages: a list, so that what Voilà may offer one day is not open by itself.

All of it stands behind the guard but the sign-in, and the address at which a kernel that ran ahead waits to hear for whom,
which holds a secret. Below it: guard, signin, voila.
"""

from __future__ import annotations

import re
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, RequestHandler
from voila.request_info_handler import RequestInfoSocketHandler
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler

from crmkpi.serve.config import EXTENSIONS
from crmkpi.serve.guard import guarded
from crmkpi.serve.signin import SignIn, SignOut

KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
Route = tuple[Any, ...]


class KernelState(KernelHandler):
    """What a page asks of its kernel before it talks to it; it can not be changed here."""

    SUPPORTED_METHODS = ("GET",)


class NotFound(RequestHandler):
    """Whatever is not on the list."""

    def prepare(self) -> None:
        """404, to any method."""
        raise HTTPError(404)


def routes(server: Any, home: str, css: str) -> list[Route]:
    """What pages load and whom they talk to; ``home`` and ``css`` are for the sign-in."""

    def under(path: str) -> str:
        return url_path_join(re.escape(server.server_url), path)

    extensions = "|".join(map(re.escape, EXTENSIONS))
    looks = {"home": home, "css": css}
    # jupyter_server's socket, not Voilà's, which takes a file in the older protocol for a count without end, and stops there
    found: list[Route] = [
        (under(f"api/kernels/{KERNEL}"), guarded(KernelState, of_kernel=True)),
        (under(f"api/kernels/{KERNEL}/channels"), guarded(KernelWebsocketHandler, of_kernel=True)),
        (under(r"voila/templates/(crmkpi/static/[\w.-]+)"), guarded(TemplateStaticFileHandler)),
        (under(r"voila/static/(.*)"), guarded(MultiStaticFileHandler), {"paths": server.static_paths}),
        (
            under(rf"voila/labextensions/((?:{extensions})/.*)"),
            guarded(FileFindHandler),
            {"path": server.labextensions_path, "no_cache_paths": ["/"]},
        ),
        (under("login"), SignIn, looks),
        (under("logout"), SignOut),
    ]
    if server.voila_configuration.preheat_kernel:
        found.append((under(f"{server.secret}/voila/query/{KERNEL}"), RequestInfoSocketHandler))
    return found
