"""The dashboards as web pages: ``serve(DATA)``. Below it: :mod:`crmkpi.dashboard`; Voilà does the work.

Read in this order: ``config`` (what is open and what is closed), ``app`` (the server), then the template
in ``share/voila/templates/crmkpi``.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import webbrowser
from pathlib import Path

import crmkpi
from crmkpi.dashboard.context import notebooks_folder
from crmkpi.errors import UsageError
from crmkpi.warm import warm

__all__ = ["serve"]


def serve(
    data: str | Path, *, host: str = "127.0.0.1", port: int = 8866, base_url: str = "/", open_browser: bool = False,
    token: str = "", notebooks: str | Path | None = None, preheat: bool = True,
) -> None:  # fmt: skip
    """Serve the notebooks over a data folder until interrupted.

    Parameters
    ----------
    data:
        The data folder.
    host, port, base_url:
        Where to listen; anything but this machine needs a ``token``, for there are no users yet.
    open_browser:
        Whether to open the home page.
    token:
        A shared secret that viewers give as ``?token=...``; empty for none.
    notebooks:
        The folder with the notebooks; by default those of the wheel, or of the repository.
    preheat:
        Whether a kernel per page is kept ready, so that a page opens at once.

    DataError if the data cannot be read, UsageError if the address cannot be used.
    """
    base_url = "/" + base_url.strip("/") + "/" if base_url.strip("/") else "/"
    _check_host(host, token)
    crm = crmkpi.open(data)
    folder = notebooks_folder(notebooks)
    _check_port(host, port)
    os.environ["CRMKPI_DATA"] = str(Path(data).resolve())
    _put_first("PYTHONPATH", Path(__file__).parents[2])  # the kernels import the crmkpi that serves them
    _run(folder, crm.language, host, port, base_url, token, open_browser, preheat)


def _run(
    folder: Path, lang: str, host: str, port: int, base_url: str, token: str, open_browser: bool, preheat: bool
) -> None:
    from crmkpi.serve.config import SHARE, configuration, find_notebooks

    _put_first("JUPYTER_PATH", SHARE)
    from crmkpi.serve.app import Server

    pages = find_notebooks(folder)
    forks = warm() is not None
    preheat = preheat and not forks  # what is forked is ready at once, and need not run before it is known for whom
    config = configuration(
        folder, pages, host=host, port=port, base_url=base_url, token=token, lang=lang, preheat=preheat
    )
    server = Server(config=config)
    server.pages, server.forks = pages, forks
    server.initialize([])
    shown = f"http://{host}:{port}{base_url}"
    print(f"crmkpi: {shown}{'?token=...' if token else ''}  (Ctrl+C stops it)", flush=True)  # noqa: T201 - the address is the answer
    if open_browser:
        webbrowser.open(shown + (f"?token={token}" if token else ""))
    server.start()


def _put_first(name: str, path: Path) -> None:
    """Put a folder before the others in an environment variable that lists folders."""
    os.environ[name] = os.pathsep.join([str(path), *filter(None, [os.environ.get(name)])])


def _check_host(host: str, token: str) -> None:
    if not (is_loopback(host) or token):
        raise UsageError(
            f"{host} can be reached from other machines, and there is no sign-in yet: serve on 127.0.0.1 behind a proxy "
            "that signs people in, or give a token (--token), a secret that all viewers share"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(f"cannot listen on {host}:{port} ({error.strerror}); choose another port") from None
