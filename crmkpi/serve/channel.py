"""What a page may say to its kernel: what widgets need, and nothing that runs code. Below it: jupyter_server."""

from __future__ import annotations

import json
import logging
import struct
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_binary_message, deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

log = logging.getLogger("crmkpi.serve")
ALLOWED = ("comm_msg", "comm_close", "comm_info_request", "kernel_info_request")
TOLD = ("status", "comm_open", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply")
"""What a kernel tells its page: nothing that was printed, and no error, which would name files and rows."""
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
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error):
            kind, fine = "no message", False
        if fine:
            super().handle_incoming_message(incoming_msg)
        else:
            log.warning("dropped from a page: %.40r", kind)

    def handle_outgoing_message(self, stream: str, outgoing_msg: list[Any]) -> None:
        """Pass on what a page needs to hear."""
        _, parts = self.session.feed_identities(outgoing_msg)
        header = json.loads(_bytes(parts[1]))
        if header.get("msg_type") in TOLD:
            super().handle_outgoing_message(stream, outgoing_msg)
        elif header.get("msg_type") == "error":
            log.error("an error in a kernel: %.80s", json.loads(_bytes(parts[4])).get("ename"))

    def _read(self, message: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The header and the content of a message, in either protocol."""
        if self.subprotocol == "v1.kernel.websocket.jupyter.org":
            if int.from_bytes(message[:8], "little") > len(message) // 8:  # so many parts are not there to be counted
                raise ValueError
            _, parts = deserialize_msg_from_ws_v1(message)
            return json.loads(parts[0]), json.loads(parts[3])
        told = deserialize_binary_message(message) if isinstance(message, bytes) else json.loads(message)
        return told["header"], told["content"]


def _bytes(part: Any) -> bytes:
    """A part of a message, as it came or as a frame of ZeroMQ."""
    return bytes(getattr(part, "bytes", part))
