"""The scripts that show widgets, in one answer instead of eighty. Below it: voila, tornado.

``share/scripts.txt`` names what a browser was seen to load; webpack takes a piece that is there already for loaded, and asks
for one that is not: of another version of Voilà only what still exists is sent, and the rest comes as it always did.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from jupyter_core.paths import jupyter_path
from jupyter_server.base.handlers import JupyterHandler

LIST = Path(__file__).parent / "share" / "scripts.txt"
_YEAR = 365 * 24 * 3600


@cache
def scripts() -> bytes:
    """The pieces one after another."""
    found = [path for line in LIST.read_text(encoding="utf-8").split() if (path := _find(line))]
    return b"\n;\n".join(path.read_bytes() for path in found)


def _find(line: str) -> Path | None:
    """Where a piece is: Voilà's own among its templates, a widget's among the extensions."""
    kind, _, rest = line.partition("/")
    own = [*jupyter_path("voila", "labextensions"), *jupyter_path("labextensions")]
    folders = jupyter_path("voila", "templates", "base", "static") if kind == "static" else own
    return next((path for each in folders if (path := Path(each) / rest).is_file()), None)


@cache
def packed() -> bytes:
    """The same, as it is sent."""
    return gzip.compress(scripts(), 9, mtime=0)


@cache
def address() -> str:
    """The end of their address, which changes when they do."""
    return f"scripts.js?v={hashlib.sha256(scripts()).hexdigest()[:16]}"


class Scripts(JupyterHandler):
    """The pieces, packed once."""

    def get(self) -> None:
        """All of them, to be kept for a year: another version has another address."""
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", f"private, max-age={_YEAR}, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(packed())
        else:
            self.finish(scripts())
