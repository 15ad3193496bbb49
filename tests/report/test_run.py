"""``crmkpi run`` as its users meet it: a command in a process of its own, and the files it leaves."""

import hashlib
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import openpyxl
import pytest

import crmkpi
from crmkpi.format import text
from crmkpi.report import browser
from crmkpi.report.index import page as index_page

PERIOD = ("--period", "2026-10")
PLAIN = ("--format", "html,xlsx,ipynb")


@pytest.fixture(scope="module")
def written(run, sample_data, tmp_path_factory):
    """A folder of reports, by one run: the company's and one team's, in French and in English."""
    to = tmp_path_factory.mktemp("reports") / "all of them"
    done = run(sample_data, to, *PERIOD, *PLAIN, "--lang", "fr", "--lang", "en", "--for", "team=Sud")
    assert (done.returncode, done.stderr) == (0, "")
    return to


def manifest(to):
    return json.loads((to / "manifest.json").read_text())["reports"]


def notebooks(folder, **cells):
    """Notebooks of one cell each, named ``1_NAME``."""
    folder.mkdir()
    for name, source in cells.items():
        parameters = "data: str = None\nperiod: str = None\nas_of: str = None\nlang: str = None\nteam: str = None"
        first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
        book = nbformat.v4.new_notebook(cells=[first, nbformat.v4.new_code_cell(source)])
        book.metadata |= {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(book, folder / f"1_{name}.ipynb")
    return folder


SHOW = "from IPython.display import HTML, display\ndisplay(HTML({!r}))"


# --- what is written ------------------------------------------------------------------------------------------------


def test_everything_is_there_and_the_index_leads_to_it(written):
    entries = manifest(written)
    assert len(entries) == 2 * 2 * 5
    assert {entry["status"] for entry in entries.values()} == {"ok"}
    index = (written / "index.html").read_text()
    linked = {html.unescape(each) for each in re.findall(r'href="([^"]*)"', index)}
    files = {name for entry in entries.values() for name in entry["files"]}
    assert linked == files
    for entry in entries.values():
        for name, total in entry["files"].items():
            assert hashlib.sha256((written / name).read_bytes()).hexdigest() == total
    assert entries["2026-10/company/fr/1_commercial"]["as_of"] == "2026-10-15"
    assert not [*written.rglob(".writing-*")]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("team", [None, "Sud"])
def test_a_report_says_the_figures_of_the_dashboard_to_the_last_digit(written, sample_data, lang, team):
    crm = crmkpi.open(sample_data)
    entries = manifest(written).values()
    folders = {
        each["folder"] for each in entries if each["lang"] == lang and each["for"] == ({"team": team} if team else {})
    }
    [folder] = folders
    where = {"team": team} if team else {}
    seen = 0
    for page in sorted((written / folder).glob("*.html")):
        said = page.read_text()
        tiles = tiles_of(said)
        assert tiles, page
        cells = nbformat.read(page.with_suffix(".ipynb"), as_version=4).cells
        outputs = [each.get("data", {}).get("text/html", "") for cell in cells for each in cell.get("outputs", [])]
        assert tiles_of("".join(outputs)) == tiles
        for name, shown in tiles:
            value = crm.kpi(name, period="2026-10", where=where, compare=["target"], lang=lang).value
            assert html.unescape(shown) == text(value, crm.figures[name].unit, lang, currency=crm.currency), name
            seen += 1
    assert seen > 40


def tiles_of(page):
    """The figures of the tiles of a page, each with what it shows."""
    return re.findall(r'<article[^>]*data-figure="(\w+)">.*?class="ck-number"[^>]*>([^<]*)<', page, re.DOTALL)


def test_the_command_line_says_the_same_to_the_last_digit(written, sample_data, cli):
    """The workbook has the numbers themselves: those of `crmkpi kpi`, as sixteen digits write them."""
    sud = next(written.glob("2026-10/team-sud-*/en/figures.xlsx"))
    rows = list(openpyxl.load_workbook(sud)["Figures"].values)
    titles = {row[0]: row[1] for row in rows[1:]}
    crm = crmkpi.open(sample_data)
    for name in ("invoiced_revenue", "margin_rate", "average_basket", "weighted_pipeline", "dso", "data_quality_index"):
        _, out, _ = cli(
            "kpi", name, "--data", sample_data, "--period", "2026-10", "--where", "team=Sud", "--json", "--lang", "en"
        )
        [said] = [each["value"] for each in json.loads(out)["rows"]]
        assert f"{titles[crm.figures[name].title('en')]:.16g}" == f"{said:.16g}", name


SHEET = {
    "fr": ("Indicateurs", "Valeur", "Période précédente", "Atteinte"),
    "en": ("Figures", "Value", "Previous period", "Attainment"),
}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("team", [None, "Sud"])
def test_the_workbook_has_the_figures_and_lists_that_add_up_to_them(written, sample_data, lang, team):
    crm = crmkpi.open(sample_data)
    whom = {"team": team} if team else {}
    [entry] = [
        each for key, each in manifest(written).items() if key.endswith(f"{lang}/figures") and each["for"] == whom
    ]
    book = openpyxl.load_workbook(written / next(iter(entry["files"])))
    sheet, *heads = SHEET[lang]
    rows = list(book[sheet].values)
    figures = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    titles = {figure.title(lang): name for name, figure in crm.figures.items()}
    for title, row in figures.items():
        answer = crm.kpi(titles[title], period="2026-10", where=whom, compare=["target", "previous"]).row
        for head, key in zip(heads, ("value", "previous", "attainment"), strict=True):
            expected = answer.get(key)
            expected = None if expected is None or expected != expected else float(expected)
            assert row[head] == (None if expected is None else pytest.approx(expected, rel=1e-15)), (title, head)
    cells = {row[0].value: row[1] for row in book[sheet].iter_rows(min_row=2)}
    shown = {name: cells[crm.figures[name].title(lang)].number_format for name in ("margin_rate", "invoiced_revenue")}
    assert shown == {"margin_rate": "0.0%", "invoiced_revenue": "#,##0.00"}
    revenue = crm.figures["invoiced_revenue"].title(lang)
    listed = list(book[revenue.replace("'", " ")].values)  # no sheet's name may hold an apostrophe
    place = listed[0].index(revenue)
    assert sum(row[place] for row in listed[1:]) == pytest.approx(figures[revenue][heads[0]], abs=0.005)
    assert "crmkpi" in book.sheetnames


def test_a_page_asks_nothing_of_any_other_and_has_every_list(written):
    said = (written / "2026-10" / "company" / "fr" / "1_commercial.html").read_text()
    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', said)
    assert not re.search(r"https?://(?!www\.w3\.org/)", said)
    assert said.count("<details data-list=") + said.count('class="ck-every"') >= 8
    assert "widget-view" not in said
    assert "board.headline" not in said, "the code is the notebook's"
    team = next(written.glob("2026-10/team-sud-*/en/1_commercial.html")).read_text()
    assert "Sud" in re.search(r"<title>(.*?)</title>", team)[1]


def test_the_executed_notebook_can_be_opened_again(written):
    book = nbformat.read(written / "2026-10" / "company" / "fr" / "4_field.ipynb", as_version=4)
    nbformat.validate(book)
    assert book.metadata.papermill["parameters"]["lang"] == "fr"
    assert book.metadata.papermill["exception"] is None
    frames = [
        each
        for cell in book.cells
        for each in cell.get("outputs", [])
        if "dataframe" in str(each.get("data", {}).get("text/html"))
    ]
    assert frames, "an analyst gets the frames of the appendix"


def test_what_an_analyst_adds_is_shown(run, demo, tmp_path):
    """A value, a display, a figure of pyplot, words printed: as a kernel would have shown them."""
    drawn = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    mine = notebooks(tmp_path / "mine", a="import pandas as pd\nprint('said')\npd.DataFrame({'kept': [42]})", b=drawn)
    done = run(demo, tmp_path / "to", "--notebooks", mine, "--format", "html,ipynb")
    assert (done.returncode, done.stderr) == (0, "")
    kinds = {}
    for name in "ab":
        book = nbformat.read(next((tmp_path / "to").rglob(f"1_{name}.ipynb")), as_version=4)
        kinds[name] = [(each.output_type, sorted(each.get("data", {}))) for each in book.cells[-1].outputs]
    assert kinds["a"] == [("stream", []), ("execute_result", ["text/html", "text/plain"])]
    assert kinds["b"] == [("display_data", ["image/png", "text/plain"])]
    assert ">42<" in next((tmp_path / "to").rglob("1_a.html")).read_text()
    assert "data:image/png;base64," in next((tmp_path / "to").rglob("1_b.html")).read_text()


def test_only_what_was_asked_for_is_written(run, demo, tmp_path):
    done = run(demo, tmp_path / "to", "--notebook", "4_field", "--format", "html,xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    files = {path.name for path in (tmp_path / "to" / "2026-10").rglob("*") if path.is_file()}
    assert files == {"4_field.html", "figures.xlsx"}
    book = openpyxl.load_workbook(next((tmp_path / "to").rglob("*.xlsx")))
    [shown] = [entry["figures"] for key, entry in manifest(tmp_path / "to").items() if key.endswith("4_field")]
    assert "visits_done" in shown
    assert book.worksheets[0].max_row == len(shown) + 1


def test_a_run_remembers_the_values_of_its_day(written, sample_data):
    crm = crmkpi.open(sample_data)
    days = crm.history.days()
    assert days[days["places"].str.contains("rep")]["as_of"].tolist() == [crm.as_of]
    for where in ({}, {"team": "Sud"}):
        known = crm.history.known("invoiced_revenue", on=crm.as_of, where=where)
        assert known.value == crm.kpi("invoiced_revenue", where=where).value


# --- a second run ---------------------------------------------------------------------------------------------------


def test_what_is_there_is_left_and_what_is_missing_or_changed_is_written_again(run, demo, root, tmp_path):
    mine, to = notebooks(tmp_path / "mine", one=SHOW.format("one"), two=SHOW.format("two")), tmp_path / "to"
    words = ("--notebooks", mine, "--format", "html,ipynb")
    assert run(demo, to, *words).stdout.startswith("2 written, 0 left")
    before = {path: path.stat().st_mtime_ns for path in to.rglob("*") if path.suffix in (".html", ".ipynb", ".json")}
    assert run(demo, to, *words).stdout.startswith("0 written, 2 left")
    assert {path: path.stat().st_mtime_ns for path in before} == before
    next(to.rglob("1_one.html")).write_text("half of it")
    next(to.rglob("1_two.html")).unlink()
    assert run(demo, to, *words).stdout.startswith("2 written, 0 left")
    assert "one" in next(to.rglob("1_one.html")).read_text()
    notebooks(tmp_path / "again", one=SHOW.format("new"))
    (tmp_path / "again" / "1_one.ipynb").replace(mine / "1_one.ipynb")
    assert run(demo, to, *words).stdout.startswith("1 written, 1 left")
    assert run(demo, to, *words, "--again").stdout.startswith("2 written, 0 left")
    assert run(demo, to, *words, "--as-of", "2026-10-01").stdout.startswith("2 written, 0 left")


def test_a_run_that_was_killed_goes_on_where_it_was(demo, run, root, tmp_path):
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(tmp_path / 'go')!r}).exists(): time.sleep(0.05)"
    mine, to = notebooks(tmp_path / "mine", a=SHOW.format("first"), b=wait), tmp_path / "to"
    words = ["--notebooks", str(mine), "--format", "html,ipynb", "--jobs", "1"]
    command = [sys.executable, "-m", "crmkpi", "run", "--data", str(demo), "--to", str(to), *words]
    killed = subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    wait_until(lambda: (to / "manifest.json").exists(), killed)
    busy = run(demo, to, *words)
    assert busy.returncode == 1
    assert "another run writes to" in busy.stderr
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    (tmp_path / "go").touch()
    time.sleep(0.3)  # the process that it left ends by itself
    assert run(demo, to, *words).stdout.startswith("1 written, 1 left")
    assert "first" in next(to.rglob("1_a.html")).read_text()


def wait_until(there, process, seconds=60):
    for _ in range(seconds * 20):
        if there():
            return
        assert process.poll() is None, "it ended"
        time.sleep(0.05)
    pytest.fail("waited in vain")


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_the_newest_periods_stay_and_what_nobody_wrote_or_somebody_changed(run, demo, tmp_path):
    mine, to = notebooks(tmp_path / "mine", one=SHOW.format("one"), two=SHOW.format("two")), tmp_path / "to"
    words = ("--notebooks", mine, "--format", "html,ipynb")
    for period in ("2026-08", "2026-09", "2026-07"):
        assert run(demo, to, *words, "--period", period).returncode == 0
    theirs = to / "2026-07" / "company" / "fr"
    (theirs / "1_one.html").write_text("my notes on it")
    (theirs / "mine.txt").write_text("mine")
    done = run(demo, to, *words, "--period", "2026-10", "--keep", "2")
    assert (done.returncode, done.stderr.splitlines()) == (0, [
        "removing 2026-07: 3 files; 1 were changed since and stay", "removing 2026-08: 4 files"])  # fmt: skip
    assert {path.name for path in to.rglob("*") if path.is_file() and "2026-07" in path.parts} == {
        "1_one.html",
        "mine.txt",
    }
    assert not (to / "2026-08").exists()
    assert {each["period"] for each in manifest(to).values()} == {"2026-09", "2026-10"}
    assert "2026-08" not in (to / "index.html").read_text()
    assert "removing 2026-08: 4 files" in "".join(log.read_text() for log in (to / "logs").iterdir())


def test_the_log_has_a_line_for_each_report_and_no_word_of_the_data(run, demo, tmp_path):
    mine = notebooks(tmp_path / "mine", bad="raise KeyError('Martin SA')", good=SHOW.format("fine"))
    done = run(demo, tmp_path / "to", "--notebooks", mine, "--format", "html", "--for", "team=Sud")
    assert "Martin SA" in done.stderr
    [log] = (tmp_path / "to" / "logs").iterdir()
    first, *lines = log.read_text().splitlines()
    assert "4 to write, 0 left" in first
    assert sorted(line.split()[1] for line in lines) == ["failed", "failed", "ok", "ok"]
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  (ok|failed) +\d+\.\d\d s  2026-10/", line) for line in lines)
    assert "KeyError" in log.read_text()
    assert "Martin" not in log.read_text()
    run(demo, tmp_path / "to", "--notebooks", mine, "--format", "html", "--for", "team=Sud", "--notebook", "1_good")
    assert len([*(tmp_path / "to" / "logs").iterdir()]) == 1, "a run that does nothing leaves no log"


# --- what goes wrong ------------------------------------------------------------------------------------------------


def test_a_notebook_that_fails_is_kept_with_its_error_and_the_others_go_on(run, demo, tmp_path):
    mine = notebooks(tmp_path / "mine", bad="1 / 0", good=SHOW.format("fine"))
    done = run(demo, tmp_path / "to", "--notebooks", mine, "--format", "html,ipynb")
    assert done.returncode == 1
    assert "1 written, 0 left as they were, 1 failed" in done.stdout
    assert "ZeroDivisionError" in done.stderr
    [kept] = (tmp_path / "to").rglob("*.error.ipynb")
    assert "ZeroDivisionError" in kept.read_text()
    assert "division by zero" in html.unescape((tmp_path / "to" / "index.html").read_text())
    assert not [*(tmp_path / "to").rglob("1_bad.html")]
    notebooks(tmp_path / "mended", bad=SHOW.format("mended"))
    (tmp_path / "mended" / "1_bad.ipynb").replace(mine / "1_bad.ipynb")
    assert run(demo, tmp_path / "to", "--notebooks", mine, "--format", "html,ipynb").stdout.startswith(
        "1 written, 1 left"
    )
    assert not kept.exists()


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "ended without an answer (exit code -9)"),
        ("import os\nos._exit(3)", "ended without an answer (exit code 3)"),
        ("while True: pass", "took longer than 3 s"),
        ("import subprocess\nsubprocess.run(['sleep', '600'])", "took longer than 3 s"),
        ("raise SystemExit(2)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("this is no Python", "SyntaxError"),
    ],
)  # fmt: skip
def test_a_process_that_dies_or_hangs_is_said_and_the_others_go_on(run, demo, tmp_path, cell, said):
    mine = notebooks(tmp_path / "mine", bad=cell, good=SHOW.format("fine"))
    done = run(demo, tmp_path / "to", "--notebooks", mine, "--format", "html,ipynb", "--limit", "3")
    assert done.returncode == 1
    assert said in done.stderr
    assert "fine" in next((tmp_path / "to").rglob("1_good.html")).read_text()
    assert not [*(tmp_path / "to").rglob(".writing-*/*.html")]


POISON = """
import os, sys, builtins, locale, decimal, warnings
import pandas as pd, numpy as np, matplotlib, crmkpi, crmkpi.format, crmkpi.dashboard.lists as lists
os.environ["CRMKPI_LANG"] = "xx"; os.chdir("/"); sys.path.clear(); decimal.getcontext().prec = 2
crmkpi.format.text = crmkpi.open = lambda *a, **k: "poison"
pd.DataFrame.sum = np.sum = lambda *a, **k: 666
matplotlib.rcParams["svg.hashsalt"] = "poison"; lists.panel = None; builtins.round = max
np.random.seed(0)
"""


def test_a_run_that_poisons_its_process_changes_no_other(run, demo, root, tmp_path):
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    mine = notebooks(tmp_path / "mine", apoison=POISON)
    name = "2_organisation.ipynb"
    (mine / name).write_bytes((root / "notebooks" / name).read_bytes())
    words = ("--notebooks", mine, "--format", "html", "--jobs", "1")
    assert run(demo, alone, *words, "--notebook", "2_organisation").returncode == 0
    assert run(demo, beside, *words).returncode == 0
    assert [each["status"] for key, each in manifest(beside).items() if key.endswith("apoison")] == ["ok"]
    bodies = [
        re.sub(r"<header.*?</header>", "", next(to.rglob("2_organisation.html")).read_text(), flags=re.DOTALL)
        for to in (alone, beside)
    ]
    assert bodies[0] == bodies[1]


WRONG_SUMS = """
if (team, lang) == ("Nord", "fr"):
    from crmkpi.facts import measure
    measure._floats = lambda values: 0.0 * len(values)
    measure._undated_rows = None
"""


def test_what_the_first_report_found_wrong_is_found_anew_for_the_others(run, demo, root, tmp_path):
    """Its questions are asked again by a process that runs no notebook, and the answers are lent to the next of its kind."""
    alone, beside, name = tmp_path / "alone", tmp_path / "beside", "2_organisation"
    notebook = nbformat.read(root / "notebooks" / f"{name}.ipynb", as_version=4)
    place = next(n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(WRONG_SUMS))
    (tmp_path / "mine").mkdir()
    nbformat.write(notebook, tmp_path / "mine" / f"{name}.ipynb")
    asked = ["--format", "html", "--jobs", "1", "--no-company", "--lang", "fr", "--lang", "en"]
    words = ("--notebooks", tmp_path / "mine", *asked)
    run(demo, beside, *words, "--for", "team=Nord", "--for", "team=Sud")
    assert run(demo, alone, *words, "--for", "team=Sud").returncode == 0
    for lang in ("fr", "en"):
        bodies = [next(to.glob(f"*/team-sud*/{lang}/{name}.html")).read_text() for to in (alone, beside)]
        assert bodies[0] == bodies[1]


def test_a_broken_table_is_said_and_no_page_goes_out_with_a_hole(run, demo, tmp_path):
    """The rows are damaged; the foot of the file, which is read first, is as it was."""
    data = shutil.copytree(demo, tmp_path / "data")
    [table] = data.glob("v-*/invoices.parquet")
    whole = table.read_bytes()
    table.write_bytes(whole[:4] + b"\xff" * 200 + whole[204:])
    done = run(data, tmp_path / "to", "--notebook", "1_commercial", "--notebook", "4_field", "--format", "html,xlsx")
    assert done.returncode == 1
    assert "1_commercial: DataError" in done.stderr
    assert not [*(tmp_path / "to").rglob("1_commercial.html")]
    assert [*(tmp_path / "to").rglob("1_commercial.error.ipynb")]
    assert [*(tmp_path / "to").rglob("4_field.html")]


def test_nothing_can_be_written(run, demo, tmp_path):
    (tmp_path / "file").write_text("")
    done = run(demo, tmp_path / "file" / "to", *PLAIN)
    assert done.returncode == 1
    assert "can not be written to" in done.stderr
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "manifest.json").write_text('{"reports": ')
    done = run(demo, tmp_path / "torn", *PLAIN)
    assert done.returncode == 1
    assert "is not a manifest of reports" in done.stderr


FULL = """
import crmkpi.report.files as files
def full(*_): raise OSError(28, "No space left on device")
files.html_of = full
"""


def test_a_folder_that_can_only_be_read(run, demo, tmp_path):
    """/sys is one that even root can not write to."""
    done = run(demo, "/sys/reports", *PLAIN)
    assert done.returncode == 1
    assert "reports can not be written to /sys/reports" in done.stderr


@pytest.mark.parametrize(("path", "kept"), [("1_good.html", "manifest"), ("manifest.json", "nothing")])
def test_a_disk_that_fills_up_after_a_report_was_made(run, demo, tmp_path, monkeypatch, path, kept):
    """What is moved to its place does not get there: a folder stands in its way, as nothing else stops root."""
    to = tmp_path / "to"
    mine = notebooks(tmp_path / "mine", good=SHOW.format("fine"), other=SHOW.format("other"))
    place = to / path if kept == "nothing" else to / "2026-10" / "company" / "fr" / path
    place.mkdir(parents=True)
    done = run(demo, to, "--notebooks", mine, "--format", "html")
    assert done.returncode == 1
    assert "directory" in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert not [*to.rglob(".writing-*")]
    if kept == "manifest":
        assert [each["status"] for each in manifest(to).values()] == ["failed", "ok"]


def test_a_disk_that_is_full_leaves_no_half_of_a_report(run, demo, tmp_path):
    mine = notebooks(tmp_path / "mine", full=FULL, good=SHOW.format("fine"))
    done = run(demo, tmp_path / "to", "--notebooks", mine, "--format", "html,ipynb")
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert not [*(tmp_path / "to").rglob("1_full*")]
    assert not [*(tmp_path / "to").rglob(".writing-*")]


def test_a_disk_that_is_really_full(demo, root, tmp_path):
    """One of a megabyte, of this test's own: reports that fit are whole, the others are said, and nothing is half there.

    One at a time, so that what is too big is gone before the other is written.
    """
    disk, after = tmp_path / "disk", tmp_path / "after"
    disk.mkdir()
    script = f'mount -t tmpfs -o size=1m none "{disk}" && "$@"; code=$?; cp -r "{disk}" "{after}"; exit $code'
    small = ["unshare", "-rm", "sh", "-c", script, "sh"]
    if not shutil.which("unshare") or subprocess.run([*small, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody have a disk of their own")
    shutil.rmtree(after)
    mine = notebooks(tmp_path / "mine", small=SHOW.format("fine"), big=SHOW.format("x" * 600_000))
    asked = ["--data", demo, "--to", disk / "to", "--notebooks", mine, "--format", "html,ipynb", "--jobs", "1"]
    command = [*small, sys.executable, "-m", "crmkpi", "run", *asked]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    entries = manifest(after / "to")
    assert {each["notebook"]: each["status"] for each in entries.values()} == {"1_small": "ok", "1_big": "failed"}
    for entry in entries.values():
        for name, digest in entry["files"].items():
            assert hashlib.sha256((after / "to" / name).read_bytes()).hexdigest() == digest
    assert not [*(after / "to").rglob(".writing-*")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--for", "team=Sudd"), "did you mean 'Sud'"),
        (("--for", "Sud"), "as in team=Sud"),
        (("--by", "teams"), "did you mean 'team'"),
        (("--lang", "fra"), "did you mean 'fr'"),
        (("--format", "html,docx"), "unknown format 'docx'"),
        (("--notebook", "1_comercial"), "did you mean '1_commercial'"),
        (("--period", "2026-13"), "2026-13"),
        (("--no-company",), "nobody to write for"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_is_written(run, sample_data, tmp_path, words, said):
    done = run(sample_data, tmp_path / "to", *words)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert not (tmp_path / "to").exists()


def test_a_data_folder_that_cannot_be_read(run, tmp_path):
    (tmp_path / "data").mkdir()
    done = run(tmp_path / "data", tmp_path / "to")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")


def test_names_are_text_on_the_index():
    hostile = '"><script>alert(1)</script>'
    entry = {
        "notebook": "1_x", "title": hostile, "period": "2026-10", "lang": "fr", "folder": "f", "as_of": "2026-10-15",
        "for": {"team": hostile}, "status": "failed", "error": hostile, "files": {},
    }  # fmt: skip
    page = index_page({"a": entry, "b": entry | {"status": "ok", "files": {f"{hostile}.html": ""}}})
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") >= 4


# --- in a browser ---------------------------------------------------------------------------------------------------


@pytest.mark.page
def test_a_page_sorts_searches_and_opens_its_lists_without_a_server(browser, written):
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto((written / "2026-10" / "company" / "fr" / "1_commercial.html").as_uri())
    lists = page.locator("details[data-list=invoiced_revenue]")
    assert not lists.evaluate("each => each.open")
    page.locator('[data-do="open"][data-name="weighted_pipeline"]').first.click()
    assert page.locator("details[data-list=weighted_pipeline]").evaluate("each => each.open")
    lists.locator("> summary").click()
    place = lists.locator("thead th").all_inner_texts().index("Chiffre d'affaires facturé")
    lists.locator("thead th button").nth(place).click()
    cells = lists.locator(f"tbody tr td:nth-child({place + 1})").all_inner_texts()
    values = [float(re.sub(r"[^\d,\-]", "", cell.replace("\u2212", "-")).replace(",", ".")) for cell in cells]
    assert len(values) > 5
    assert values == sorted(values)
    customer = lists.locator("tbody tr td:nth-child(3)").first.inner_text()
    lists.locator(".ck-sought").fill(customer.upper())
    kept = [row.inner_text() for row in lists.locator("tbody tr").all() if row.is_visible()]
    assert kept
    assert all(customer in row for row in kept)
    page.goto((written / "index.html").as_uri())
    page.locator("a", has_text="Organisation").first.click()
    page.wait_for_url("**/2_organisation.html")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert problems == []
    context.close()


@pytest.mark.page
def test_a_pdf_is_what_the_browser_prints(chromium, run, demo, root, tmp_path, monkeypatch):
    monkeypatch.setenv("CRMKPI_BROWSER", chromium)
    before = browsers()
    done = run(demo, os.path.relpath(tmp_path / "to", root), "--notebook", "1_commercial", "--format", "pdf,html")
    assert browsers() == before, "the browser ends with the run"
    assert (done.returncode, done.stderr) == (0, "")
    [path] = (tmp_path / "to").rglob("*.pdf")
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert 3 <= pages_of(path) <= 8
    assert len(data) < 400_000, (
        "letters are letters: with the edges that a screen has, each is a drawing, and it is 1.2 MB"
    )


def browsers():
    """The processes of browsers that a run started."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if "crmkpi-browser-" in line and "--type=" not in line]


@pytest.mark.page
def test_one_browser_prints_many_pages_that_know_nothing_of_each_other(chromium, tmp_path, monkeypatch):
    """Each page says in its number of sheets what it found in what the others could have left; a dead browser is replaced."""
    monkeypatch.setenv("CRMKPI_BROWSER", chromium)
    told = "<script>const n = Number(localStorage.n || 0) + 1; localStorage.n = n; document.cookie = 'n=' + n + ';max-age=9'"
    sheets = ";for (let i = 1; i < n; i++) document.write('<p style=\"break-before: page\">again</p>')</script>"
    page = tmp_path / "page.html"
    page.write_text(f"<p>first</p>{told}{sheets}")
    with browser.Printer(30) as printer:
        for name in ("a.pdf", "b.pdf"):
            assert pages_of(printer.pdf(page, tmp_path / name)) == 1
        os.killpg(printer._pipe._process.pid, signal.SIGKILL)
        assert pages_of(printer.pdf(page, tmp_path / "c.pdf")) == 1
        process = printer._pipe._process
        (tmp_path / "endless.html").write_text("<script>while (true) {}</script>")
        printer.limit = 1
        with pytest.raises(crmkpi.CrmkpiError, match="took too long"):
            printer.pdf(tmp_path / "endless.html", tmp_path / "d.pdf")
    assert process.poll() is not None


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes()))


def test_without_a_browser_no_pdf_is_promised(run, demo, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    monkeypatch.delenv("CRMKPI_BROWSER", raising=False)
    done = run(demo, tmp_path / "to")
    assert done.returncode == 1
    assert "no PDF without Chromium" in done.stderr
    monkeypatch.setenv("CRMKPI_BROWSER", "/no/such/browser")
    assert "/no/such/browser" in run(demo, tmp_path / "to").stderr
