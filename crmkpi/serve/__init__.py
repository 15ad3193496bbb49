"""The dashboards as web pages: ``serve(DATA)``. Below it: :mod:`crmkpi.dashboard`; Voilà does the work.

Read in this order: ``config`` (what is open and what is closed), ``doors`` and ``identity`` (who looks), ``guard`` (what
every request passes), ``routes`` (all that is answered), ``channel`` (what a page may say to its kernel), ``app`` (the
server), then the template in ``share/voila/templates/crmkpi``.
"""

from __future__ import annotations

import os
import socket
import webbrowser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import crmkpi
from crmkpi.dashboard.context import notebooks_folder
from crmkpi.errors import UsageError
from crmkpi.serve.doors import Doors, is_loopback
from crmkpi.warm import warm

__all__ = ["serve"]


def serve(
    data: str | Path, *, host: str = "127.0.0.1", port: int = 8866, base_url: str = "/", open_browser: bool = False,
    token: str = "", notebooks: str | Path | None = None, preheat: bool = True, access: str | Path | None = None,
    trust_proxy: Iterable[str] = (), identity_header: str = "X-Forwarded-User", groups_header: str = "", viewer: str = "",
    cull: float = 60.0, log_json: bool = False,
) -> None:  # fmt: skip
    """Serve the notebooks over a data folder until interrupted.

    Parameters
    ----------
    data:
        The data folder.
    host, port, base_url:
        Where to listen; anything but this machine needs a way to know who looks.
    open_browser:
        Whether to open the home page.
    token:
        A secret that all viewers share, who all see the same.
    access:
        The access file (:mod:`crmkpi.access`): who sees what, with a token for each person unless a proxy signs them in.
    trust_proxy, identity_header, groups_header:
        Addresses of proxies that say in a header who looks (and in another one, if it is named, in which groups they are).
    viewer:
        Whose eyes to see with, on this machine alone.
    notebooks:
        The folder with the notebooks; by default those of the wheel, or of the repository.
    preheat:
        Whether a kernel per page is kept ready where none can be forked, so that a page opens at once.
    cull:
        Seconds after which the kernel of a page that vanished ends.
    log_json:
        Whether each request is logged, as a line of JSON that names nobody.

    DataError if the data cannot be read, UsageError if the address cannot be used.
    """
    base_url = "/" + base_url.strip("/") + "/" if base_url.strip("/") else "/"
    access = access or os.environ.get("CRMKPI_ACCESS")
    file = Path(access).resolve() if access else None
    doors = Doors(token, file, tuple(trust_proxy), identity_header, groups_header, viewer)
    doors.check()
    _check_host(host, doors)
    crm = crmkpi.open(data)
    folder = notebooks_folder(notebooks)
    _check_port(host, port)
    os.environ["CRMKPI_DATA"] = str(Path(data).resolve())
    os.environ.pop("CRMKPI_TOKEN", None)  # what kernels are not told, they can not tell
    if doors.access:
        os.environ["CRMKPI_ACCESS"] = str(doors.access)
    _put_first("PYTHONPATH", Path(__file__).parents[2])  # the kernels import the crmkpi that serves them
    language = crm.language
    del crm  # it is read again by who needs it
    _run(folder, language, host, port, base_url, doors, open_browser, preheat, {"cull": cull, "log_json": log_json})


def _run(
    folder: Path, lang: str, host: str, port: int, base_url: str, doors: Doors, open_browser: bool, preheat: bool,
    more: dict[str, Any],
) -> None:  # fmt: skip
    from crmkpi.serve.config import SHARE, configuration, find_notebooks

    _put_first("JUPYTER_PATH", SHARE)
    from crmkpi.serve.app import Server
    from crmkpi.serve.logs import log_as_json, log_request

    pages = find_notebooks(folder)
    forks = warm() is not None
    preheat = preheat and not forks  # what is forked is ready at once, and need not run before it is known for whom
    config = configuration(folder, pages, host=host, port=port, base_url=base_url, lang=lang, preheat=preheat)
    config.Kernels.cull_after = more["cull"]
    if more["log_json"]:
        config.Voila.tornado_settings["log_function"] = log_request
        log_as_json()
    server = Server(config=config)
    server.pages, server.forks, server.doors = pages, forks, doors
    os.environ["VOILA_WS_BASE_URL"] = f"{base_url}{server.secret}/"
    server.initialize([])
    shown = f"http://{host}:{port}{base_url}"
    print(f"crmkpi: {shown}{'?token=...' if doors.by_token else ''}  (Ctrl+C stops it)", flush=True)  # noqa: T201 - the answer
    if open_browser:
        webbrowser.open(shown + (f"?token={doors.token}" if doors.token else ""))
    server.start()


def _put_first(name: str, path: Path) -> None:
    """Put a folder before the others in an environment variable that lists folders."""
    os.environ[name] = os.pathsep.join([str(path), *filter(None, [os.environ.get(name)])])


def _check_host(host: str, doors: Doors) -> None:
    if not is_loopback(host) and doors.open:
        raise UsageError(
            f"{host} can be reached from other machines, and nobody would have to sign in: serve on 127.0.0.1; or trust the "
            "proxy that signs people in (--trust-proxy ADDRESS); or give a secret that all viewers share (--token), or an "
            "access file with one for each (--access)"
        )


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(f"cannot listen on {host}:{port} ({error.strerror}); choose another port") from None
