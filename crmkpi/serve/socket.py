"""What a page may say to its kernel: what widgets need, and nothing that runs code. Below it: jupyter_server."""

from __future__ import annotations

import json
import logging
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_binary_message, deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

log = logging.getLogger("crmkpi.serve")
ALLOWED = ("comm_msg", "comm_close", "comm_info_request", "kernel_info_request")
WIDGETS = "jupyter.widget.control"
"""The one comm that a page opens: through it, it asks for the widgets that there are."""


class OnlyWidgets(ZMQChannelsWebsocketConnection):
    """The socket between a page and its kernel."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass on what widgets say; drop the rest, and what is no message at all."""
        try:
            header, content = self._read(incoming_msg)
            kind = header["msg_type"]
            fine = kind in ALLOWED or (kind == "comm_open" and content.get("target_name") == WIDGETS)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            kind, fine = "no message", False
        if fine:
            super().handle_incoming_message(incoming_msg)
        else:
            log.warning("dropped from a page: %.40r", kind)

    def _read(self, message: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The header and the content of a message, in either protocol."""
        if self.subprotocol == "v1.kernel.websocket.jupyter.org":
            _, parts = deserialize_msg_from_ws_v1(message)
            return json.loads(parts[0]), json.loads(parts[3])
        told = deserialize_binary_message(message) if isinstance(message, bytes) else json.loads(message)
        return told["header"], told["content"]
