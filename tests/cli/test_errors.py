"""What goes wrong is one line on standard error and an exit code, never a traceback: 1 for data, 2 for usage."""

import json
import os
import shutil
import socket
import sys

import pytest

MONTH = ("--period", "2026-10")


def refused(done, code, *said):
    """Exit code, nothing on standard output, one line that says what."""
    found, out, err = done
    assert (found, out) == (code, "")
    lines = [line for line in err.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert len(lines) == 1, err
    assert lines[0].startswith("Error: ")
    assert "Traceback" not in err
    for part in said:
        assert part in lines[0]


# --- usage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["order_cuont"], "did you mean 'order_count'"),
        (["zzz"], "unknown figure 'zzz'"),
        (["order_count", "--by", "tean"], "did you mean 'team'"),
        (["order_count", "--by", "stage"], "'stage'"),
        (["order_count", "--by", "team,team"], "twice"),
        (["order_count", "--by", "team,rep,team"], "twice"),
        (["order_count", "--by", "month,week"], "one calendar unit"),
        (["order_count", "--period", "2026-Q5"], "'2026-Q5' is not a period"),
        (["order_count", "--period", "2026-00"], "is not a period"),
        (["order_count", "--period", "0000"], "is not a period"),
        (["order_count", "--period", "2026-02-30"], "is not a period"),
        (["order_count", "--period", "9999"], "is not a period"),
        (["order_count", "--period", "9" * 300], "is not a period"),
        (["order_count", "--period", "last month"], "is not a period"),
        (["order_count", "--period", "2026-04-01/2026-01-01"], "is empty"),
        (["order_count", "--as-of", "yesterday"], "as_of is 'yesterday'"),
        (["order_count", "--as-of", "2026-02-30"], "2026-02-30"),
        (["order_count", "--as-of", "2026-10"], "2026-10"),
        (["order_count", "--compare", "previuos"], "did you mean 'previous'"),
        (["order_count", "--where", "team"], "expected name=value"),
        (["order_count", "--where", "=Sud"], "expected name=value"),
        (["order_count", "--where", "tean=Sud"], "did you mean 'team'"),
        (["order_count", "--where", "team=Sdu"], "did you mean 'Sud'"),
        (["order_count", "--where", "rep=Alice Martn"], "did you mean 'Alice Martin'"),
        (["order_count", "--where", "customer=nobody"], "nobody"),
        (["order_count", "--where", "month=2026-10"], "month"),
        (["order_count", "--set", "country"], "expected name=value"),
        (["order_count", "--set", "contry=FR"], "did you mean 'country'"),
        (["order_count", "--set", "ok_coverage=much"], "ok_coverage: 'much'"),
        (["order_count", "--set", "ok_coverage=true"], "ok_coverage: True"),
        (["order_count", "--set", "country=3"], "country: 3"),
        (["landing", "--set", "country=ZZ"], "'ZZ'"),
        (["ordered_amount", "--period", "FY2026", "--set", "fiscal_year_start=0"], "fiscal_year_start"),
        (["ordered_amount", "--period", "FY2026", "--set", "fiscal_year_start=1.5"], "fiscal_year_start"),
        (["ordered_amount", "--compare", "target", "--set", "monthly_weights=1 2"], "monthly_weights"),
        (["order_count", "--lang", "de"], "'de'"),
        (["landing", "--facts"], "invoiced_revenue"),
        (["order_count", "--left-out"], "--facts"),
        (["order_count", "--facts", "--by", "team"], "--by"),
        (["order_count", "--colour"], "--colour"),
        ([], "NAME"),
    ],
    ids=lambda each: " ".join(each)[:50] if isinstance(each, list) else "",
)
def test_wrong_usage_of_kpi(cli, demo, words, said):
    refused(cli("kpi", *words, "--data", demo), 2, said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kip"], "kip"),
        (["kpi", "order_count"], "--data"),
        (["import"], "SOURCE"),
        (["import", "."], "--to"),
        (["check"], "FOLDER"),
        (["sample"], "--to"),
        (["sample", "--to", "x", "--customers", "many"], "many"),
        (["serve", "--port", "http"], "http"),
        (["list", "--lang", "latin"], "latin"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_wrong_usage_of_a_command(cli, monkeypatch, words, said):
    monkeypatch.delenv("CRMKPI_DATA", raising=False)
    refused(cli(*words), 2, said)


def test_alerts_are_asked_as_kpi_is(cli, demo):
    refused(cli("alerts", "--data", demo, "--figure", "margin"), 2, "margin_rate")
    refused(cli("alerts", "--data", demo, "--where", "tean=Sud"), 2, "team")
    refused(cli("alerts", "--data", demo, "--period", "2026-Q9"), 2, "2026-Q9")


@pytest.mark.parametrize("as_of", ["0001-01-01", "1900-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "words", [["--compare", "previous,last_year,target"], ["--by", "month", "--period", "all"], ["--facts"]]
)
def test_the_ends_of_time_are_no_traceback(cli, demo, as_of, words):
    code, _, err = cli("kpi", "ordered_amount", "--data", demo, "--as-of", as_of, *words)
    assert code in (0, 2)
    assert err.count("\n") == (1 if code else 0)


# --- folders ------------------------------------------------------------------------------------------------------

READERS = (["kpi", "order_count", "--data"], ["alerts", "--data"], ["check"], ["list", "--data"])


@pytest.fixture
def data(demo, tmp_path):
    """A copy of the demo's folder to break."""
    return shutil.copytree(demo, tmp_path / "data")


def manifest_of(data):
    return json.loads((data / "manifest.json").read_text(encoding="utf-8"))


def parquet(data, table="orders"):
    manifest = manifest_of(data)
    return data / manifest["version"] / manifest["tables"][table]["file"]


@pytest.mark.parametrize("reader", READERS, ids=lambda words: words[0])
def test_a_folder_that_is_none(cli, tmp_path, reader):
    refused(cli(*reader, tmp_path / "nowhere"), 1, "does not exist", "crmkpi import")
    refused(cli(*reader, tmp_path), 1, "is not a data folder", "crmkpi import")
    (tmp_path / "file").write_text("x")
    refused(cli(*reader, tmp_path / "file"), 1, "file")


MANIFESTS = {
    "cut": lambda text: text[: len(text) // 2],
    "empty": lambda text: "",
    "a list": lambda text: "[]",
    "a number": lambda text: "3",
    "nothing in it": lambda text: "{}",
    "no tables": lambda text: json.dumps({**json.loads(text), "tables": None}),
    "tables that are a list": lambda text: json.dumps({**json.loads(text), "tables": []}),
    "no version": lambda text: json.dumps({key: value for key, value in json.loads(text).items() if key != "version"}),
    "a version of a later crmkpi": lambda text: json.dumps({**json.loads(text), "version": 7}),
    "no date": lambda text: json.dumps({**json.loads(text), "as_of": "soon"}),
    "a table without a file": lambda text: json.dumps({**json.loads(text), "tables": {"orders": {"rows": 3}}}),
    "not UTF-8": lambda text: text.encode("utf-16"),
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_broken_manifest(cli, data, case):
    path = data / "manifest.json"
    broken = MANIFESTS[case](path.read_text(encoding="utf-8"))
    path.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    refused(cli("kpi", "ordered_amount", "--data", data), 1)
    refused(cli("check", data), 1)


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def wiped(path):
    content = path.read_bytes()
    footer = int.from_bytes(content[-8:-4], "little") + 8
    path.write_bytes(b"PAR1" + b"\xff" * (len(content) - footer - 4) + content[-footer:])


BREAKS = {
    "missing": lambda path: path.unlink(),
    "truncated": cut,
    "empty": lambda path: path.write_bytes(b""),
    "something else": lambda path: path.write_text("order_id,amount\n1,2\n"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "wiped but for its footer": wiped,
}


@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_parquet_file(cli, data, case):
    BREAKS[case](parquet(data))
    for words in (["kpi", "ordered_amount", "--data", data], ["alerts", "--data", data], ["check", data]):
        refused(cli(*words), 1)


def test_a_parquet_file_that_lacks_a_column(cli, data):
    import pandas as pd

    pd.read_parquet(parquet(data)).drop(columns="amount").to_parquet(parquet(data))
    refused(cli("kpi", "ordered_amount", "--data", data), 1, "amount")


def test_a_version_folder_that_is_gone(cli, data):
    shutil.rmtree(data / manifest_of(data)["version"])
    refused(cli("kpi", "ordered_amount", "--data", data), 1, "import the source again")


# --- import -------------------------------------------------------------------------------------------------------


def test_a_source_that_is_none(cli, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(cli("import", tmp_path / "nowhere", "--to", tmp_path / "data"), 2, "nowhere")
    refused(cli("import", empty, "--to", tmp_path / "data"), 1, "empty")
    (empty / "notes.txt").write_text("hello")
    assert cli("import", empty, "--to", tmp_path / "data")[0] == 1
    assert not (tmp_path / "data" / "manifest.json").exists()


def test_wrong_options_of_an_import(cli, root, tmp_path):
    demo, to = root / "data" / "demo", tmp_path / "data"
    refused(cli("import", demo, "--to", to, "--preset", "odo"), 2, "did you mean 'odoo'")
    refused(
        cli(
            "import",
            demo,
            "--to",
            to,
            "--preset",
            "odoo",
            "--mapping",
            root / "docs" / "mappings" / "adventureworks.toml",
        ),
        2,
    )
    refused(cli("import", demo, "--to", to, "--as-of", "soon"), 2, "soon")
    refused(cli("import", demo, "--to", to, "--zone", "Europe/Pariss"), 2, "Europe/Pariss")
    refused(cli("import", demo, "--to", to, "--mapping", root / "README.md"), 1)
    refused(cli("import", demo, "--to", to, "--targets", root / "README.md"), 1)
    assert not to.exists()


def test_a_source_in_another_encoding(cli, tmp_path):
    """cp1252 is read; what is no text at all is refused in words, and the data there was stays."""
    source, to = tmp_path / "source", tmp_path / "data"
    source.mkdir()
    (source / "accounts.csv").write_bytes(
        "account_id;name;type\n1;Société Générale d'Électricité;customer\n".encode("cp1252")
    )
    assert cli("import", source, "--to", to)[0] == 0
    before = (to / "manifest.json").read_bytes()
    (source / "orders.parquet").write_bytes(b"PAR1 nothing of the kind")
    refused(cli("import", source, "--to", to), 1, "orders.parquet")
    assert (to / "manifest.json").read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_target_that_can_not_be_written(cli, root, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    refused(cli("import", root / "data" / "demo", "--to", locked / "data"), 1, "locked")


def test_a_target_that_is_a_file(cli, root, tmp_path):
    (tmp_path / "data").write_text("mine")
    refused(cli("import", root / "data" / "demo", "--to", tmp_path / "data"), 1, "data")
    refused(cli("import", root / "data" / "demo", "--to", tmp_path / "data" / "below"), 1, "nothing was changed")
    refused(cli("sample", "--to", tmp_path / "data", "--customers", 20), 1, "data")
    assert (tmp_path / "data").read_text() == "mine"


def test_a_full_disk(cli, root):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    refused(cli("import", root / "data" / "demo", "--to", "/dev/full"), 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--customers", "0"], "customers"),
        (["--customers", "-4"], "customers"),
        (["--until", "soon"], "soon"),
        (["--story", "dragons"], "dragons"),
        (["--story", "discounts=Nowhere"], "Nowhere"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_wrong_usage_of_sample(cli, tmp_path, words, said):
    refused(cli("sample", "--to", tmp_path / "data", *words), 2, said)
    assert not (tmp_path / "data").exists()


# --- serve --------------------------------------------------------------------------------------------------------


def test_a_port_in_use(cli, demo):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(cli("serve", "--data", demo, "--port", port), 2, str(port))


def test_serve_of_no_data(cli, tmp_path):
    refused(cli("serve", "--data", tmp_path / "nowhere"), 1, "does not exist")
