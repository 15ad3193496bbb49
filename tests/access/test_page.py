"""A page on data that somebody may see a part of: what it says, and what becomes of it when their rights change."""

import os

import pytest

import crmkpi
from crmkpi.access import Scope, read_access
from crmkpi.dashboard import Dashboard
from crmkpi.dashboard.live import Live
from crmkpi.deliver.alerts import Alert, value_of
from crmkpi.deliver.sending import FIRST, _today
from crmkpi.deliver.target import target_of
from crmkpi.errors import AccessError, DataError

ANNA = '[people.anna]\nteam = ["Sud"]\n'


@pytest.fixture
def rules(tmp_path, monkeypatch):
    """``rules(TEXT)`` writes the access file that is in force for anna."""
    file = tmp_path / "access.toml"
    monkeypatch.setenv("CRMKPI_ACCESS", str(file))
    monkeypatch.setenv("CRMKPI_VIEWER", "Anna")

    def write(text):
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(hash(text) % 10**18, hash(text) % 10**18))  # as if it had been written at another time

    write(ANNA)
    return write


def test_rights_that_change_change_the_page(sample_data, rules):
    board = Dashboard(sample_data, title=("a", "b"))
    board.headline("ordered_amount")
    board.list("ordered_amount")
    live, given = Live(board), []
    live.page.give = lambda *file: given.append(file)
    assert "équipe Sud" in live.page.part_0
    live.act({"do": "download", "kind": "csv"})
    assert len(given) == 1
    assert "équipe Sud" in given.pop()[2].decode("utf-8")
    rules(ANNA.replace("Sud", "Nord"))
    live.act({"do": "download", "kind": "csv"})  # the page changes first
    assert given == []
    assert "équipe Nord" in live.page.part_0
    rules("[people.bob]\ncompany = true\n")
    live.act({"do": "download", "kind": "csv"})
    assert (given, live.page.part_1) == ([], "")
    assert "Aucune règle" in live.page.part_0
    rules(ANNA)
    live.act({"do": "refresh"})
    assert "équipe Sud" in live.page.part_0


def test_no_rule_no_data(sample_data, rules, monkeypatch):
    monkeypatch.setenv("CRMKPI_VIEWER", "")
    with pytest.raises(AccessError):
        Dashboard(sample_data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[peple.anna]\n", "did you mean 'people'"),
        ('[people.anna]\ntaem = "Sud"\n', "did you mean 'team'"),
        ('[people.anna]\ngroups = ["boses"]\n[groups.bosses]\ncompany = true\n', "did you mean 'bosses'"),
        ("[people.anna]\nteam = 3\n", "a name or a list of names"),
        ("[people.anna]\n[people.Anna]\n", "there twice"),
        ('[people.anna]\ncompany = "yes"\n', "true or false"),
        ('[tokens]\nanna = "secret"\n', "crmkpi token anna"),
        ("people = 3", r"expected a section \[people\]"),
        ("[people", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_said(tmp_path, text, said):
    file = tmp_path / "access.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_access(file)


def test_a_message_says_what_its_run_may_see(sample_data, rules):
    """`crmkpi run --schedule` under an access file: the first things to do, and thresholds, are those of the scope."""
    crm = crmkpi.open(sample_data, scope=Scope(team=("Sud",)))
    seen, day = str(crm.as_of), {"as_of": crm.as_of, "lang": "fr"}
    todo, _ = _today((sample_data, {}, seen, "fr"))
    assert repr(todo) == repr(crm.today(where={}, **day).head(FIRST).to_dict("records"))
    assert {line["team"] for line in todo if line.get("team")} <= {"Sud"}
    alert = Alert("ordered_amount", 1.0, True, target_of("company", ["a@example.org"]))
    value, _ = value_of((sample_data, alert, "2026-09", seen, "fr"))
    assert value == crm.kpi("ordered_amount", period="2026-09", as_of=crm.as_of).value
    rules("[people.bob]\ncompany = true\n")
    with pytest.raises(AccessError):
        value_of((sample_data, alert, "2026-09", seen, "fr"))
