"""What the server logs, for machines: a line of JSON for each request and each warning. Below it: tornado.

No address of a viewer, no query (it names teams and people), no name of a kernel (who knows it may use it).
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

_KERNEL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
log = logging.getLogger("crmkpi.serve")


class Lines(logging.Formatter):
    """Each record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line.

        >>> record = logging.LogRecord("crmkpi", logging.WARNING, "", 0, "gone: %s", ("0f0f0f0f-aaaa-bbbb-cccc-0123456789ab",), None)
        >>> json.loads(Lines().format(record))["message"]
        'gone: KERNEL'
        """
        said = {"time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
                "level": record.levelname.lower(), "logger": record.name, "message": without_kernels(record.getMessage())}  # fmt: skip
        if record.exc_info and record.exc_info[0]:
            said["error"] = record.exc_info[0].__name__
        return json.dumps(said | getattr(record, "told", {}), ensure_ascii=False)


def without_kernels(text: str) -> str:
    """A text in which no kernel is named."""
    return _KERNEL.sub("KERNEL", text)


def log_as_json() -> None:
    """Let everything that is logged come as lines of JSON, on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    log.setLevel(logging.INFO)


def log_request(handler: Any) -> None:
    """One request that was answered; the health address is asked all the time and says nothing new."""
    path = without_kernels(handler.request.path)
    if path.endswith(("/healthz", "/life/KERNEL")) and handler.get_status() == 200:
        return
    told = {"method": handler.request.method, "path": path, "status": handler.get_status(),
            "ms": round(1000 * handler.request.request_time())}  # fmt: skip
    log.info("request", extra={"told": told})
