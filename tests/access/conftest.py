"""One server with an access file, and viewers who talk to it as a browser does, without one."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from hashlib import sha256
from urllib.parse import urlencode

import pytest

RULES = """
[groups.management]
company = true
[people.anna]
team = ["Sud"]
[people.bea]
team = ["Sud"]
[people.bob]
team = ["Nord"]
[people.zoe]
groups = ["management"]
[tokens]
"""
PEOPLE = ("anna", "bea", "bob", "zoe", "nobody")


def token_of(name):
    return f"a-token-of-{name}"


@pytest.fixture(scope="session")
def access_file(tmp_path_factory):
    """An access file: anna and bea of the same team, bob of another, zoe of everything, nobody without a rule."""
    file = tmp_path_factory.mktemp("access") / "access.toml"
    lines = [f'{name} = "{sha256(token_of(name).encode()).hexdigest()}"\n' for name in PEOPLE]
    file.write_text(RULES + "".join(lines), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def secured(sample_data, access_file, root, tmp_path_factory):
    """A server over the sample with that access file: its port, and the file of its log."""
    with started(sample_data, root, tmp_path_factory, "--access", str(access_file)) as server:
        yield server


class started:  # noqa: N801  (a context manager reads as a verb)
    """`crmkpi serve` while a test runs."""

    def __init__(self, data, root, factory, *options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data, self.root, self.log = data, root, factory.mktemp("log") / "serve.txt"
        self.options = options

    def __enter__(self):
        command = [
            sys.executable,
            "-m",
            "crmkpi",
            "serve",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
            *self.options,
        ]
        env = {name: value for name, value in os.environ.items() if not name.startswith("CRMKPI_")}
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                command, cwd=self.root, stdout=out, stderr=out, env=env, start_new_session=True
            )
        for _ in range(900):
            if self.process.poll() is not None:
                pytest.fail(f"the server stopped: {self.log.read_text()}")
            try:
                Browser(self).get("/login")
                return self
            except OSError:
                time.sleep(0.1)
        pytest.fail("the server does not answer")

    def __exit__(self, *_error):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


class Browser:
    """Somebody who asks a server, with the cookie they were given."""

    def __init__(self, server, token="", **headers):
        self.server, self.headers, self.cookie = server, headers, ""
        if token:
            self.get(f"/?{urlencode({'token': token})}")

    def ask(self, method, path, body=None, **headers):
        """Status, headers and text of an answer; redirections are not followed."""
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        given = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        if self.cookie:
            given["Cookie"] = self.cookie
        link.request(method, path, body, given)
        answer = link.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for value in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = value.partition(";")[0] if value.startswith("crmkpi-") else self.cookie
        link.close()
        return answer.status, answer.headers, text

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def page(self, path="/1_commercial", **headers):
        """A page as text, without the escapes of JSON, and the kernel that was started for it."""
        status, _, text = self.get(path, **headers)
        assert status == 200, text
        kernel = re.search(r'"kernelId": "([^"]+)"', text)[1]
        return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text), kernel

    def socket(self, kernel, protocol=None):
        """The socket to a kernel."""
        from websockets.sync.client import connect

        return connect(
            f"ws://127.0.0.1:{self.server.port}/api/kernels/{kernel}/channels?session_id=s1",
            additional_headers={"Cookie": self.cookie} if self.cookie else {}, max_size=None,
            subprotocols=[protocol] if protocol else None,
        )  # fmt: skip


V1 = "v1.kernel.websocket.jupyter.org"


def say(link, kind, content, version=None, channel="shell"):
    """Send a message to a kernel in the protocol of its socket."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s1", "version": "5.3",
              "date": "2026-01-01T00:00:00Z"}  # fmt: skip
    metadata = {"version": version} if version else {}
    if link.subprotocol != V1:
        told = {"header": header, "parent_header": {}, "metadata": metadata, "content": content, "channel": channel}
        link.send(json.dumps(told | {"buffers": []}))
        return
    parts = [channel.encode(), *(json.dumps(each).encode() for each in (header, {}, metadata, content))]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    link.send(b"".join(n.to_bytes(8, "little") for n in [len(offsets), *offsets]) + b"".join(parts))


def heard(link, until, seconds=60):
    """What a kernel says, as text, up to a message in which ``until`` stands; files that come with it as they are."""
    every, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        message = link.recv(timeout=seconds)
        text = message.decode("utf-8", "replace") if isinstance(message, bytes) else message
        every.append(text)
        if until in text:
            return "".join(every)
    raise AssertionError(f"{until} was not heard: {''.join(every)[-2000:]}")


def states(link):
    """The states of all widgets of a kernel, as text."""
    comm = uuid.uuid4().hex
    say(link, "comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}, "1.0.0")
    say(link, "comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
    return heard(link, "update_states")


@pytest.fixture(scope="session")
def browse(secured):
    """``browse("anna")`` is anna's browser, signed in; without a name, somebody who did not sign in."""
    return lambda name="", **headers: Browser(secured, token_of(name) if name else "", **headers)


@pytest.fixture(scope="session")
def anna(browse):
    """Anna's page on the server, while it lives: her browser, the page as text, its kernel."""
    browser = browse("anna")
    text, kernel = browser.page()
    with browser.socket(kernel):  # a kernel that nobody looks at ends
        yield browser, text, kernel
