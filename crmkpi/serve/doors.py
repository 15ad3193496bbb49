"""How viewers get in, and who they are then: tokens, proxies that are trusted, this machine. Below it: crmkpi.access."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmkpi.access import COMPANY, Access, Scope, Viewer, read_access
from crmkpi.access.file import digest_of
from crmkpi.errors import CrmkpiError, UsageError


@dataclass(frozen=True)
class Doors:
    """How viewers get in.

    ``token`` is a secret that all share; ``access`` the access file, with a token for each person or without any;
    ``proxies`` are the addresses that are trusted to say in ``header`` who looks, and in ``groups_header``, if it is
    named, in which groups they are; ``viewer`` is who looks on this machine, to see what they see.
    """

    token: str = field(default="", repr=False)
    access: Path | None = None
    proxies: tuple[str, ...] = ()
    header: str = "X-Forwarded-User"
    groups_header: str = ""
    viewer: str = ""

    @property
    def by_token(self) -> bool:
        """Whether people sign in with a token."""
        return bool(self.token or (self.access and not self.proxies and not self.viewer))

    @property
    def open(self) -> bool:
        """Whether nobody needs to say who they are."""
        return not (self.by_token or self.proxies)

    def check(self) -> None:
        """UsageError for doors that contradict each other, or that let nobody in; DataError for the access file."""
        rules = read_access(self.access) if self.access else Access()
        for proxy in self.proxies:
            _network(proxy)
        if self.token and (self.access or self.proxies):
            raise UsageError(
                "a token that all share says nobody's name: give the access file tokens ('crmkpi token NAME')"
            )
        if self.viewer and self.proxies:
            raise UsageError("--viewer is for this machine alone, a proxy brings other viewers: give one of them")
        if self.by_token and self.access and not rules.tokens:
            raise UsageError(
                f"nobody can say who they are: give {self.access.name} tokens ('crmkpi token NAME'), or trust the proxy that "
                "signs people in (--trust-proxy ADDRESS)"
            )

    def at_proxy(self, peer: str, headers: Any) -> Viewer | None:
        """Who looks, as a trusted proxy says; None from anywhere else, or if it does not say it exactly once."""
        names = headers.get_list(self.header)
        if not _inside(peer, self.proxies) or len(names) != 1 or not names[0].strip():
            return None
        said = ",".join(headers.get_list(self.groups_header)) if self.groups_header else ""
        return Viewer(names[0].strip(), tuple(sorted({each.strip() for each in said.split(",") if each.strip()})))

    def holder(self, token: str) -> Viewer | None:
        """Whose token it is; None if it is nobody's."""
        if self.token:
            return Viewer() if hmac.compare_digest(digest_of(token), digest_of(self.token)) else None
        name = self._rules().who(token)
        return Viewer(name) if name else None

    def proof(self, viewer: Viewer) -> str:
        """What a cookie must hold for a viewer to be let in again: gone with the token."""
        return (digest_of(self.token) if self.token else self._rules().tokens.get(viewer.name, ""))[:32]

    def scope(self, viewer: Viewer) -> Scope:
        """What a viewer may see: by the access file, else all."""
        return self._rules().scope(viewer.name, viewer.groups) if self.access else COMPANY

    def _rules(self) -> Access:
        try:
            return read_access(self.access) if self.access else Access()
        except CrmkpiError:  # while it is being written, or wrong since: nobody gets in
            return Access()


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise UsageError(
            f"--trust-proxy {text!r}: expected an address such as 127.0.0.1, or a network, 10.0.0.0/24"
        ) from None


def _inside(peer: str, networks: tuple[str, ...]) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:  # a UNIX socket has no address
        return False
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in _network(text) for text in networks)


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
