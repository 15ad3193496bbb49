"""What was known, on the page: the moves of a pipeline, what was remembered month by month, what has changed since Monday."""

import html
import re
import shutil

import pytest

import crmkpi
from crmkpi.dashboard import Dashboard, charts, home
from crmkpi.dashboard.markup import Html
from crmkpi.format import text
from crmkpi.sample import tables

PARTS = ("quality_completeness", "quality_validity", "quality_freshness")


def asker(data, **filters):
    board = Dashboard(data, lang=filters.pop("lang", "en"), **filters)
    return board.asker(board.state)


def plain(markup):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", markup)).replace("\u202f", " ").split())


def cents(words):
    """An amount as it is shown in English, in cents; nothing for what has none."""
    sign = -1 if "\u2212" in words else 1
    digits = re.sub(r"[^\d.]", "", words)
    return sign * round(float(digits) * 100) if digits else 0


@pytest.mark.parametrize("filters", [{}, {"team": "Sud"}, {"period": "2026-Q3"}, {"rep": "U004"}])
def test_the_list_of_the_moves_adds_up_to_the_picture(sample_data, filters):
    ask = asker(sample_data, **filters)
    chart = charts.KINDS["moves"](ask, "open_opportunities", weighted="weighted_pipeline")
    found = ask.remembered("moves", "open_opportunities", since=ask.period.start - charts.base.DAY,
                           as_of=min(ask.period.last_day, ask.as_of), within=None)  # fmt: skip
    assert sum(cents(row[6]) for row in chart.rows) == round(found.change * 100)
    for column, name in ((6, "amount"), (7, "value")):
        results = [ask.crm.kpi("weighted_pipeline" if name == "value" else "open_opportunities", period=str(day), as_of=day,
                               where=ask.state.where) for day in (found.since, found.as_of)]  # fmt: skip
        before, after = (each.value if name == "value" else each.row["amount"] for each in results)
        assert sum(cents(row[column]) for row in chart.rows) == round((after - before) * 100)
    for move, amount in zip(found.classes["move_label"], found.classes["amount"], strict=True):
        assert f"{move[:1].upper()}{move[1:]} (" in chart.svg
        assert text(abs(amount), "money", "en", currency="EUR", exact=True)
    assert "from the history in the source" in str(chart.note).lower()


def test_moves_of_all_times_and_of_a_source_that_tells_nothing(sample_data):
    assert charts.KINDS["moves"](asker(sample_data, period="all"), "open_opportunities").why.startswith(
        "Choose a period"
    )
    frames = tables(customers=20)
    del frames["opportunity_history"]
    ask = asker(crmkpi.open(frames, as_of="2026-10-15", currency="EUR"))
    chart = charts.KINDS["moves"](ask, "open_opportunities", within="quarter")
    assert (chart.svg, chart.why) == ("", "Nothing was remembered before 2026-10-15")
    assert chart.why in charts.card(ask, chart, "open_opportunities", Html(""))


def test_the_index_and_its_parts_as_they_were_remembered(sample_data):
    for filters in ({}, {"team": "Sud"}):
        ask = asker(sample_data, **filters)
        matrix = charts.KINDS["recalled"](ask, "data_quality_index", *PARTS, whole=100.0)
        assert matrix.columns[1:] == ["August 2026", "September 2026", "October 2026"]
        for row, name in zip(matrix.rows, ("data_quality_index", *PARTS), strict=True):
            unit = ask.figure(name).unit
            known = [
                ask.crm.kpi(name, as_of=day, where=ask.state.where).value
                for day in ("2026-08-31", "2026-09-30", "2026-10-15")
            ]
            assert row[1:] == [text(value, unit, "en") for value in known]
        line = charts.KINDS["course"](ask, "data_quality_index")
        assert [row[1] for row in line.rows if row[1] != "—"] == matrix.rows[0][1:]
        assert line.rows[-2][2] == "known on 30 Sept 2026 (computed later)"
        assert line.rows[-1][2] == "known on 15 Oct 2026"


@pytest.mark.parametrize("kind", ["recalled", "course"])
def test_where_nothing_was_remembered_the_page_says_so(sample_data, kind):
    ask = asker(crmkpi.open(tables(customers=20), as_of="2026-10-15", currency="EUR"))
    chart = charts.KINDS[kind](ask, "data_quality_index")
    assert (chart.svg, chart.why) == ("", "Nothing is remembered yet")


def test_another_definition_is_a_line_with_a_word_and_said_in_the_table(sample_data, tmp_path):
    folder = shutil.copytree(sample_data, tmp_path / "data")
    (folder / "settings.toml").write_text("weight_freshness = 40\n", encoding="utf-8")
    crm = crmkpi.open(folder)
    crm.base.library.figures = {"data_quality_index": crm.figures["data_quality_index"]}
    crm.history.remember()
    ask = asker(folder)
    chart = charts.KINDS["course"](ask, "data_quality_index")
    assert "another definition" in chart.svg
    assert [row[3] for row in chart.rows][-2:] == ["", "changed definition: weight_freshness 15 → 40"]
    assert "another definition" not in charts.KINDS["course"](asker(sample_data), "data_quality_index").svg
    assert "weight_freshness 15 → 40" in charts.KINDS["recalled"](ask, "data_quality_index", whole=100.0).more


def test_home_says_what_has_changed_since_monday(sample_data):
    names = ("invoiced_revenue", "weighted_pipeline", "overdue_visits")
    for filters in ({}, {"team": "Sud"}):
        ask = asker(sample_data, **filters)
        said = plain(home.since(ask, names))
        assert "Since Monday 12 Oct 2026" in said
        assert "computed later, from dated facts" in said
        where = ask.state.where
        for name in names:
            then, now = (ask.crm.kpi(name, as_of=day, where=where) for day in ("2026-10-12", "2026-10-15"))
            for value in (then.value, now.value):
                assert text(value, then.figure.unit, "en", currency="EUR").replace("\u202f", " ") in said
    french = plain(home.since(asker(sample_data, lang="fr"), names))
    assert "Depuis lundi 12/10/2026" in french
    alone = plain(home.since(asker(crmkpi.open(tables(customers=20), as_of="2026-10-15")), names))
    assert alone == "What has changed Nothing is remembered yet"


def test_on_a_phone_months_are_short_so_that_they_stay_in_the_card(sample_data):
    ask = asker(sample_data)
    ask.state = ask.state.change(narrow=True)
    matrix = charts.KINDS["recalled"](ask, "data_quality_index", *PARTS, whole=100.0)
    assert matrix.columns[1:] == ["Aug 2026", "Sep 2026", "Oct 2026"]
    assert "rotate(-40" not in matrix.svg
