"""What the running server gives to whom: routes, pages, kernels, files; attacked as somebody who knows it would."""

import re
import time
import uuid
from dataclasses import replace

import pytest

import crmkpi
from access.conftest import V1, heard, say, states
from crmkpi.access import Scope, Viewer
from crmkpi.serve.first import Asked

PAGES = ("/", "/1_commercial", "/2_organisation", "/3_data_health", "/4_field", "/reference/fr", "/reference/en")
STATIC = ("/voila/static/voila.js", "/voila/templates/crmkpi/static/icon.svg")
KERNEL = "00000000-0000-4000-8000-000000000000"
CLOSED = (
    "/voila/tree", "/voila/tree/..", "/voila/render/1_commercial.ipynb", "/voila/files/1_commercial.ipynb", "/voila/api/contents",
    "/voila/api/contents/..", f"/voila/query/{KERNEL}", f"/voila/execution/{KERNEL}", "/voila/api/themes/x", "/api", "/api/status",
    "/api/contents", "/api/kernels", "/api/sessions", "/api/me", "/api/terminals", "/api/kernelspecs", "/files/x", "/notebooks/x",
    "/lab", "/tree", "/metrics", "/view/x", "/nbconvert/html/x", "/terminals/1", "/static/x", "/1_commercial.ipynb", "/.env",
    "/data/sample/manifest.json", "/manifest.json", "/access.toml", "/favicon.ico", "/kernelspecs/python3/logo.png", "/x/../1_commercial",
    "/voila/labextensions/jupyterlab_pygments/package.json", "/voila/templates/lab/static/x", "/voila/templates/base/static/voila.js",
)  # fmt: skip
UP = ("..", "%2e%2e", "..%2f..", "%2e%2e%2f%2e%2e", "..%5c..", "....//", "%252e%252e", "..;", "%c0%ae%c0%ae")
TARGETS = ("access.toml", "etc/passwd", "conf.json", "index.html.j2", "1_commercial.ipynb", "manifest.json", ".env")


@pytest.fixture(scope="module")
def names(sample_data):
    """The names of customers that somebody of team Sud may not see, nor may anything of theirs be seen."""
    seen = {
        name: set(crmkpi.open(sample_data, scope=Scope(team=(name,))).values("customer")["label"])
        for name in ("Sud", "Nord")
    }
    every = set(crmkpi.open(sample_data).values("customer")["label"])
    short = {name for name in every if len(name) < 8}
    return {"anna": every - seen["Sud"] - short, "bob": every - seen["Nord"] - short, "zoe": set()}


def test_without_a_sign_in_nothing_is_told(browse):
    stranger = browse()
    for path in PAGES:
        status, headers, _ = stranger.get(path)
        assert (status, headers["Location"].partition("?")[0]) == (302, "/login"), path
    for path in (*STATIC, f"/api/kernels/{KERNEL}", f"/api/kernels/{KERNEL}/channels", f"/life/{KERNEL}"):
        assert stranger.get(path)[0] == 403, path
    assert stranger.ask("POST", f"/voila/api/shutdown/{KERNEL}")[0] == 403
    assert stranger.get("/login")[0] == stranger.get("/healthz")[0] == 200
    for path in CLOSED:
        assert stranger.get(path)[0] == 404, path


def test_signed_in_there_are_the_pages_and_nothing_else(anna):
    browser = anna[0]
    for path in STATIC:
        assert browser.get(path)[0] == 200, path
    for path in CLOSED:
        assert browser.get(path)[0] == 404, path
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert browser.ask(method, "/1_commercial")[0] in (404, 405, 403, 204), method
        assert browser.ask(method, "/api/kernels")[0] == 404, method


def test_no_way_leads_up(anna):
    browser = anna[0]
    for base in (
        "/voila/static/",
        "/voila/templates/crmkpi/static/",
        "/voila/labextensions/anywidget/",
        "/reference/",
        "/",
    ):
        for up in UP:
            for target in TARGETS:
                status, _, text = browser.get(f"{base}{up}/{up}/{up}/{target}")
                assert status in (400, 403, 404), (base, up, target)
                assert "root:" not in text
                assert "[people" not in text
    assert browser.get("/voila/static//etc/passwd")[0] in (403, 404)


def test_a_token_leaves_the_address(browse):
    browser = browse()
    status, headers, _ = browser.get("/1_commercial?token=a-token-of-anna&team=Sud")
    assert (status, headers["Location"]) == (302, "/1_commercial?team=Sud")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "a-token" not in cookie
    assert browse().get("/1_commercial?token=wrong")[1]["Location"] == "/login?next=%2F1_commercial"
    assert browse().get("/reference/fr", Cookie='crmkpi="forged"')[0] == 302
    form = browse()
    assert form.ask("POST", "/login", "token=wrong", Content_Type="application/x-www-form-urlencoded")[0] == 403
    elsewhere = {"Content_Type": "application/x-www-form-urlencoded", "Origin": "http://evil.example"}
    assert form.ask("POST", "/login", "token=a-token-of-anna", **elsewhere)[0] == 403
    given = form.ask(
        "POST", "/login?next=//evil.example", "token=a-token-of-anna", Content_Type=elsewhere["Content_Type"]
    )
    assert (given[0], given[1]["Location"]) == (302, "/")
    assert form.get("/reference/en")[0] == 200


def test_a_page_holds_what_its_viewer_may_see(anna, browse, names):
    _, text, _ = anna
    assert "équipe Sud" in text
    assert {name for name in names["anna"] if name in text} == set()
    bob, _ = browse("bob", X_Crmkpi_Viewer="WyJ6b2UiXQ==", X_Forwarded_User="zoe").page()  # says that he is zoe
    assert "équipe Nord" in bob
    assert {name for name in names["bob"] if name in bob} == set()
    nobody, _ = browse("nobody").page()
    assert "Aucune règle" in nobody
    assert "<svg" not in nobody


def test_what_is_painted_first_is_the_viewers(anna, browse):
    """What is kept of a page is hit again by its viewer, and is nobody else's, were their rules the same."""

    def first(text):
        return re.search(r'class="ck-first">(.*?)<script>', text, re.S)[1]

    pages = {name: first(browse(name).page()[0]) for name in ("anna", "bea", "bob", "zoe")}
    assert all("ck-board" in page for page in pages.values())
    assert pages["anna"] == first(anna[1]) == pages["bea"]
    assert len(set(pages.values())) == 3
    asked = Asked("1_commercial", "", False, Scope(team=("Sud",)).key, "v", Viewer("anna").header())
    assert asked == replace(asked)
    others = {
        "viewer": Viewer("bea").header(),
        "scope": Scope(team=("Nord",)).key,
        "mark": "w",
        "query": "team=Sud",
        "narrow": True,
    }
    assert all(replace(asked, **{name: value}) != asked for name, value in {**others, "page": "0_home"}.items())


def test_a_kernel_answers_its_viewer_only(anna, browse):
    browser, _, kernel = anna
    for other in (browse("bob"), browse("zoe"), browse("anna")):  # the third: anna's name, another browser's sign-in
        assert other.get(f"/api/kernels/{kernel}")[0] == 404
        assert other.get(f"/life/{kernel}")[0] == 404
        assert other.ask("POST", f"/voila/api/shutdown/{kernel}")[0] == 404
        with pytest.raises(Exception, match="404"):
            other.socket(kernel)
    assert browser.get(f"/api/kernels/{kernel}")[0] == 200
    assert browser.ask("DELETE", f"/api/kernels/{kernel}")[0] == 405


@pytest.mark.parametrize("protocol", [None, V1])
def test_no_code_runs_through_the_socket(anna, tmp_path, protocol):
    browser, _, kernel = anna
    file = tmp_path / "written"
    code = f"open({str(file)!r}, 'w').write('x')"
    with browser.socket(kernel, protocol) as link:
        for channel in ("shell", "control", "stdin", "iopub"):
            for kind in ("execute_request", "inspect_request", "complete_request", "history_request", "debug_request",
                         "interrupt_request", "shutdown_request", "input_reply", "create_subshell_request"):  # fmt: skip
                say(link, kind, {"code": code, "silent": False, "cursor_pos": 1}, channel=channel)
        say(link, "comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {}}}, "2.1.0")
        say(
            link, "comm_open", {"comm_id": "y", "target_name": "jupyter.widget.control", "data": {}}, "0"
        )  # fails, with a traceback
        link.send("no message")
        link.send(b"\x00\x01")
        told = states(link)
    assert "reply" not in told.replace("kernel_info_reply", "")
    assert "Traceback" not in told
    assert not file.exists()


def test_widgets_say_and_give_nothing_else(anna, names):
    """States, option lists, what any filter or press can bring, downloads: none of it names a hidden customer."""
    browser, _, kernel = anna
    with browser.socket(kernel) as link:
        told = states(link)
        every = [told]
        page = re.search(r'"([0-9a-f]{32})": \{"model_name": "AnyModel"', told)[1]
        place = re.findall(r'"([0-9a-f]{32})": \{"model_name": "DropdownModel"', told)
        for box in place:  # a hidden team, or anything, in any filter
            say(
                link, "comm_msg", {"comm_id": box, "data": {"method": "update", "state": {"index": 2, "value": "Nord"}}}
            )
        presses = [{"do": "filter", "dim": "team", "key": "Nord"}, {"do": "filter", "dim": "rep", "key": "' or 1=1 --"},
                   {"do": "open", "name": "invoiced_revenue"}, {"do": "search", "text": ""}, {"do": "download", "kind": "csv"},
                   {"do": "download", "kind": "excel"}, {"do": "filter", "dim": "customer", "key": "A1", "name": "dso"}]  # fmt: skip
        for press in presses:
            say(link, "comm_msg", {"comm_id": page, "data": {"method": "custom", "content": press}})
            every.append(heard(link, '"done"'))
        every.append(states(link))
    text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), "".join(every))
    assert "text/csv" in text
    assert {name for name in names["anna"] if name in text} == set()


def test_the_log_names_nobody(secured, names, anna):
    time.sleep(0.2)
    log = secured.log.read_text(encoding="utf-8")
    assert "a-token" not in log
    assert {word for word in (*names["anna"], "anna", "bob", "zoe") if word in log} == set()


def test_an_unknown_kernel_is_unknown(anna):
    assert anna[0].get(f"/api/kernels/{uuid.uuid4()}")[0] == 404
