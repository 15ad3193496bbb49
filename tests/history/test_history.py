"""The history: written once, never changed, whole or not at all; what was known, and what has changed since."""

import json
import os
import shutil
import threading
from datetime import date

import pytest

import crmkpi
from crmkpi.access import Scope
from crmkpi.history import Entry, History, store
from tests.history.conftest import contents, opened

DAY = date(2026, 10, 15)


@pytest.fixture(scope="module")
def remembered(demo, tmp_path_factory):
    """data/demo with its day and two months before; read only."""
    folder = tmp_path_factory.mktemp("remembered") / "data"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("history"))
    done = opened(folder).history.remember(back=2)
    assert done.failed == {}
    return folder


# --- written once ---------------------------------------------------------------------------------------------------


def test_remembering_again_adds_nothing(folder):
    crm = opened(folder)
    assert crm.history.remember().added == [DAY]
    before = contents(folder)
    again = opened(folder).history.remember()
    assert (again.added, again.there) == ([], [DAY])
    assert contents(folder) == before
    crm.history.remember(back=1)
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 2  # the end of September, and Monday the 12th


def test_an_import_keeps_the_history_and_other_data_add_to_it(folder, root, tmp_path, cli):
    opened(folder).history.remember()
    before = contents(folder)
    source = shutil.copytree(root / "data" / "demo", tmp_path / "source")
    invoices = (source / "invoices.csv").read_text(encoding="utf-8").splitlines()
    (source / "invoices.csv").write_text("\n".join(invoices[:-1]) + "\n", encoding="utf-8")
    code, _, err = cli("import", source, "--to", folder, "--as-of", str(DAY))
    assert code == 0, err
    assert contents(folder) == before
    assert opened(folder).history.remember().added == [DAY]  # the same day, other data
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert len(after) == 2 * len(before)
    (folder / "manifest.json").unlink()  # a folder that has lost its manifest may be imported into, with its history
    code, _, err = cli("import", source, "--to", folder)
    assert code == 0, err
    assert contents(folder) == after


def _remember(folder, barrier):
    barrier.wait(60)
    opened(folder, figures=("invoiced_revenue", "win_rate")).history.remember()


def test_two_runs_at_once_are_one(folder):
    barrier = threading.Barrier(2)
    runs = [threading.Thread(target=_remember, args=(folder, barrier)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert len(contents(folder)) == 1
    assert opened(folder, figures=("invoiced_revenue", "win_rate")).history.remember().there == [DAY]


def test_whoever_comes_second_leaves_what_the_first_one_wrote(remembered, folder, monkeypatch):
    """Both have seen that the file is not there: the name is given once."""
    entry = History(remembered, "EUR").entries[-1]
    path = folder / "history" / entry.path.name
    path.parent.mkdir()
    written = shutil.copy(entry.path, path)
    first = path.read_bytes()
    monkeypatch.setattr(store, "is_there", lambda path: False)
    monkeypatch.setattr(type(path), "exists", lambda path: False)
    import pyarrow.parquet as pq

    table = pq.read_table(written).slice(0, 3)
    assert store.write(path, table, entry.told) is False
    assert path.read_bytes() == first
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_run_that_is_killed_leaves_nothing_half_written(folder, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_linked", killed)
    with pytest.raises(KeyboardInterrupt):
        opened(folder).history.remember()
    assert contents(folder) == {}
    monkeypatch.undo()
    (folder / "history" / ".values_2026-10-15_0123456789ab.parquet.1a2b3c4d").write_bytes(b"PAR1")  # killed harder
    assert opened(folder).history.remember().added == [DAY]
    assert len(opened(folder).history.days()) == 1


@pytest.mark.parametrize("damage", ["cut", "emptied", "other"])
def test_a_broken_file_is_said_left_out_and_written_again(folder, damage, cli):
    opened(folder).history.remember()
    (path,) = (folder / "history").glob("values_*")
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[: len(whole) // 2], "emptied": b"", "other": b"PAR1 not a table PAR1"}[damage])
    crm = opened(folder)
    assert crm.history.broken == [path.name]
    assert crm.history.days().empty
    assert crm.history.known("invoiced_revenue", on=DAY).reason == "rien n'est mémorisé encore"
    code, _, err = cli("remember", "--data", folder, "--list")
    assert (code, path.name in err) == (0, True)
    assert crm.history.remember().added == [DAY]
    assert crm.history.known("invoiced_revenue", on=DAY).value == crm.kpi("invoiced_revenue").value
    assert path.with_name(f"{path.name}.broken").exists()  # put aside, not lost


def test_a_file_with_broken_pages_is_left_out_too(folder):
    opened(folder).history.remember()
    (path,) = (folder / "history").glob("values_*")
    data = bytearray(path.read_bytes())
    data[8:2000] = bytes(len(data[8:2000]))
    path.write_bytes(data)
    crm = opened(folder)
    assert crm.history.known("invoiced_revenue", on=DAY).value is None
    assert crm.history.broken == [path.name]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_can_not_be_written_is_said(folder):
    folder.chmod(0o500)
    with pytest.raises(crmkpi.DataError, match="the history can not be written"):
        opened(folder).history.remember()
    folder.chmod(0o700)


def test_no_place_to_write_is_said(folder):
    (folder / "history").write_text("a file")
    with pytest.raises(crmkpi.DataError, match="the history can not be written"):
        opened(folder).history.remember()


def test_what_is_not_remembered(demo, folder):
    with pytest.raises(
        crmkpi.UsageError, match="opened as of 2026-09-30; what is remembered is their own day, 2026-10-15"
    ):
        opened(folder, as_of="2026-09-30").history.remember()
    import pandas as pd

    frames = {
        "orders": pd.DataFrame(
            {"order_id": ["1"], "order_date": ["2026-10-01"], "status": "confirmed", "amount": [9.0]}
        )
    }
    with pytest.raises(crmkpi.UsageError, match="import them into a data folder"):
        crmkpi.open(frames).history.remember()
    assert crmkpi.open(frames, lang="en").history.known("ordered_amount", on=DAY).reason == "nothing is remembered yet"


def test_one_broken_figure_of_ones_own_does_not_stop_the_others(folder, cli):
    (folder / "indicators").mkdir()
    text = "-- no: 5.1\n-- fr: A\n-- en: B\n-- unit: count\n-- better: up\n-- needs: orders\n-- definition_fr: a\n-- definition_en: b\n"
    (folder / "indicators" / "mine.sql").write_text(text + "select o.nothing as day from orders o")
    done = opened(folder, figures=("invoiced_revenue", "mine")).history.remember()
    assert list(done.failed) == ["mine"]
    assert done.added == [DAY]


# --- what was known ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["business_unit", "team", "rep"])
@pytest.mark.parametrize("name", ["invoiced_revenue", "margin_rate", "weighted_pipeline", "landing"])
def test_what_is_known_is_what_the_figure_said(remembered, name, place):
    crm = opened(remembered)
    for on in ("2026-10-15", "2026-10-12", "2026-09-30"):
        result = crm.kpi(name, as_of=on, by=place, compare="target")
        known = crm.history.known(name, on=on, by=place).frame.fillna({f"{place}_id": ""}).set_index(f"{place}_id")
        asked = result.frame.fillna({f"{place}_id": ""}).set_index(f"{place}_id")
        asked = asked[asked["value"].notna() | asked["target"].notna()]
        assert set(asked.index) <= set(known.index)
        assert (known.drop(asked.index)["n"] == 0).all()  # one who sold in another period that was remembered
        known = known.loc[asked.index]
        assert known[place].to_dict() == asked[place].to_dict()
        for column in ("value", "num", "den", "amount", "n", "target_to_date", "coverage"):
            left, right = known[column].astype(float).fillna(-1), asked[column].astype(float).fillna(-1)
            assert left.to_dict() == right.to_dict(), column
        whole = crm.history.known(name, on=on)
        assert (whole.value, whole.status) == (result.value, result.status)


def test_known_on_a_day_is_the_last_day_remembered_by_then(remembered):
    crm = opened(remembered, lang="en")
    asked = {
        on: crm.history.known("invoiced_revenue", on=on)
        for on in ("2026-08-30", "2026-10-01", "2026-10-14", "2026-12-31")
    }
    assert [str(each.as_of) for each in asked.values()] == ["None", "2026-09-30", "2026-10-12", "2026-10-15"]
    assert asked["2026-08-30"].reason == "nothing was remembered before 2026-08-31"
    assert asked["2026-10-01"].note == "computed later, from dated facts"
    assert asked["2026-12-31"].note == ""
    september = crm.history.known("invoiced_revenue", on="2026-10-15", period="2026-09")
    assert september.value == crm.kpi("invoiced_revenue", period="2026-09").value
    year = crm.history.known("invoiced_revenue", on="2026-10-15", period="2026")
    assert year.value == crm.kpi("invoiced_revenue", period="2026").value
    assert crm.history.known("invoiced_revenue", on=DAY, period="2025-01").reason.endswith(
        "periods: 2026, 2026-09, 2026-10"
    )


def test_what_the_source_does_not_date_is_not_computed_later(remembered, folder):
    crm = opened(remembered, lang="en")
    assert crm.history.known("contact_completeness", on="2026-10-14").as_of is None
    assert crm.history.known("contact_completeness", on=DAY).value == crm.kpi("contact_completeness").value
    crm = opened(folder, figures=("contact_completeness",))
    crm.history.remember(back=1, vouched=True)
    assert crm.history.known("contact_completeness", on="2026-10-14").status == "partial"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": "customer"}, "not by customer"),
        ({"by": "team,rep"}, "not by team, rep"),
        ({"where": {"customer": "A1"}}, "not by customer"),
        ({"where": {"team": ["Nord", "Sud"]}}, "one team or rep at a time"),
    ],
)
def test_what_was_remembered_is_not_added_up(remembered, asked, said):
    found = opened(remembered, lang="en").history.known("invoiced_revenue", on=DAY, **asked)
    assert said in found.reason
    assert found.frame.empty


def test_a_team_a_rep_and_the_reps_of_a_team(remembered):
    crm = opened(remembered)
    for where in ({"team": "Sud"}, {"rep": "U3"}, {"rep": "Chloé Durand"}, {"team": "Sud", "rep": "U3"}):
        assert (
            crm.history.known("invoiced_revenue", on=DAY, where=where).value
            == crm.kpi("invoiced_revenue", where=where).value
        )
    reps = crm.history.known("invoiced_revenue", on=DAY, by="rep", where={"team": "Sud"}).frame
    asked = crm.kpi("invoiced_revenue", by="rep", where={"team": "Sud"}, compare="target").frame
    assert set(reps["rep_id"]) == set(asked["rep_id"])


def test_who_may_see_what(remembered):
    """The one place where a scope is applied leaves out what is not named, whichever way it is asked."""
    past = History(remembered, "EUR", allowed={"team": ["Sud"], "rep": ["U3"]})
    entry = past.entries[-1]
    for scope, expected in (("company", set()), ("business_unit", set()), ("team", {"Sud"}), ("rep", {"U3"})):
        assert set(past.values(entry, "invoiced_revenue", scope)["scope_id"]) == expected
    assert past.values(entry, "invoiced_revenue", "team", ["Nord"]).empty
    assert len(History(remembered, "EUR").values(entry, "invoiced_revenue", "team")) > 1
    assert History(remembered, "USD").entries == []  # amounts of another currency compare with nothing


def test_a_scope_reads_its_own_places_only(remembered):
    """Data that are opened for a team: its own values, the same as on the company's page under that filter; no others."""
    whole, mine = opened(remembered, lang="en"), opened(remembered, lang="en", scope=Scope(team=("Sud",)))
    expected = whole.history.known("invoiced_revenue", on=DAY, where={"team": "Sud"})
    assert mine.history.known("invoiced_revenue", on=DAY).value == expected.value
    assert mine.history.known("invoiced_revenue", on=DAY, by="team").frame["team_id"].tolist() == ["Sud"]
    for where in ({"rep": "U3"}, {"business_unit": "Services"}):
        assert mine.history.known("invoiced_revenue", on=DAY, where=where).frame.empty
    both = opened(remembered, lang="en", scope=Scope(team=("Sud", "Nord")))
    assert "one team or rep at a time" in both.history.known("invoiced_revenue", on=DAY).reason
    theirs = set(whole.history.moves("open_opportunities", since="2026-09-30", where={"team": "Sud"}).frame["id"])
    assert set(mine.history.moves("open_opportunities", since="2026-09-30").frame["id"]) == theirs
    with pytest.raises(crmkpi.UsageError, match="without a scope"):
        mine.history.remember()


def test_on_the_day_wins_over_later_and_the_last_one_over_the_first(tmp_path):
    def told(taken, own):
        return Entry(tmp_path / f"{taken}{own}", "values", DAY, {
            "as_of": str(DAY), "data_day": own, "taken_at": f"2026-11-0{taken}T10:00:00+00:00", "definitions": {"x": {}},
            "places": ["company"],
        })  # fmt: skip

    on_the_day, again, later = told(1, "2026-10-15"), told(2, "2026-10-15"), told(3, "2026-11-01")
    for order in ([on_the_day, again, later], [later, again, on_the_day]):
        past = History(None)
        kept = sorted(order, key=lambda each: (each.as_of, each.first_hand, each.taken_at))
        type(past).entries, kept_property = property(lambda self, kept=kept: kept), type(past).entries
        try:
            assert past.at("x", DAY) is again
        finally:
            type(past).entries = kept_property


# --- what has changed -------------------------------------------------------------------------------------------------


def test_since_is_then_and_now_of_one_period(remembered):
    crm = opened(remembered, lang="en")
    frame = crm.history.since(None, ["invoiced_revenue", "weighted_pipeline", "contact_completeness"]).set_index(
        "figure"
    )
    assert (frame["since"].astype(str) == "2026-10-12").all()  # the last Monday
    money = frame.loc["invoiced_revenue"]
    invoiced = crm.facts("invoiced_revenue", period="2026-10-13/2026-10-16")["num"].sum()
    assert (money["period"], money["change"]) == ("2026-10", round(float(invoiced), 2))
    pipeline = frame.loc["weighted_pipeline"]
    moved = crm.history.moves("weighted_pipeline", since="2026-10-12", of="value")
    assert pipeline["change"] == moved.change
    assert (frame.loc["contact_completeness", "reason"], frame.loc["contact_completeness", "status"]) == (
        "nothing was remembered before 2026-10-15", "unavailable")  # fmt: skip
    across = crm.history.since("2026-09-30", ["invoiced_revenue", "weighted_pipeline"]).set_index("figure")
    assert across.loc["invoiced_revenue", "period"] == "2026"  # no month holds both days
    october = crm.facts("invoiced_revenue", period="2026-10")["num"].sum()
    assert across.loc["invoiced_revenue", "change"] == round(float(october), 2)


def test_since_a_day_before_all_is_since_the_first_one(remembered):
    frame = opened(remembered).history.since("2026-01-01", ["weighted_pipeline"])
    assert str(frame["since"].iloc[0]) == "2026-08-31"
    with pytest.raises(crmkpi.UsageError, match="expected a day before"):
        opened(remembered).history.since("2026-10-15")


def test_a_changed_definition_and_a_changed_setting_are_marked(folder):
    opened(folder, figures=("average_basket", "inactive_customers")).history.remember(back=1)
    changed = {"default_cycle": 60}
    crm = opened(folder, figures=("average_basket", "inactive_customers"), settings=changed, lang="en")
    figure = crm.figures["average_basket"]
    other = figure.sql.replace("o.amount = 0", "o.amount <= 0")
    assert other != figure.sql
    import dataclasses

    crm.base.library.figures["average_basket"] = dataclasses.replace(figure, sql=other)
    assert crm.history.remember().added == [DAY]  # the same data and day, another definition
    assert crm.history.known("average_basket", on="2026-10-12").note.endswith("changed definition: its text")
    course = crm.history.course("average_basket", periods=3)
    assert course["changed"].tolist() == ["", "", "changed definition: its text"]
    course = crm.history.course("inactive_customers", periods=2)
    assert course["changed"].tolist() == ["", "changed definition: default_cycle 90 → 60"]
    since = crm.history.since("2026-10-12", ["inactive_customers"]).iloc[0]
    assert "default_cycle 90 → 60" in since["note"]


def test_comments_and_layout_change_no_definition(demo):
    import dataclasses

    crm = opened(demo)
    from crmkpi.history import definitions

    before = definitions(crm.base.library, crm.base.settings)
    figure = crm.figures["margin_rate"]
    told = dataclasses.replace(figure, sql="-- a word\n" + figure.sql.replace("\n", "  \n "), en="Another title")
    crm.base.library.figures["margin_rate"] = told
    assert definitions(crm.base.library, crm.base.settings) == before
    after = definitions(crm.base.library, crm.base.settings | {"margin_floor": -1})
    assert {name for name in before if before[name] != after[name]} == {"margin_rate"}
    input_changed = dataclasses.replace(crm.figures["invoiced_revenue"], unit="count")
    crm.base.library.figures["invoiced_revenue"] = input_changed
    after = definitions(crm.base.library, crm.base.settings)
    assert {name for name in before if before[name] != after[name]} == {"invoiced_revenue", "landing"}


def test_the_course_has_no_value_where_nothing_was_remembered(remembered):
    course = opened(remembered).history.course("weighted_pipeline", periods=4)
    assert course["period"].tolist() == ["2026-07", "2026-08", "2026-09", "2026-10"]
    assert course["value"].isna().tolist() == [True, False, False, False]
    assert [str(each) for each in course["as_of"].tolist()[1:]] == ["2026-08-31", "2026-09-30", "2026-10-15"]


# --- a pipeline without a history in the source ------------------------------------------------------------------------


def test_moves_of_a_source_that_does_not_date_them_come_from_what_was_remembered(root, tmp_path, cli):
    """Three imports of a company whose deals have no history: what changed between them is found."""
    source, folder = tmp_path / "source", tmp_path / "data"
    source.mkdir()
    for name in ("users", "accounts", "stages"):
        shutil.copy(root / "data" / "demo" / f"{name}.csv", source)

    def imported(day, *deals):
        head = "opportunity_id,account_id,owner_id,name,stage,status,probability,amount,expected_close_date,created_at,closed_at"
        (source / "opportunities.csv").write_text("\n".join([head, *deals]) + "\n", encoding="utf-8")
        code, _, err = cli("import", source, "--to", folder, "--as-of", day)
        assert code == 0, err
        return opened(folder, figures=("weighted_pipeline", "open_opportunities"), lang="en")

    crm = imported(
        "2026-10-05",
        "D1,A1,U1,One,Proposition,open,0.5,1000,2026-10-20,2026-09-01,",
        "D2,A2,U3,Two,Proposition,open,0.5,2000,2026-10-20,2026-09-01,",
        "D3,A1,U1,Three,Proposition,open,0.5,3000,2026-12-20,2026-09-01,",
        "D4,A1,U1,Four,Proposition,open,0.5,400,2026-12-20,2026-09-01,",
        "D5,A1,U1,Five,Proposition,open,0.5,500,2026-10-20,2026-09-01,",
    )
    assert crm.history.remember().added == [date(2026, 10, 5)]
    assert (
        crm.history.moves("open_opportunities", since="2026-10-01").reason == "nothing was remembered before 2026-10-05"
    )
    crm = imported(
        "2026-10-12",
        "D1,A1,U1,One,Négociation,open,0.8,1500,2027-01-20,2026-09-01,",  # up, and pushed out of the quarter
        "D2,A2,U3,Two,Gagnée,won,1,2000,2026-10-20,2026-09-01,2026-10-07",
        "D3,A1,U3,Three,Proposition,open,0.5,3000,2026-10-20,2026-09-01,",  # given to another rep
        "D5,A1,U1,Five,Proposition,open,0.5,450,2026-10-20,2026-09-01,",  # down; D4 is nowhere
        "D6,A2,U1,Six,Découverte,open,0.1,700,2026-11-20,2026-10-06,",
    )
    found = crm.history.moves("open_opportunities", since="2026-10-08")
    assert (found.since, found.seen_by) == (date(2026, 10, 5), "from what was remembered on 2026-10-05")
    assert told(found) == {"D1": ("up", 500), "D2": ("won", -2000), "D3": ("same", 0), "D4": ("gone", -400),
                           "D5": ("down", -50), "D6": ("new", 700)}  # fmt: skip
    assert (found.reference, found.actual, found.change) == (6900, 5650, -1250)
    soon = crm.history.moves("open_opportunities", since="2026-10-05", within="2026-Q4")
    assert told(soon)["D1"] == ("pushed_out", -1000)
    mine = crm.history.moves("open_opportunities", since="2026-10-05", where={"rep": "U3"})
    assert told(mine) == {"D2": ("won", -2000), "D3": ("taken", 3000)}
    assert told(crm.history.moves("open_opportunities", since="2026-10-05", where={"rep": "U1"}))["D3"] == (
        "handed",
        -3000,
    )
    assert (
        "does not know stage"
        in crm.history.moves("open_opportunities", since="2026-10-05", where={"stage": "x"}).reason
    )
    weighted = crm.history.moves("weighted_pipeline", since="2026-10-05", of="value")
    assert told(weighted)["D1"] == ("up", 700)
    crm.history.remember()
    past = crm.history.moves("open_opportunities", since="2026-10-05", as_of="2026-10-12")
    assert told(past) == told(found)


def told(found):
    return {row["id"]: (row["move"], row["amount"]) for row in found.frame.to_dict("records")}


# --- the command line ---------------------------------------------------------------------------------------------------


def test_the_commands(remembered, cli):
    crm = opened(remembered)
    code, out, _ = cli("kpi", "invoiced_revenue", "--known-on", "2026-10-14", "--data", remembered, "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["as_of"] == "2026-10-12"
    assert answer["rows"][0]["value"] == crm.kpi("invoiced_revenue", as_of="2026-10-12").value
    code, out, _ = cli("since", "2026-10-12", "weighted_pipeline", "--of", "value", "--data", remembered, "--json")
    moved = crm.history.moves("weighted_pipeline", since="2026-10-12", of="value")
    assert (code, json.loads(out)["change"]) == (0, moved.change)
    code, out, _ = cli("since", "2026-10-12", "invoiced_revenue", "--data", remembered, "--lang", "fr")
    assert code == 0
    assert "calculé après coup" in out
    for words, said in (
        (("kpi", "invoiced_revenue", "--known-on", "2026-10-14", "--facts"), "--period, --by and --where only"),
        (("since", "2026-10-12", "--period", "2026-10"), "not --period"),
        (("since", "2026-10-12", "--within", "2026-10"), "--within goes with"),
    ):
        code, _, err = cli(*words, "--data", remembered)
        assert (code, said in err) == (2, True)
