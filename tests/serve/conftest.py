"""One server over a small company, whose pages that vanish lose their kernel after 15 seconds; its kernels, its proxy to cut."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress

import psutil
import pytest

CULL = 15


class Served:
    """A server in a process of its own."""

    def __init__(self, data, log, *options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address, self.log, self.data = f"http://127.0.0.1:{self.port}/", log, data
        words = ["serve", "--data", str(data), "--port", str(self.port), "--cull", str(CULL), *options]
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "crmkpi", *words], stdout=out, stderr=out, env=os.environ, start_new_session=True
            )
        self.until(lambda: self.process.poll() is not None or self.health(), 120)

    def get(self, path, timeout=120):
        with urllib.request.urlopen(f"{self.address}{path}", timeout=timeout) as answer:
            return answer.read().decode()

    def health(self):
        try:
            return json.loads(self.get("healthz", 10))
        except OSError:
            return None

    @property
    def kernels(self):
        return self.health()["kernels"]

    def started(self):
        """Every process that the server started, and those did."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def until(self, holds, seconds=30):
        end = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < end, f"still not after {seconds} s: {self.log.read_text()[-2000:]}"
            time.sleep(0.2)
        return found

    def stop(self, how=signal.SIGTERM):
        started = self.started()
        self.process.send_signal(how)
        self.process.wait(30)
        return started


@pytest.fixture(scope="session")
def company(tmp_path_factory, sample_data):
    """A data folder of this server's own: the tests write beside its data."""
    import shutil

    return shutil.copytree(sample_data, tmp_path_factory.mktemp("served") / "data")


@pytest.fixture(scope="session")
def serving():
    """``serving(data, log)`` starts another server."""
    return Served


@pytest.fixture(scope="session")
def served(company, tmp_path_factory):
    """The server, its first page made."""
    server = Served(company, tmp_path_factory.mktemp("log") / "serve.txt", "--log-json")
    server.get("1_commercial")
    yield server
    server.stop()


@pytest.fixture
def looked_at(served, browser):
    """``with looked_at("1_commercial") as page``: the page, alive."""

    @contextmanager
    def looked_at(path="1_commercial", address=None, before=lambda page: None):
        with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
            page = context.new_page()
            page.set_default_timeout(60_000)
            before(page)
            page.goto((address or served.address) + path, wait_until="commit")
            alive(page)
            yield page

    return looked_at


def alive(page):
    page.wait_for_selector("#rendered_cells .ck-page .ck-part .ck-number", state="visible")


class Cable:
    """What a network is between a browser and the server: it can be cut."""

    def __init__(self, port):
        self.to, self.open, self.ends = port, True, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        self.open = False
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                here, _ = self.listener.accept()
            except OSError:
                return
            if not self.open:
                here.close()
                continue
            there = socket.create_connection(("127.0.0.1", self.to))
            self.ends += [here, there]
            for ends in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    @staticmethod
    def _carry(source, target):
        try:
            while data := source.recv(1 << 16):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return


@pytest.fixture
def cable(served):
    """A network of one's own between a browser and the server."""
    cable = Cable(served.port)
    yield cable
    cable.cut()
    for end in (cable.listener, *cable.ends):
        end.close()
