"""Who looks: as the server that signed them in says to the kernel that answers them. Below it: nothing of crmkpi."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

HEADER = "X-Crmkpi-Viewer"
"""The header in which the server says who looks; what a browser or proxy sends under this name is thrown away."""


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks: a name, empty for nobody known, and the groups that a proxy says they are in."""

    name: str = ""
    groups: tuple[str, ...] = ()

    def header(self) -> str:
        """The value of the header, in letters that any server passes on.

        >>> Viewer.of(Viewer("Zoé", ("ventes",)).header())
        Viewer(name='Zoé', groups=('ventes',))
        """
        return base64.b64encode(json.dumps([self.name, *self.groups]).encode()).decode()

    @classmethod
    def of(cls, header: str) -> Viewer:
        """The viewer that a header names; nobody, if it is empty."""
        name, *groups = json.loads(base64.b64decode(header)) if header else [""]
        return cls(name, tuple(groups))
