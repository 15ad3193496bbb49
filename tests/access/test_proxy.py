"""Behind a real nginx that signs people in and says who they are in oauth2-proxy's headers; and everything else refused."""

import http.client
import shutil
import socket
import subprocess
import time

import pytest

from access.conftest import RULES, Browser, started, states

CONF = """
worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  map $cookie_session $who {{ default ""; anna anna@firm.example; boss boss@firm.example; }}
  map $cookie_session $groups {{ default ""; boss management; }}
  map $http_upgrade $upgrade {{ default upgrade; "" close; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      if ($who = "") {{ return 401; }}
      proxy_pass http://127.0.0.1:{behind};
      proxy_bind 127.0.0.2;
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $upgrade;
      proxy_set_header X-Auth-Request-Email $who;
      proxy_set_header X-Auth-Request-Groups $groups;
    }}
  }}
}}
"""


@pytest.fixture(scope="module")
def behind(sample_data, root, tmp_path_factory, require_tool):
    """A server that trusts 127.0.0.2, and the port of an nginx there that signs people in by a cookie."""
    nginx = require_tool("nginx")
    folder = tmp_path_factory.mktemp("nginx")
    rules = folder / "access.toml"
    rules.write_text(RULES.replace("people.anna", 'people."anna@firm.example"'), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ("--access", rules, "--trust-proxy", "127.0.0.2", "--identity-header", "X-Auth-Request-Email",
               "--groups-header", "X-Auth-Request-Groups")  # fmt: skip
    with started(sample_data, root, tmp_path_factory, *map(str, options)) as server:
        (folder / "nginx.conf").write_text(CONF.format(folder=folder, port=port, behind=server.port), encoding="utf-8")
        process = subprocess.Popen([nginx, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield server, port
        finally:
            process.terminate()
            process.wait(10)
            shutil.rmtree(folder, ignore_errors=True)


class Proxied(Browser):
    """Somebody's browser in front of the proxy."""

    def __init__(self, port, session):
        self.server = type("Server", (), {"port": port})
        self.headers, self.cookie = {}, f"session={session}" if session else ""


def test_who_is_signed_in_by_the_proxy_sees_what_is_theirs(behind):
    anna = Proxied(behind[1], "anna")
    text, kernel = anna.page(X_Auth_Request_Email="boss@firm.example", X_Auth_Request_Groups="management")
    assert "équipe Sud" in text
    with anna.socket(kernel) as link:
        assert "équipe Sud" in states(link).encode().decode("unicode_escape", "replace")
    assert Proxied(behind[1], "boss").get(f"/life/{kernel}")[0] == 404
    assert "Vous voyez" not in Proxied(behind[1], "boss").page()[0]
    assert Proxied(behind[1], "").get("/")[0] == 401


def test_from_anywhere_else_the_header_says_nothing(behind):
    server, _ = behind
    stranger = Browser(server)
    for headers in ({"X_Auth_Request_Email": "boss@firm.example"}, {"X_Forwarded_For": "127.0.0.2"},
                    {"X_Crmkpi_Viewer": "WyJib3NzIl0="}, {"X_Auth_Request_Email": "a", "X_Real_Ip": "127.0.0.2"}):  # fmt: skip
        for path in ("/", "/1_commercial", "/reference/en", "/voila/static/voila.js"):
            assert stranger.get(path, **headers)[0] == 403, (path, headers)
    twice = http.client.HTTPConnection("127.0.0.1", server.port, source_address=("127.0.0.2", 0))
    twice.putrequest("GET", "/reference/en")
    for name in ("anna@firm.example", "boss@firm.example"):
        twice.putheader("X-Auth-Request-Email", name)
    twice.endheaders()
    assert twice.getresponse().status == 403
    twice.close()
