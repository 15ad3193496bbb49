"""What one process found out, lent to the next: the same values without asking again, and nothing of other data or settings."""

import shutil

import pytest

import crmkpi
from crmkpi.engine import DuckDB
from crmkpi.facts import held, lent, rows

NAMES = ("invoiced_revenue", "weighted_pipeline", "margin_rate", "visit_to_order_ratio")
BY = ([], ["rep"], ["customer"])


@pytest.fixture
def folder(sample_data, tmp_path):
    return shutil.copytree(sample_data, tmp_path / "data")


@pytest.fixture(autouse=True)
def nothing_lent(monkeypatch):
    monkeypatch.setattr(lent, "_lent", {})
    monkeypatch.setattr(lent, "_report", None)


def report(folder, team):
    """What a report asks, and says."""
    crm = crmkpi.open(folder).for_many()
    asked = {"period": "2026-09", "where": {"team": [team]}}
    sums = [crm.kpi(name, **asked, by=by, compare=["previous", "last_year"]).frame for name in NAMES for by in BY]
    lists = [crm.facts(name, **asked, left_out=left_out) for name in NAMES for left_out in (False, True)]
    alerts, left_out = crm.alerts(NAMES, **asked), [crm.left_out(name, **asked) for name in NAMES]
    return [repr(frame.to_dict("records")) for frame in (*sums, *lists, alerts)] + [repr(left_out)]


def lend(folder):
    lent.begin("pages")
    report(folder, "Nord")
    asked = lent.questions()
    lent.lend("pages", lent.answers(crmkpi.open(folder).for_many().base, asked))
    return asked


def asked_of(monkeypatch):
    """The sums and the rows that the data are asked for from now on."""
    texts, arrays, read = [], DuckDB.arrays, rows._read

    def noted(self, sql, params):
        texts.append(sql)
        return arrays(self, sql, params)

    def noted_too(base, figure, *given):
        texts.append(figure.name)
        return read(base, figure, *given)

    monkeypatch.setattr(DuckDB, "arrays", noted)
    monkeypatch.setattr(rows, "_read", noted_too)
    return texts


def test_the_next_team_says_the_same_and_asks_for_nothing(folder, monkeypatch):
    plain = report(folder, "Sud")
    assert len(lend(folder)) >= len(NAMES)
    lent.begin("pages")
    texts = asked_of(monkeypatch)
    assert report(folder, "Sud") == plain
    assert texts == []


@pytest.mark.parametrize("change", ["settings.toml", "indicators/win_rate.sql", "another kind"])
def test_other_settings_figures_or_reports_ask_for_themselves(folder, root, monkeypatch, change):
    lend(folder)
    if change == "settings.toml":
        (folder / change).write_text("small_n = 7\n")
    elif change.endswith(".sql"):
        (folder / "indicators").mkdir()
        text = (root / "crmkpi" / "indicators" / "commercial" / "win_rate.sql").read_text(encoding="utf-8")
        (folder / change).write_text(f"{text}\n-- changed\n", encoding="utf-8")
    lent.begin(change if change == "another kind" else "pages")
    texts = asked_of(monkeypatch)
    report(folder, "Sud")
    assert texts


def test_who_makes_no_report_is_lent_nothing_and_asked_nothing(folder, monkeypatch):
    lend(folder)
    monkeypatch.setattr(lent, "_report", None)
    texts = asked_of(monkeypatch)
    report(folder, "Sud")
    assert texts
    assert lent.questions() == []


def test_questions_that_make_no_sense_are_left_to_who_asks_them(folder):
    base = crmkpi.open(folder).base
    (good,) = [each for each in lend(folder) if each[1] == "margin_rate"][:1]
    wrong = ("sums", "win_rate", (), good[3], ("no such dimension",), ())
    found = lent.answers(base, [wrong, good])["found"]
    assert good in found
    assert wrong not in found


@pytest.mark.parametrize("where", [rows, held])
def test_what_is_very_much_is_left_to_who_asks_for_it(folder, monkeypatch, where):
    monkeypatch.setattr(where, "_MOST", 3)
    plain = report(folder, "Sud")
    lend(folder)
    lent.begin("pages")
    texts = asked_of(monkeypatch)
    assert report(folder, "Sud") == plain
    assert texts
