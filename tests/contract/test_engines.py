"""The same question of a folder and of frames has the same answer; what a figure does not read does not matter to it."""

import functools
import json
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest
from frames import frames_of, open_both

import crmkpi

MONTH = "2026-10"
COMPARE = ["previous", "last_year", "target"]


def answer(crm, name, by, period=MONTH):
    frame = crm.kpi(name, period=period, by=by, compare=COMPARE).frame
    names = [each for each in by.split(",") if each]
    return (
        frame.sort_values([f"{each}_id" for each in names], na_position="first", ignore_index=True) if names else frame
    )


def check_same(one, other):
    pd.testing.assert_frame_equal(one, other, check_dtype=False, rtol=1e-9, atol=1e-9)


@pytest.fixture(scope="module", params=["demo", "sample"])
def both(request, folders):
    return [open_both(folders[request.param], kind) for kind in ("folder", "frames")]


def test_a_folder_and_its_frames_agree(both, name):
    for by in ("", "team", "customer", "segment,month"):
        check_same(*(answer(crm, name, by) for crm in both))
    for crm in both[1:]:
        check_same(both[0].trend(name, periods=5, compare="previous"), crm.trend(name, periods=5, compare="previous"))


def read_by(crm, name):
    """Every table that a figure reads, by its text, its views, its inputs."""
    figure, library = crm.figures[name], crm.base.library
    read = set(figure.needs) | {help_[0].partition(".")[0] for help_ in figure.helps}
    for text in [figure.sql, *(view.sql for view in library.steps(figure.sql))] if not figure.inputs else []:
        from crmkpi.indicators.header import sources_of

        read |= sources_of(text)
    for given in figure.input_names:
        read |= read_by(crm, given)
    return read


@pytest.fixture(scope="session")
def demo_with(folders):
    """``demo_with(keep)``: the demo's frames of which only some are there (``keep`` says so of a name), opened once each."""
    frames = frames_of(folders["demo"])
    opened = functools.cache(lambda names: crmkpi.open({name: frames[name] for name in names}, as_of="2026-10-15"))
    return lambda keep: opened(tuple(filter(keep, frames)))


def test_a_table_that_is_not_read_does_not_matter(demo_with, name):
    """Only what the text names, who sells, who buys and the targets; other tables may as well not be there."""
    whole = demo_with(bool)
    kept = read_by(whole, name) | {"users", "accounts", "targets"}
    few = demo_with(kept.__contains__)
    for by in ("", "rep"):
        check_same(answer(whole, name, by), answer(few, name, by))


# --- nothing there is not zero ------------------------------------------------------------------------------------


def without_rows(folder, to):
    """A data folder that has every table of another one, empty."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    shutil.copytree(folder, to)
    for table in manifest["tables"].values():
        file = to / manifest["version"] / table["file"]
        pq.write_table(pq.read_schema(file).empty_table(), file)  # with the types of the full one
        table |= {"rows": 0, "deleted": 0, "columns": dict.fromkeys(table["columns"], 0)}
    (to / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return to


@pytest.fixture(scope="module", params=["folder", "frames", "no tables", "all deleted"])
def nothing(request, folders, tmp_path_factory):
    frames = frames_of(folders["demo"])
    if request.param == "folder":
        return crmkpi.open(without_rows(folders["demo"], tmp_path_factory.mktemp("nothing") / "data"))
    if request.param == "frames":
        return crmkpi.open({name: frame.head(0) for name, frame in frames.items()}, as_of="2026-10-15")
    if request.param == "no tables":
        return crmkpi.open({}, as_of="2026-10-15")
    gone = {name: frame.assign(is_deleted=True) for name, frame in frames.items()}
    return crmkpi.open(gone, as_of="2026-10-15")


def test_nothing_gives_unavailable_and_never_zero(nothing, name):
    for period in (MONTH, "all"):
        result = nothing.kpi(name, period=period, compare=COMPARE)
        assert (result.status, result.value) == ("unavailable", None)
        assert result.reason
        known = {key: result.row[key] for key in ("num", "amount", "target", "attainment", "previous", "last_year")}
        assert {key: value for key, value in known.items() if value is not None} == {}
        assert result.row["n"] == 0
        assert nothing.kpi(name, period=period, by="team").frame["value"].notna().sum() == 0


def test_nothing_has_no_list_no_alert_and_no_trend(nothing, name):
    figure = nothing.figures[name]
    if not figure.inputs:
        assert len(nothing.facts(name, period="all")) == 0
    assert len(nothing.alerts([name])) == 0
    assert nothing.trend(name, periods=3)["value"].notna().sum() == 0


def test_each_needed_table_is_needed(demo_with, fact):
    for table in demo_with(bool).figures[fact].needs:
        result = demo_with(table.__ne__).kpi(fact, period=MONTH)
        assert (result.status, result.value) == ("unavailable", None)
        assert table in result.reason


@pytest.fixture(scope="session")
def demo_without(folders):
    """``demo_without(helper)``: the demo's frames without a table, or without a column of one, opened once each."""

    @functools.cache
    def opened(helper):
        frames = frames_of(folders["demo"])
        table, _, column = helper.partition(".")
        frame = frames.pop(table)
        return crmkpi.open(frames | ({table: frame.drop(columns=column)} if column else {}), as_of="2026-10-15")

    return opened


def test_each_helping_table_is_said_to_be_missing(demo_with, demo_without, fact):
    for helper, fr, en in demo_with(bool).figures[fact].helps:
        crm = demo_without(helper)
        for lang, words in (("fr", fr), ("en", en)):
            result = crm.kpi(fact, period=MONTH, lang=lang)
            if result.value is None:  # the demo has nothing (else) to measure it by
                assert (result.status, bool(result.reason)) == ("unavailable", True)
            else:
                assert result.status == "partial"
                assert words in result.reason


# --- the past stays what it was -----------------------------------------------------------------------------------


def test_a_past_month_seen_later_is_what_it_was(crm, name):
    """July seen from October equals July seen from July, but for figures that say that they revise."""
    figure = crm.figures[name]
    if figure.revises:
        pytest.skip("its past changes, and it says so")
    for by, period, close in (("", "2026-07", "2026-07-31"), ("rep", "2026-09", "2026-09-30")):
        then, now = (crm.kpi(name, period=period, as_of=as_of, by=by, compare="previous") for as_of in (close, None))
        columns = [each for each in then.frame if each != "reason"]
        order = [f"{each}_id" for each in by.split(",") if each] or ["status"]
        check_same(*(result.frame[columns].sort_values(order, ignore_index=True) for result in (then, now)))
