"""Kernels forked from a warm process: as those started the plain way, sooner, and gone with whoever asked for them."""

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory

from crmkpi import warm as package
from crmkpi.warm import fits
from crmkpi.warm.provisioner import NAME, ForkProvisioner, arguments

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing can be forked here")


@pytest.fixture(scope="module")
def loop():
    """One loop, and one warm process, for the kernels of this module."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def kernel(loop, monkeypatch):
    """``kernel(code, ...)`` starts a kernel and runs code in it: the manager, and what the code printed."""
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", NAME)
    managers = []

    def started(code, **given):
        manager = AsyncKernelManager(kernel_name="python3")
        managers.append(manager)
        return manager, loop.run_until_complete(_run(manager, code, given))

    yield started
    for manager in managers:
        loop.run_until_complete(manager.shutdown_kernel(now=True))


async def _run(manager, code, given):
    await manager.start_kernel(**given)
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    said = []
    await client.execute_interactive(code, output_hook=lambda each: said.append(each["content"].get("text", "")))
    client.stop_channels()
    return "".join(said)


HOW = """
import os, random, sys, threading
import comm, ipywidgets, matplotlib, numpy
print(os.environ.get("MINE"), os.getcwd(), matplotlib.get_backend(), sorted(comm.get_comm_manager().targets))
print(random.random(), numpy.random.rand())
"""


def test_a_forked_kernel_is_as_a_plain_one(kernel, tmp_path):
    told = {"env": {**os.environ, "MINE": "here"}, "cwd": str(tmp_path)}
    manager, said = kernel(HOW, **told)
    _, other = kernel(HOW, **told)
    assert type(manager.provisioner.process) is package.Forked
    first, chance = said.splitlines()
    assert first.startswith(f"here {tmp_path} ")
    assert "inline" in first
    assert "['jupyter.widget', 'jupyter.widget.control']" in first
    assert chance.split()[0] != other.split()[-2]
    assert chance.split()[1] != other.split()[-1]


def test_a_kernel_that_died_is_known_to_be_dead(kernel, loop):
    manager, said = kernel("import os; print(os.getpid())")
    assert int(said) == manager.provisioner.pid
    os.kill(manager.provisioner.pid, signal.SIGKILL)
    for _ in range(50):
        if not loop.run_until_complete(manager.is_alive()):
            break
        time.sleep(0.05)
    assert not loop.run_until_complete(manager.is_alive())
    manager.provisioner.process.send_signal(signal.SIGKILL)  # its number may be another's by now: nobody is hit


def test_another_environment_or_language_is_started_the_plain_way(kernel):
    manager, said = kernel("print(__import__('os').environ['LC_TIME'])", env={**os.environ, "LC_TIME": "fr_FR.UTF-8"})
    assert (said.strip(), isinstance(manager.provisioner.process, subprocess.Popen)) == ("fr_FR.UTF-8", True)
    assert arguments(["julia", "-m", "ipykernel_launcher", "-f", "x"]) is None
    assert not fits({"PYTHONPATH": "a"}, {"PYTHONPATH": "b"})


def test_without_a_warm_process_kernels_start_the_plain_way(kernel, monkeypatch):
    monkeypatch.setenv("CRMKPI_WARM", "0")
    manager, said = kernel("print(6 * 7)")
    assert (said.strip(), isinstance(manager.provisioner, ForkProvisioner)) == ("42", True)
    assert isinstance(manager.provisioner.process, subprocess.Popen)


ASKS = """
import asyncio, os, sys
from crmkpi.warm import warm
async def main():
    process = warm()
    kernel = await process.fork("crmkpi.warm.kernel:run", {"argv": ["-f", sys.argv[-1]]}, dict(os.environ), "/")
    print(process.process.pid, kernel.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def test_what_was_forked_ends_with_whoever_asked_however_it_ends(tmp_path):
    asks = subprocess.Popen(
        [sys.executable, "-c", ASKS, str(tmp_path / "kernel.json")], stdout=subprocess.PIPE, text=True
    )
    pids = [int(pid) for pid in asks.stdout.readline().split()]
    assert all(map(_runs, pids))
    asks.kill()
    asks.wait()
    asks.stdout.close()
    for _ in range(100):
        if not any(map(_runs, pids)):
            break
        time.sleep(0.05)
    assert not any(map(_runs, pids))


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
