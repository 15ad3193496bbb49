"""Every option of the questions: what is printed, and in which shape."""

import csv
import io
import json
import subprocess
import sys

import duckdb
import pytest

MONTH = ("--period", "2026-10")


@pytest.fixture
def ask(cli, demo):
    """``ask("kpi", "win_rate", ...)`` of the demo: standard output; the command must succeed in silence."""

    def run(*words, data=True):
        code, out, err = cli(*words, *(("--data", demo) if data else ()))
        assert (code, err) == (0, "")
        return out

    return run


@pytest.fixture
def kpi(ask):
    """``kpi("win_rate", ...)``: the answer as JSON."""
    return lambda name, *words: json.loads(ask("kpi", name, *words, "--json"))


def value(answer):
    (row,) = answer["rows"]
    return row["value"]


# --- the shape of the issue ---------------------------------------------------------------------------------------


def test_the_json_of_the_issue(kpi):
    answer = kpi("invoiced_revenue", *MONTH, "--by", "team", "--compare", "previous,last_year,target")
    assert list(answer) == ["indicator", "as_of", "period", "unit", "currency", "status", "coverage", "reason", "rows"]
    assert {key: answer[key] for key in ("indicator", "as_of", "period", "unit", "currency", "status")} == {
        "indicator": "invoiced_revenue",
        "as_of": "2026-10-15",
        "period": {"label": "2026-10", "start": "2026-10-01", "end": "2026-11-01"},
        "unit": "money",
        "currency": "EUR",
        "status": "ok",
    }
    nord = next(row for row in answer["rows"] if row["team_id"] == "Nord")
    expected = {
        "team": "Nord", "team_id": "Nord", "num": 9500.0, "den": None, "value": 9500.0, "amount": 9500.0, "n": 3,
        "status": "ok", "coverage": 1.0, "reason": "", "target": 20000.0, "target_to_date": 10000.0,
        "attainment": 0.95, "previous": 10000.0, "last_year": 5000.0,
    }  # fmt: skip
    assert [key for key in nord if key in expected] == list(expected)
    assert {key: nord[key] for key in expected} == expected
    nobody = next(row for row in answer["rows"] if row["team_id"] is None)
    assert (nobody["team"], nobody["value"], nobody["target"]) == ("no team", 1000.0, None)


def test_without_by_there_is_one_row(kpi):
    assert len(kpi("order_count", *MONTH)["rows"]) == 1


def test_several_dimensions(kpi):
    rows = kpi("order_count", "--period", "2026-Q4", "--by", "team,month")["rows"]
    assert [list(row)[:4] for row in rows] == [["team", "team_id", "month", "month_id"]] * len(rows)
    assert sum(row["value"] or 0 for row in rows) == 8
    (dates,) = {row["month_id"] for row in rows if row["value"]}
    assert dates == "2026-10-01"


@pytest.mark.parametrize(
    ("period", "start", "end", "expected"),
    [
        ("2026", "2026-01-01", "2027-01-01", 44_500),
        ("2026-Q4", "2026-10-01", "2027-01-01", 24_500),
        ("2026-10", "2026-10-01", "2026-11-01", 24_500),
        ("2026-10-01", "2026-10-01", "2026-10-02", 8_000),
        ("2026-W42", "2026-10-12", "2026-10-19", 1_000),
        ("FY2026", "2026-01-01", "2027-01-01", 44_500),
        ("FY2026-Q3", "2026-07-01", "2026-10-01", 20_000),
        ("2026-10-01/2026-10-07", "2026-10-01", "2026-10-07", 15_500),
        ("all", None, "2026-10-16", 49_500),
    ],
)
def test_every_form_of_a_period(kpi, period, start, end, expected):
    answer = kpi("ordered_amount", "--period", period)
    assert answer["period"] == {"label": period, "start": start, "end": end}
    assert value(answer) == expected


def test_the_default_period_is_the_month_of_the_day(kpi):
    assert kpi("ordered_amount")["period"]["label"] == "2026-10"
    assert kpi("ordered_amount", "--as-of", "2026-09-15")["period"]["label"] == "2026-09"


def test_as_of_is_the_close_of_a_day(kpi):
    seen = [value(kpi("ordered_amount", *MONTH, "--as-of", day)) for day in ("2026-10-01", "2026-10-05", "2026-10-31")]
    assert seen == [8_000, 13_500, 24_500]
    assert kpi("ordered_amount", "--as-of", "2026-09-30", *MONTH)["status"] == "unavailable"


def test_set_changes_a_setting(kpi):
    assert (
        kpi("ordered_amount", "--period", "FY2026", "--set", "fiscal_year_start=4")["period"]["start"] == "2025-04-01"
    )
    known = kpi("margin_rate", *MONTH)
    assert (known["status"], kpi("margin_rate", *MONTH, "--set", "ok_coverage=0.9")["status"]) == ("partial", "ok")
    twice = kpi(
        "margin_rate", *MONTH, "--set", "ok_coverage=0.9", "--set", "min_coverage=0.1", "--set", "ok_coverage=0.99"
    )
    assert twice["status"] == "partial", "the last one counts"


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ([], 24_500),
        (["team=Sud"], 10_000),
        (["team=Sud", "team=Nord"], 23_500),
        (["team=Sud", "team=Nord", "business_unit=Industrie"], 13_500),  # same key or, other keys and
        (["team=Sud", "business_unit=Industrie"], 0),
        (["team="], 1_000),  # nobody's team
        (["team=", "team=Sud"], 11_000),
        (["customer="], 3_500),
        (["rep=Alice Martin"], 11_500),
        (["rep=U1"], 11_500),
        (["customer=Aciéries du Nord"], 8_000),
        (["segment=PME", "team=Sud"], 10_000),
        ([" team = Sud "], 10_000),
    ],
)
def test_where(kpi, kept, expected):
    words = [word for each in kept for word in ("--where", each)]
    assert value(kpi("ordered_amount", *MONTH, *words)) == expected


def test_compare_one_or_several_and_no_other_column_is_filled(kpi):
    row = kpi("ordered_amount", *MONTH, "--compare", "last_year")["rows"][0]
    assert (row["last_year"], row["previous"], row["target"]) == (5_000, None, None)
    row = kpi("ordered_amount", *MONTH, "--compare", "target, previous")["rows"][0]
    assert (row["last_year"], row["previous"], row["target"]) == (None, 14_000, 50_000)


def test_unavailable_is_a_result_and_says_why(kpi, ask):
    answer = kpi("calibrated_pipeline", *MONTH, "--lang", "fr")
    assert (answer["status"], value(answer)) == ("unavailable", None)
    assert "trop peu d'affaires closes" in answer["reason"]
    assert "few closed deals" in ask("kpi", "calibrated_pipeline", *MONTH)


# --- the other forms ----------------------------------------------------------------------------------------------


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_the_numbers_of_the_json(kpi, ask):
    asked = ("--by", "rep", *MONTH, "--compare", "target")
    written = rows_of(ask("kpi", "invoiced_revenue", *asked, "--csv"))
    found = kpi("invoiced_revenue", *asked)["rows"]
    assert [row["rep_id"] for row in written] == [row["rep_id"] or "" for row in found]
    for name in ("value", "target", "attainment"):
        assert [row[name] and float(row[name]) for row in written] == [
            "" if row[name] is None else row[name] for row in found
        ]


@pytest.mark.parametrize(
    "name",
    ["invoiced_revenue", "order_count", "discount_rate", "average_basket", "weighted_pipeline", "orders_to_invoice"],
)
@pytest.mark.parametrize("kept", [[], ["--where", "team=Sud"]])
def test_the_facts_add_up_to_the_value(kpi, ask, name, kept):
    (row,) = kpi(name, *MONTH, *kept)["rows"]
    facts = rows_of(ask("kpi", name, *MONTH, *kept, "--facts", "--csv"))
    num, den = (sum(float(fact[part] or 0) for fact in facts) for part in ("num", "den"))
    assert round(num, 2) == row["num"]
    assert row["value"] == pytest.approx(num / den if row["den"] is not None else num)
    listed = json.loads(ask("kpi", name, *MONTH, *kept, "--facts", "--json"))["rows"]
    assert [fact["id"] for fact in listed] == [fact["id"] for fact in facts]


def test_the_facts_left_out_and_why(ask):
    facts = rows_of(ask("kpi", "invoiced_revenue", *MONTH, "--facts", "--left-out", "--csv"))
    assert {fact["id"]: (fact["left_out"], fact["reason"]) for fact in facts} == {
        "F6": ("excluded", "deposits"), "F10": ("excluded", "drafts"), "F11": ("excluded", "cancelled"),
    }  # fmt: skip


def test_a_table_for_the_eye(ask):
    shown = ask("kpi", "invoiced_revenue", *MONTH, "--by", "team", "--compare", "target")
    assert "Invoiced revenue" in shown.splitlines()[0]
    assert all(word in shown for word in ("Nord", "Sud", "no team", "20"))
    assert "Chiffre d'affaires facturé" in ask("kpi", "invoiced_revenue", *MONTH, "--lang", "fr")
    assert "number" in ask("kpi", "invoiced_revenue", *MONTH, "--facts")


def test_sql_runs_as_it_is_in_a_plain_duckdb(ask, demo):
    """What --sql prints is what ran: DuckDB alone gives the same sums over the folder's files."""
    shown = ask("kpi", "ordered_amount", *MONTH, "--sql")
    manifest = json.loads((demo / "manifest.json").read_text(encoding="utf-8"))
    plain = duckdb.connect()
    for name, table in manifest["tables"].items():
        file = demo / manifest["version"] / table["file"]
        plain.execute(f"create view {name} as select * from read_parquet('{file}') where is_deleted is not true")
    statement = "\n".join(line for line in shown.splitlines() if not line.startswith("--"))
    bound = {}
    for line in shown.splitlines():
        if line.startswith("-- $"):
            bound = dict(part.split(" = ") for part in line[3:].split(", "))
    found = plain.execute(statement.strip().rstrip(";"), {name[1:]: text for name, text in bound.items()}).df()
    assert list(found["num"]) == [24_500]


@pytest.mark.parametrize("name", ["landing", "weighted_pipeline", "margin_rate"])
def test_sql_of_every_kind(ask, name):
    assert ask("kpi", name, *MONTH, "--sql").lower().count("select") >= 1


def test_list(ask, cli):
    listed = json.loads(ask("list", "--json", data=False))
    assert all(
        {"no", "name", "title", "kind", "unit", "better", "dimensions", "definition"} <= set(each) for each in listed
    )
    assert {"invoiced_revenue", "landing", "weighted_pipeline"} <= {each["name"] for each in listed}
    assert "Panier moyen" in ask("list", "--lang", "fr", data=False)
    assert "Average basket" in ask("list", "--lang", "en", data=False)
    assert ask("list") == ask("list", data=False), "the demo has no figures of its own"


def test_alerts(ask):
    found = json.loads(ask("alerts", *MONTH, "--json"))
    assert {"P1", "P2", "P3"} == {each["severity"] for each in found}
    few = json.loads(ask("alerts", *MONTH, "--figure", "margin_rate", "--where", "team=Sud", "--json"))
    assert [each["id"] for each in few] == ["D9"]
    assert rows_of(ask("alerts", *MONTH, "--figure", "margin_rate", "--csv"))[0]["amount"] == "-600.0"


def test_check(ask, cli, demo):
    code, out, err = cli("check", demo)
    assert (code, err) == (0, "")
    assert all(word in out for word in ("orders", "invoiced_revenue", "2026-10-15", "EUR"))
    code, out, _ = cli("check", demo, "--json", "--lang", "fr")
    state = json.loads(out)
    by_name = {each["figure"]: each for each in state["figures"]}
    assert (code, by_name["weighted_pipeline"]["status"]) == (0, "partial")
    assert "1 affaire sans montant" in by_name["weighted_pipeline"]["reason"]


def test_the_folder_may_come_from_the_environment(cli, demo, monkeypatch):
    monkeypatch.setenv("CRMKPI_DATA", str(demo))
    code, out, err = cli("kpi", "order_count", *MONTH, "--json")
    assert (code, err, value(json.loads(out))) == (0, "", 8)


def test_help_and_version(cli):
    for words in (
        [],
        ["--help"],
        ["--version"],
        *([name, "-h"] for name in ("list", "kpi", "alerts", "import", "check", "sample", "serve")),
    ):
        code, out, err = cli(*words)
        assert code == (0 if words else 2)
        assert out or err


# --- texts from outside -------------------------------------------------------------------------------------------


def test_csv_is_no_formula(cli, tmp_path, root):
    """A customer called =1+1 is a text to a spreadsheet; so is one in a table or in JSON."""
    source = tmp_path / "source"
    source.mkdir()
    hostile = [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "＝1+1",
        "<b>x</b>",
        "[red]x[/red]",
        "a,b",
        'a"b',
    ]
    accounts = ["account_id,name,type,segment"]
    accounts += [
        f'K{n},"{name.replace(chr(34), chr(34) * 2)}",customer,"{name.replace(chr(34), chr(34) * 2)}"'
        for n, name in enumerate(hostile)
    ]
    orders = [
        "order_id,account_id,order_date,status,amount",
        *(f"O{n},K{n},2026-10-01,confirmed,10" for n in range(len(hostile))),
    ]
    (source / "accounts.csv").write_text("\n".join(accounts), encoding="utf-8")
    (source / "orders.csv").write_text("\n".join(orders), encoding="utf-8")
    assert cli("import", source, "--to", tmp_path / "data")[0] == 0
    for words in (("--by", "customer"), ("--by", "segment"), ("--facts",)):
        code, out, err = cli("kpi", "ordered_amount", "--data", tmp_path / "data", *MONTH, *words, "--csv")
        assert (code, err) == (0, "")
        for row in rows_of(out):
            for name in ("customer", "segment"):
                assert (row.get(name) or "x").lstrip(" \t")[0] not in "=+-@＝"
        code, out, err = cli("kpi", "ordered_amount", "--data", tmp_path / "data", *MONTH, *words)
        assert (code, err) == (0, "")
        assert words == ("--facts",) or "[red]x[/red]" in out, "a name is no markup"
        code, out, err = cli("kpi", "ordered_amount", "--data", tmp_path / "data", *MONTH, *words, "--json")
        assert len(json.loads(out)["rows"]) == len(hostile)
    where = ("--where", "customer==1+1", "--where", "customer=a,b")
    answer = json.loads(cli("kpi", "ordered_amount", "--data", tmp_path / "data", *MONTH, *where, "--json")[1])
    assert value(answer) == 20


# --- as a program -------------------------------------------------------------------------------------------------


def program(*words, **more):
    return subprocess.run(
        [sys.executable, "-m", "crmkpi", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        encoding="utf-8",
        **more,
    )


def test_as_a_program(demo, root):
    done = program("kpi", "order_count", "--data", demo, *MONTH, "--json", cwd=root)
    assert (done.returncode, done.stderr, value(json.loads(done.stdout))) == (0, "", 8)
    wrong = program("kpi", "order_cuont", "--data", demo, cwd=root)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "did you mean 'order_count'" in wrong.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no sh")
def test_a_reader_that_has_enough(demo, root):
    """crmkpi ... | head -1 ends in silence."""
    for words in (("list",), ("kpi", "ordered_amount", "--facts", "--csv", "--data", str(demo), "--period", "all")):
        line = " ".join([f'"{sys.executable}"', "-m", "crmkpi", *words])
        done = subprocess.run(
            ["sh", "-c", f"{line} | head -1 >/dev/null"], capture_output=True, text=True, timeout=60, cwd=root
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_a_narrow_terminal_that_knows_only_ascii(demo, root):
    import os

    env = os.environ | {"PYTHONIOENCODING": "ascii", "COLUMNS": "40", "NO_COLOR": "1"}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "crmkpi",
            "kpi",
            "invoiced_revenue",
            "--data",
            str(demo),
            "--by",
            "customer",
            "--lang",
            "fr",
        ],
        capture_output=True,
        timeout=60,
        cwd=root,
        env=env,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 1)
