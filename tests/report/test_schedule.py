"""Schedules as their users meet them: a file, a command, files and mails; a real mail server, a real web server, both here."""

import contextlib
import email
import email.policy
import html
import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
import types
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import write_units
import yaml
from test_run import SHOW, manifest, notebooks

import crmkpi
from crmkpi.dashboard import Dashboard
from crmkpi.deliver import mail
from crmkpi.deliver.message import Message
from crmkpi.schedule import read


@contextlib.contextmanager
def mail_server(folder, *how):
    """A mail server: its port, and ``mails(address)``, those that it took for an address."""
    command = [sys.executable, str(Path(__file__).with_name("mail_server.py")), str(folder), *map(str, how)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    port = int(process.stdout.readline())

    def mails(address):
        found = sorted(path for path in folder.iterdir() if address in path.name)
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]

    try:
        yield types.SimpleNamespace(port=port, mails=mails)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(scope="module")
def post(tmp_path_factory):
    with mail_server(tmp_path_factory.mktemp("post")) as server:
        yield server


@pytest.fixture
def hook():
    """A web server that notes what is posted to it, and answers with ``status``."""
    took = []

    class Handler(BaseHTTPRequestHandler):
        status = 200

        def do_POST(self):
            took.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(type(self).status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield types.SimpleNamespace(took=took, handler=Handler, url=f"json://127.0.0.1:{server.server_port}/in")
    server.shutdown()
    server.server_close()


@pytest.fixture
def place(demo, tmp_path, post):
    """``place(more)``: the file of a schedule named weekly over the demo, one notebook, ``more`` at its end."""
    shutil.copytree(demo, tmp_path / "data")
    notebooks(tmp_path / "mine", one=SHOW.format("one"))

    def write(more, first=""):
        (tmp_path / "schedules.toml").write_text(f"""
[mail]
server = "127.0.0.1"
port = {post.port}
security = "none"
from = "reports@example.org"

[weekly]
when = "monday 07:00"
data = "data"
to = "reports"
notebooks = "mine"
format = ["html"]
{first}
{more}
""")
        return tmp_path / "schedules.toml"

    return write


def weekly(call, file, **env):
    return call("run", "--schedule", "weekly", "--schedules", file, env=env)


# --- the chain ------------------------------------------------------------------------------------------------------


def test_a_schedule_imports_checks_runs_and_delivers_once(call, place, post, hook, root, tmp_path):
    shutil.copytree(root / "data" / "demo", tmp_path / "exports")
    shutil.rmtree(tmp_path / "mine")
    (tmp_path / "mine").mkdir()
    shutil.copy(root / "notebooks" / "4_field.ipynb", tmp_path / "mine")
    file = place(
        '[weekly.import]\nsource = "exports"\n[weekly.recipients]\ncompany = ["all@example.org", "env:HOOK"]\n'
        '"team=Sud" = ["sud@example.org"]',
        'for = ["company", "team=Sud"]\nurl = "https://reports.example.org/"',
    )
    done = weekly(call, file, HOOK=hook.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()][:4] == ["import", "check", "run", "deliver"]
    [got], [sud] = post.mails("all@example.org"), post.mails("sud@example.org")
    assert got["Subject"] == "Rapports · octobre 2026 · toute l'entreprise"
    assert sud["Subject"].endswith("Sud")
    plain, page = (got.get_body((kind,)).get_content() for kind in ("plain", "html"))
    [entry] = [each for each in manifest(tmp_path / "reports").values() if not each["for"]]
    assert len(entry["answer"]) >= 1
    crm = crmkpi.open(tmp_path / "data")
    first = crm.today(lang="fr").iloc[0]
    for said in (
        *entry["answer"],
        first[["customer", "who", "label", "rep"]].dropna().iloc[0],
        "https://reports.example.org/index.html",
    ):
        assert said in plain
        assert html.escape(said, quote=True) in page
    assert "À faire d'abord" in plain
    assert plain.splitlines()[2] in hook.took[0]["message"]
    again = weekly(call, file, HOOK=hook.url)
    assert again.returncode == 0
    assert "run: 0 written, 2 left" in again.stdout
    assert "deliver: 0 sent, 3 had been sent before" in again.stdout
    assert (len(post.mails("all@")), len(post.mails("sud@")), len(hook.took)) == (1, 1, 1)


def test_a_failed_import_stops_the_chain_and_the_pages_say_so_until_one_succeeds(call, place, post, root, tmp_path):
    shutil.copytree(root / "data" / "demo", tmp_path / "exports")
    file = place('[weekly.import]\nsource = "exports"\n[weekly.recipients]\ncompany = ["stopped@example.org"]')
    shutil.move(tmp_path / "exports", tmp_path / "away")
    board = Dashboard(tmp_path / "data", title=("Terrain", "Field"), lang="fr")
    board.headline("visits_done")
    assert "a échoué" not in board.bundle()["text/html"]
    done = weekly(call, file)
    assert done.returncode == 1
    assert "the import failed, nothing was written nor sent" in done.stderr
    assert post.mails("stopped@") == []
    index = (tmp_path / "reports" / "index.html").read_text()
    page = board.bundle()["text/html"]
    for said in (index, page):
        assert "l&#x27;import du" in said
        assert "exports" in said
    shutil.move(tmp_path / "away", tmp_path / "exports")
    assert weekly(call, file).returncode == 0
    assert "a échoué" not in (tmp_path / "reports" / "index.html").read_text()
    assert "a échoué" not in board.bundle()["text/html"]
    assert len(post.mails("stopped@")) == 1


def test_data_that_are_too_old_are_not_sent_as_news(call, place, post, tmp_path):
    file = place('[weekly.check]\nfresh = 4\n[weekly.recipients]\ncompany = ["old@example.org"]')
    done = weekly(call, file)
    assert done.returncode == 1
    assert "the newest data are of 2026-10-15" in done.stderr
    assert post.mails("old@") == []
    assert "2026-10-15" in (tmp_path / "reports" / "index.html").read_text()


# --- who receives what ----------------------------------------------------------------------------------------------


def test_what_was_refused_is_tried_again_and_what_nobody_knows_is_not(call, place, post, hook, tmp_path):
    file = place(
        '[weekly.recipients]\ncompany = ["lost@example.org"]\n"team=Sud" = ["busy@example.org", "env:HOOK"]\n'
        '"team=Nord" = ["refused@example.org", "fine@example.org", "env:NONE"]',
        'for = ["company", "team=Sud", "team=Nord"]',
    )
    hook.handler.status = 404
    done = weekly(call, file, HOOK=hook.url)
    assert done.returncode == 1
    assert "deliver: 1 sent, 0 had been sent before, 5 not" in done.stdout
    for said in ("lost@example.org: nobody knows whether it arrives", "busy@example.org: not sent", "451", "550 no such person",
                 "env:HOOK: not sent", "NONE is not set"):  # fmt: skip
        assert said in done.stderr
    hook.handler.status = 200
    again = weekly(call, file, HOOK=hook.url)
    assert "deliver: 1 sent" in again.stdout
    counts = [len(post.mails(f"{name}@")) for name in ("lost", "busy", "refused", "fine")]
    assert counts == [1, 2, 0, 1], "the busy one was asked again, the lost one was not"
    assert len(hook.took) == 2
    assert "lost@" not in again.stderr


def test_a_message_that_a_killed_run_was_about_to_send_is_not_sent_but_said(call, place, post, tmp_path):
    file = place('[weekly.recipients]\ncompany = ["killed@example.org"]')
    assert weekly(call, file).returncode == 0
    ledger = tmp_path / "reports" / "deliveries.json"
    ledger.write_text(ledger.read_text().replace('"sent"', '"sending"'))
    done = weekly(call, file)
    assert done.returncode == 1
    assert "killed@example.org: nobody knows whether the message of 20" in done.stderr
    assert weekly(call, file).returncode == 0, "it is said once"
    assert len(post.mails("killed@")) == 1
    ledger.write_text('{"')
    done = weekly(call, file)
    assert done.returncode == 1
    assert "nobody knows what was sent" in done.stderr


def test_who_has_a_report_that_failed_receives_nothing_and_others_do(call, place, post, tmp_path):
    notebooks(tmp_path / "bad", two="assert team != 'Sud'")
    (tmp_path / "bad" / "1_two.ipynb").rename(tmp_path / "mine" / "2_two.ipynb")
    file = place(
        '[weekly.recipients]\ncompany = ["whole@example.org"]\n"team=Sud" = ["half@example.org"]',
        'for = ["company", "team=Sud"]',
    )
    done = weekly(call, file)
    assert done.returncode == 1
    assert "team=Sud (fr) received nothing, since a report failed: 2_two" in done.stderr
    assert (len(post.mails("whole@")), len(post.mails("half@"))) == (1, 0)


def test_who_may_not_see_a_report_by_the_access_file_does_not_receive_it(call, place, post, hook, tmp_path):
    (tmp_path / "access.toml").write_text("""
[groups.board]
company = true
[people."own@example.org"]
team = "Sud"
[people."boss@example.org"]
groups = ["board"]
[people."north@example.org"]
team = ["Nord"]
[people."env:HOOK"]
team = "Sud"
""")
    file = place(
        '[weekly.recipients]\n"team=Sud" = ["own@example.org", "boss@example.org", "north@example.org", "env:HOOK"]\n'
        'company = ["own@example.org", "boss@example.org", "stranger@example.org"]\n'
        '[[weekly.alerts]]\nfigure = "order_count"\nabove = 0\nto = ["own@example.org"]\n'
        '[[weekly.alerts]]\nfigure = "order_count"\nabove = 0\nfor = "team=Sud"\nto = ["own@example.org"]',
        'for = ["company", "team=Sud"]\naccess = "access.toml"',
    )
    before = {who: len(post.mails(who)) for who in ("own", "boss", "north", "stranger")}
    done = weekly(call, file, HOOK=hook.url)
    assert done.returncode == 1
    for line in ("north@example.org: not sent, since the access file does not let it see team=Sud",
                 "stranger@example.org: not sent, since the access file does not let it see company",
                 "own@example.org: not sent, since the access file does not let it see company"):  # fmt: skip
        assert line in done.stdout + done.stderr
    arrived = {who: len(post.mails(who)) - n for who, n in before.items()}
    assert arrived == {"own": 2, "boss": 2, "north": 0, "stranger": 0}  # own: the report and the threshold of the team
    assert len(hook.took) == 1
    (tmp_path / "access.toml").unlink()
    again = weekly(call, file, HOOK=hook.url)
    assert again.returncode == 1
    assert "there is no access file" in again.stderr


def test_a_threshold_is_told_once_and_again_when_it_is_worse(call, place, post, demo, tmp_path):
    value = crmkpi.open(demo).kpi("overdue_receivables", period="2026-10").value
    alert = '[[weekly.alerts]]\nfigure = "overdue_receivables"\nabove = {}\nto = ["limit@example.org"]'
    file, ledger = place(alert.format(value - 1)), tmp_path / "reports" / "deliveries.json"
    for _ in range(2):
        assert weekly(call, file).returncode == 0
    [got] = post.mails("limit@")
    assert "Seuil franchi" in got["Subject"]
    assert "au-dessus de" in got.get_body(("plain",)).get_content()
    kept = json.loads(ledger.read_text())
    [key] = [name for name, each in kept.items() if "value" in each]
    for told, mails in ((value * 0.95, 1), (value * 0.5, 2)):  # a little worse than it was, much worse
        seen = {name: each for name, each in json.loads(ledger.read_text()).items() if name == key}
        seen[key]["value"] = told
        ledger.write_text(json.dumps(seen))
        assert weekly(call, file).returncode == 0
        assert len(post.mails("limit@")) == mails
    place(alert.format(value + 1))
    assert weekly(call, file).returncode == 0
    assert len(post.mails("limit@")) == 2


@pytest.fixture(scope="module")
def certificate(require_tool, tmp_path_factory):
    """A certificate for this machine, signed by itself, and its key beside it."""
    path = tmp_path_factory.mktemp("certificate") / "here.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    command = [require_tool("openssl"), *words.split(), "-keyout", str(path.with_suffix(".key")), "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_over_a_safe_line_to_a_server_that_is_known_or_not_at_all(
    security, certificate, tmp_path, monkeypatch
):
    monkeypatch.setenv("PASSWORD", "open sesame")
    message = Message("fr", "Lundi", [("Ventes", ["Trois choses."])])
    with mail_server(tmp_path, security, certificate) as server:
        said = {"server": "127.0.0.1", "port": server.port, "security": security}
        said |= {"from": "crm@example.org", "password": "env:PASSWORD"}
        with pytest.raises(mail.RefusedError, match="certificate verify failed"):
            mail.send(mail.mail_of(said), message, ("one@example.org",))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert mail.send(mail.mail_of(said), message, ("one@example.org",)) == {}
        [arrived] = server.mails("one@")
        assert arrived["subject"] == "Lundi"
        monkeypatch.setenv("PASSWORD", "guessed")
        with pytest.raises(mail.RefusedError, match="535"):
            mail.send(mail.mail_of(said), message, ("one@example.org",))
        assert len(server.mails("one@")) == 1


def test_no_password_goes_to_a_server_that_offers_no_safe_line(post, monkeypatch):
    monkeypatch.setenv("PASSWORD", "open sesame")
    said = {"server": "127.0.0.1", "port": post.port, "from": "crm@example.org", "password": "env:PASSWORD"}
    with pytest.raises(mail.RefusedError, match="STARTTLS"):
        mail.send(mail.mail_of(said), Message("fr", "Lundi", []), ("safe@example.org",))
    assert post.mails("safe@") == []


def test_a_mail_carries_the_pdfs_it_can(tmp_path):
    sizes = {"small.pdf": 10, "large.pdf": 2_000_000}
    files = {tmp_path / name: f"Activité {name}" for name in sizes}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(b"%PDF-" + b"x" * size)
    hostile = '<script>alert("x")</script>\r\nBcc: all@example.org'
    message = Message(
        "fr", "Rapports · R & D", [(hostile, [hostile])], [(hostile, hostile)], files=files, schedule="weekly"
    )
    server = mail.mail_of({"server": "x", "from": "a@example.org", "largest": 1})
    made = mail.composed(server, message, ("b@example.org",))
    [attached] = made.iter_attachments()
    assert attached.get_filename() == "Activité small.pdf"
    page = made.get_body(("html",)).get_content()
    assert "Trop lourds pour un courriel\u00a0: Activité large.pdf" in page
    assert "<script>" not in page
    assert made["Bcc"] is None


# --- the file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("when =", "wen ="), "[weekly]: unknown key 'wen'; did you mean 'when'?"),
        (('"monday 07:00"', '"mondays"'), "when is 'mondays'; expected a day and a time"),
        (('data = "data/mine"', ""), "data is missing"),
        (('lang = ["fr"]', 'lang = "fr"'), "lang is 'fr'; expected a list in brackets"),
        (("keep = 12", "keep = true"), "keep is True; expected a whole number"),
        (('["company", "team"]', '["teams"]'), "did you mean 'team'?"),
        (('source = "exports"', 'sources = "exports"'), "unknown key of import 'sources'; did you mean 'source'?"),
        (("fresh = 4", "fersh = 4"), "did you mean 'fresh'?"),
        (('"team=Sud" =', '"Sud" ='), "unknown recipient 'Sud'"),
        (('"env:TEAMS_URL"', '"slack://a/b/c"'), "it holds a secret"),
        (('"env:CRMKPI_MAIL_PASSWORD"', '"hunter2"'), "a secret does not stand in this file"),
        (("above = 250000", "over = 250000"), "unknown key of alerts 'over'"),
        (('server = "smtp', 'sever = "smtp'), "[mail]: unknown key 'sever'; did you mean 'server'?"),
        (("[mail]", "[mails]"), "[mails]: unknown key 'server'"),
        (("[weekly]", "[weekly"), "can not be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_said_with_its_place(tmp_path, change, said):
    text = (write_units.DOCS / "schedules.toml").read_text()
    assert text.count(change[0]) == 1
    (tmp_path / "schedules.toml").write_text(text.replace(*change))
    with pytest.raises(crmkpi.CrmkpiError) as caught:
        read(tmp_path / "schedules.toml")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--schedule", "weekley"), 2, "did you mean 'weekly'?"),
        (("--schedule", "weekly", "--period", "2026-10"), 2, "leave out period"),
        (("--schedule", "weekly", "--unit", "crn"), 2, "did you mean 'cron'?"),
        (("--unit", "cron"), 2, "name it with --schedule"),
        ((), 2, "which data?"),
        (("--schedule", "weekly", "--schedules", "no.toml"), 1, "no.toml does not exist"),
    ],
)
def test_a_wrong_command_is_refused(cli, place, monkeypatch, words, code, said):
    monkeypatch.delenv("CRMKPI_DATA", raising=False)
    monkeypatch.chdir(place("").parent)
    found, _, err = cli("run", *words)
    assert found == code
    assert said in err


# --- what calls it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cron", "systemd", "github"])
def test_the_units_of_the_documentation_are_those_that_are_printed(kind, cli):
    kept = (write_units.DOCS / write_units.FILES[kind]).read_text()
    assert kept == write_units.unit(kind), "python tests/report/write_units.py makes them again"
    file = write_units.DOCS / "schedules.toml"
    code, out, err = cli("run", "--schedule", "weekly", "--schedules", file, "--unit", kind)
    assert (code, err) == (0, "")
    called = [shlex.split(each) for each in re.findall(r"crmkpi (run --schedule \S+ --schedules \S+)", out)]
    assert called, out
    code, shown, _ = cli(*called[0][:-1], file, "--unit", "cron")
    assert (code, "0 7 * * 1" in shown) == (0, True), "the command line of the unit is one that crmkpi understands"


def test_systemd_takes_the_units(require_tool, tmp_path):
    verify = require_tool("systemd-analyze")
    for part in (write_units.DOCS / "weekly.systemd").read_text().split("# ---- ")[1:]:
        name, _, text = part.partition("\n")
        (tmp_path / name).write_text(
            text.replace("/srv/crmkpi/.venv/bin/crmkpi", sys.executable).replace("/srv/crmkpi", "/tmp")
        )
    names = [str(path) for path in sorted(tmp_path.iterdir())]
    assert [Path(name).suffix for name in names] == [".service", ".timer"]
    done = subprocess.run([verify, "verify", "--man=no", *names], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "crmkpi" in line]
    assert (done.returncode, said) == (0, []), done.stderr


def test_github_takes_the_workflow():
    said = yaml.safe_load((write_units.DOCS / "weekly.github.yml").read_text())
    assert said[True]["schedule"] == [{"cron": "0 7 * * 1"}]  # YAML 1.1 reads `on` so
    job = said["jobs"]["reports"]
    assert job["env"] == {name: f"${{{{ secrets.{name} }}}}" for name in ("CRMKPI_MAIL_PASSWORD", "TEAMS_URL")}
    assert all(
        set(step) <= {"uses", "with", "run", "if"} and ("uses" in step) != ("run" in step) for step in job["steps"]
    )
    assert shlex.split(job["steps"][-3]["run"])[:2] == ["crmkpi", "run"]


def test_the_airflow_task_calls_papermill_with_what_the_notebooks_take(root, monkeypatch):
    """Without Airflow: its two names are stood for, and what the task would give to Papermill is looked at."""
    import contextlib

    import papermill

    asked = []
    for name in ("airflow", "airflow.providers", "airflow.providers.papermill", "airflow.providers.papermill.operators",
                 "airflow.providers.papermill.operators.papermill"):  # fmt: skip
        module = types.ModuleType(name)
        module.DAG = lambda *_, **__: contextlib.nullcontext()
        module.PapermillOperator = lambda **given: asked.append(given)
        monkeypatch.setitem(sys.modules, name, module)
    exec(compile((write_units.DOCS / "airflow_dag.py").read_text(), "airflow_dag.py", "exec"), {})
    assert len(asked) == 4
    for given in asked:
        taken = papermill.inspect_notebook(str(root / "notebooks" / Path(given["input_nb"]).name))
        assert set(given["parameters"]) <= set(taken)
