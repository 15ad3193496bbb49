"""What was sent, noted before and after: nothing is sent twice for one run, whatever happens in between. Below it: report.store."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crmkpi.errors import DataError
from crmkpi.report.store import replace_text

NAME = "deliveries.json"
SENDING, SENT, REFUSED, UNKNOWN = "sending", "sent", "refused", "unknown"


class Ledger:
    """The deliveries of a folder of reports, by key; and the last value that each threshold was told of."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        try:
            self.kept: dict[str, dict[str, Any]] = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.kept = {}
        except (ValueError, OSError) as error:
            raise DataError(
                f"{self.path} can not be read ({error}), so nobody knows what was sent: move it away to send all again"
            ) from None

    def state(self, key: str) -> str:
        """What is known of a delivery: empty (it may be sent), sent, or unknown (the one that was cut off, too)."""
        found = str(self.kept.get(key, {}).get("state", ""))
        return {SENDING: UNKNOWN, REFUSED: ""}.get(found, found)

    def note(self, key: str, state: str, **more: Any) -> None:
        """Note it, on the disk, before anything else happens."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        self.kept[key] = {"state": state, "at": moment} | more
        self._write()

    def forget(self, key: str) -> None:
        """A threshold that is no longer passed."""
        if self.kept.pop(key, None):
            self._write()

    def _write(self) -> None:
        replace_text(self.path, json.dumps(self.kept, ensure_ascii=False, indent=1, sort_keys=True))
