"""Kernels forked from the warm process, for everything that starts kernels by jupyter_client.

``JUPYTER_DEFAULT_PROVISIONER_NAME=crmkpi-warm`` chooses it; notebooks and kernel specifications stay as they are. What can
not be forked (another interpreter or language, another environment, no warm process) is started the plain way. Below it:
crmkpi.warm, jupyter_client.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from crmkpi.warm import fits, warm

NAME = "crmkpi-warm"
_LAUNCHER = ["-m", "ipykernel_launcher"]


class ForkProvisioner(LocalProvisioner):
    """A kernel on this machine, forked where it can be."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork it, or start it the plain way."""
        forked = await self._forked(cmd, kwargs)
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid, self.cwd = forked, forked.pid, forked.pid, kwargs.get("cwd")
        return self.connection_info

    async def _forked(self, cmd: list[str], kwargs: dict[str, Any]) -> Any:
        argv = arguments(cmd)
        env = {**(kwargs.get("env") or os.environ)}
        process = warm() if argv is not None else None
        if process is None or not fits(process.environ, env):
            return None
        try:
            return await process.fork(
                "crmkpi.warm.kernel:run", {"argv": argv}, env, str(kwargs.get("cwd") or os.getcwd())
            )
        except OSError as error:
            self.log.warning("the kernel is started the plain way: %s", error)
            return None


def arguments(cmd: list[str]) -> list[str] | None:
    """What the kernel is told, of a command that starts ipykernel with this interpreter; else None.

    >>> arguments([sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "k.json"])
    ['-f', 'k.json']
    >>> arguments(["R", "--slave"])
    """
    if not cmd or os.path.realpath(cmd[0]) != os.path.realpath(sys.executable):
        return None
    for place in range(1, len(cmd) - 1):
        if cmd[place : place + 2] == _LAUNCHER:
            return cmd[place + 2 :]
    return None
