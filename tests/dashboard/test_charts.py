"""Charts: each kind's table holds the numbers of its picture, and they are those of the facts."""

import html
import io
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pandas as pd
import pytest

import crmkpi
from crmkpi.dashboard import Dashboard, charts, headline, lists, sheet
from crmkpi.dashboard.live import Live
from crmkpi.sample import tables

DAY = "2026-10-15"


@pytest.fixture(scope="module")
def crm():
    return crmkpi.open(tables(customers=60), as_of=DAY, currency="EUR", lang="en")


@pytest.fixture
def ask(crm):
    def asker(**filters):
        board = Dashboard(crm, lang="en", **filters)
        return board.asker(board.state)

    return asker


def marks(chart):
    """The words of each mark of a picture."""
    assert ET.fromstring(chart.svg.replace("xlink:href", "href")) is not None
    return [html.unescape(each) for each in re.findall(r'data-tip="([^"]*)"', chart.svg)]


def number(words):
    """A number as it is shown in English, exact."""
    return float(re.sub(r"[^\d.\-]", "", words.replace("\u2212", "-")) or "nan")


def test_a_split_adds_up_to_the_tile(ask):
    here = ask()
    chart = charts.KINDS["split"](here, "overdue_visits", by="rep", within="late_reason")
    totals = [number(row[-1]) for row in chart.rows]
    assert sum(totals) == here.kpi("overdue_visits").value
    assert all(sum(number(each) for each in row[1:-1] if each) == number(row[-1]) for row in chart.rows)
    assert totals == sorted(totals, reverse=True)
    assert len(marks(chart)) == min(len(totals), charts.base.MOST)


def test_the_parts_of_an_order_stand_in_it(ask):
    ageing = ("0-30", "31-60", "61-90", "90+")
    chart = charts.KINDS["split"](ask(), "overdue_receivables", by="customer", within="ageing", order=ageing)
    assert [each for each in chart.columns if each in ageing] == [each for each in ageing if each in chart.columns]
    grouped = charts.KINDS["groups"](ask(), "overdue_receivables", by="ageing", order=ageing)
    assert [row[0] for row in grouped.rows] == [each for each in ageing if each in {row[0] for row in grouped.rows}]


def test_states_are_the_stocks_of_each_month(ask, crm):
    names = ("active_customers", "inactive_customers", "lost_customers")
    chart = charts.KINDS["states"](ask(), *names)
    assert len(chart.rows) == 24
    for column, name in enumerate(names, start=1):
        course = crm.trend(name, grain="month", periods=24, period="2026-10")["value"]
        shown = [number(row[column]) for row in chart.rows]
        assert shown == [0.0 if value != value else value for value in course], name


def test_a_matrix_has_every_cell(ask, crm):
    chart = charts.KINDS["matrix"](ask(), "field_completeness", rows="field", columns="team")
    frame = crm.kpi("field_completeness", by=["field", "team"], lang="en").frame.dropna(subset=["value"])
    assert len(marks(chart)) == frame["field"].nunique() * frame["team"].nunique()
    row = frame.iloc[0]
    cells = dict(zip(chart.columns[1:], next(each for each in chart.rows if each[0] == row["field"])[1:], strict=True))
    assert number(cells[row["team"]]) == pytest.approx(100 * row["value"], abs=0.6)


def test_the_parts_of_an_index_by_the_quarter_that_records_began_in(ask, crm):
    chart = charts.KINDS["cohorts"](ask(), "data_quality_index", by="created_quarter", whole=100.0)
    frame = crm.kpi("data_quality_index", by="created_quarter", lang="en").frame.set_index("created_quarter_id")
    latest = sorted(each for each, n in frame["n"].items() if isinstance(each, str) and n >= 5)[-8:]
    assert chart.columns[1:] == [f"{each[5:]} {each[:4]}" for each in latest]
    found = {row[0]: [number(each) for each in row[1:]] for row in chart.rows}
    assert found["All together"] == pytest.approx(frame.loc[latest, "value"].tolist(), abs=0.06)
    for part in ("completeness", "validity", "uniqueness", "freshness", "consistency"):
        assert found[part.capitalize()] == pytest.approx((100 * frame.loc[latest, part]).tolist(), abs=0.6)
    assert len(marks(chart)) == 6 * 8


def test_records_of_one_load_have_no_course(crm):
    """Creation dates that are the load day: a picture of one column would say nothing, and why is said."""
    alone = crm.kpi("data_quality_index", by="created_quarter", where={"created_quarter": "2026-Q3"}).frame
    assert len(alone) == 1
    board = Dashboard(crm, lang="en")
    asker = board.asker(board.state)
    asker.kpi = lambda *_names, **_more: SimpleNamespace(frame=alone)
    chart = charts.KINDS["cohorts"](asker, "data_quality_index", by="created_quarter", whole=100.0)
    assert not chart.svg
    assert "creation dates" in chart.note


@pytest.mark.parametrize("given", [{"against": "target"}, {"by": "customer"}, {"by": "rep"}])
def test_a_gap_leads_from_one_amount_to_the_other(ask, given):
    here = ask()
    chart = charts.KINDS["gap"](here, "invoiced_revenue", **given)
    found = here.gap("invoiced_revenue", given.get("by", "team"), given.get("against", "previous"))
    assert sum(number(row[-1]) for row in chart.rows) == pytest.approx(found.change, abs=0.001)
    said = marks(chart)
    ends = [here.text(each, "money") for each in (found.reference, found.actual)]
    assert all(any(words.endswith(f"\u00a0: {end}") for words in said) for end in ends), said
    assert len(said) <= 2 + 7 + 1
    steps = [words.rpartition(": ")[2] for words in re.findall(r">([+\u2212][^<]*)</text>", chart.svg)]
    assert len({re.sub(r"[+\u2212\d.,\u202f]", "", step) for step in steps}) == 1, (
        "steps compare at a glance in one unit"
    )
    if here.lang == "en":
        assert all(re.fullmatch(r"[+\u2212]€[\d.,]+[KMB]?", step) for step in steps), steps


def test_one_group_left_is_one_other(ask):
    here = ask(period="2026")
    frame = pd.DataFrame({"label": [f"c{n}" for n in range(51)], "amount": 1.0})
    assert charts.base.listed(here, frame, ["amount"])[-1]["label"] == "1 other"


def test_where_a_paler_bar_stands_behind_both_amounts_are_said(ask):
    here = ask()
    frame = here.kpi("weighted_pipeline", by=["stage"], compare=[]).frame
    chart = charts.KINDS["groups"](here, "weighted_pipeline", by="stage", outer="amount")
    said = re.findall(r">([^<]* / [^<]*)</text>", chart.svg)
    assert len(said) == len(frame)
    size, _ = charts.base.short(here, pd.concat([frame["value"], frame["amount"]]).astype(float), "money")
    assert {" / ".join(pair) for pair in zip(size[: len(frame)], size[len(frame) :], strict=True)} == {
        each.rpartition("\u00a0")[0] or each for each in said
    }


def test_a_table_of_many_ends_with_all_the_others(ask):
    """A company of twenty thousand customers does not send them with each page, and nothing is lost from the sum."""
    here = ask(period="2026")
    found = here.gap("invoiced_revenue", "customer", "last_year")
    chart = charts.KINDS["gap"](here, "invoiced_revenue", by="customer", against="last_year")
    assert len(found.frame) > len(chart.rows) == 51
    assert chart.rows[-1][0] == f"{len(found.frame) - 50} others"
    for place, name in ((2, "reference"), (3, "actual"), (4, "amount")):
        whole = found.frame[name].astype(float).sum()
        assert sum(number(row[place]) for row in chart.rows) == pytest.approx(whole, abs=0.001), name


def test_nothing_is_compared_with_all_of_the_past(ask):
    assert charts.KINDS["gap"](ask(period="all"), "invoiced_revenue").svg == ""


def test_a_gap_names_the_period_it_starts_from(ask):
    """A gap from last year said the month before, where the page compares with that."""
    chart = charts.KINDS["gap"](ask(compare="previous"), "ordered_amount", by="customer", against="last_year")
    assert "Oct 2025" in chart.title
    assert "Oct 2025" in chart.columns
    assert "Sep" not in f"{chart.title} {chart.columns} {chart.svg}"


def test_bullets_have_every_plan(ask, crm):
    chart = charts.KINDS["bullets"](ask(), "action_plan_progress")
    facts = crm.facts("action_plan_progress")
    assert len(chart.rows) == len(facts)
    assert sorted(number(row[1]) for row in chart.rows) == sorted((100 * facts["progress"]).round().tolist())


def test_weeks_are_parts_of_a_whole(ask, crm):
    chart = charts.KINDS["weeks"](ask(), "visit_reports", "visits_done")
    course = crm.trend("visits_done", grain="week", periods=12, period="2026-10")["value"]
    assert [number(row[1]) for row in chart.rows] == course.tolist()
    assert all(number(part) <= number(whole) for _week, whole, part in chart.rows)


def test_the_parts_of_an_index_open_their_lists(ask):
    names = ("quality_completeness", "quality_validity", "quality_uniqueness")
    chart = charts.KINDS["beside"](ask(), *names)
    assert chart.filters == "open"
    assert re.findall(r'data-key="([^"]*)"', chart.svg) == list(names)
    assert chart.title == "Quality"


def test_a_tick_is_the_other_figure(ask):
    here = ask()
    chart = charts.KINDS["groups"](here, "weighted_pipeline", by="stage", outer="amount", tick="calibrated_pipeline")
    known = here.kpi("calibrated_pipeline", by=["stage"], compare=[]).frame.set_index("stage")["value"].dropna()
    shown = {row[0]: row[-1] for row in chart.rows}
    assert {stage: number(shown[stage]) for stage in known.index if stage in shown} == pytest.approx(
        {stage: value for stage, value in known.items() if stage in shown}
    )


@pytest.mark.parametrize("kind", sorted(charts.KINDS))
@pytest.mark.parametrize("narrow", [False, True])
def test_without_data_a_chart_says_why_and_draws_nothing(kind, narrow):
    empty = crmkpi.open({"users": pd.DataFrame({"user_id": ["u"]})}, as_of=DAY, currency="EUR", lang="fr")
    board = Dashboard(empty, lang="fr")
    board.chart(kind, *GIVEN[kind][0], **GIVEN[kind][1])
    made = board.make(board.parts[0], board.state.change(narrow=narrow))
    assert WHY.get(kind, "Non calculable") in made, made
    assert "<svg" not in made


WHY = {"course": "mémorisé encore", "recalled": "mémorisé encore", "moves": "Manque dans la source"}
GIVEN = {
    "months": (("invoiced_revenue",), {}),
    "attainment": (("invoiced_revenue",), {}),
    "guarded": (("order_count", "margin_rate"), {}),
    "spread": (("average_basket",), {}),
    "groups": (("discount_rate",), {"by": "team"}),
    "split": (("overdue_visits",), {"by": "rep", "within": "late_reason"}),
    "cohorts": (("data_quality_index",), {"by": "created_quarter", "whole": 100.0}),
    "states": (("active_customers", "lost_customers"), {}),
    "matrix": (("field_completeness",), {"rows": "field", "columns": "team"}),
    "gap": (("invoiced_revenue",), {}),
    "bullets": (("action_plan_progress",), {}),
    "weeks": (("visit_reports", "visits_done"), {}),
    "beside": (("quality_completeness", "quality_validity"), {}),
    "moves": (("open_opportunities",), {"weighted": "weighted_pipeline"}),
    "course": (("data_quality_index",), {}),
    "recalled": (("data_quality_index", "quality_completeness"), {"whole": 100.0}),
}


@pytest.mark.parametrize("dim", ["late_reason", "rep"])
def test_a_bar_that_is_pressed_opens_its_rows(crm, dim):
    """What a bar says is how many rows its press leaves in the list."""
    board = Dashboard(crm, lang="en")
    ask = board.asker(board.state)
    chart = charts.KINDS["groups"](ask, "overdue_visits", by=dim)
    keys = [html.unescape(each) for each in re.findall(r'data-key="([^"]*)"', chart.svg)]
    shown = [number(row[1]) for row in chart.rows]
    assert chart.filters == dim
    for key, value in zip(keys, shown, strict=True):
        if dim == "rep":
            kept = crm.facts("overdue_visits", where={"rep": [key]})
        else:
            kept, _ = lists.rows_of(ask, lists.View("overdue_visits", only=(dim, key)))
            panel = str(lists.panel(ask, ["overdue_visits"], lists.View("overdue_visits", only=(dim, key))))
            assert f"Total of the {len(kept)} rows" in panel
        assert len(kept) == value


def test_the_sheet_is_a_list_like_the_others_with_the_totals_of_the_tiles(crm):
    """Searched, sorted, paged, downloaded; each number opens the rows behind it."""
    board = Dashboard(crm, lang="en")
    board.sheet("order_backlog", "overdue_receivables")
    board.list("order_backlog")
    live, ask = Live(board), board.asker(board.state)
    made = live.page.get_state()[board.parts[0].name]
    foot = re.search(r"<tfoot>(.*?)</tfoot>", made, re.DOTALL)[1]
    assert html.escape(ask.text(ask.kpi("overdue_receivables").value, "money")) in foot
    assert ask.text(ask.kpi("order_backlog").value, "count") in foot
    live.act({"do": "sort", "of": "sheet", "name": "overdue_receivables"})
    live.act({"do": "sort", "of": "sheet", "name": "overdue_receivables"})
    live.act({"do": "page", "of": "sheet", "page": "1"})
    assert live.page.opened == "sheet_sort=-overdue_receivables&sheet_page=2"
    lines, columns = sheet.rows_of(ask, board.sheet_of, board.views["sheet"])
    assert lines["overdue_receivables"].dropna().is_monotonic_decreasing
    assert lines["overdue_receivables"].sum() == pytest.approx(ask.kpi("overdue_receivables").value)
    assert lines["customer"].iloc[sheet.ROWS] in live.page.get_state()[board.parts[0].name]
    customer = lines.iloc[0]
    live.act({"do": "search", "of": "sheet", "text": customer["customer"].upper()})
    found, _ = sheet.rows_of(ask, board.sheet_of, board.views["sheet"])
    assert found["customer"].unique().tolist() == [customer["customer"]]
    name, _, data = sheet.download(ask, board.sheet_of, board.views["sheet"], "csv", {"Filters": "x"})
    again = pd.read_csv(io.BytesIO(data))
    assert (name, len(again)) == ("sheet_customer_2026-10_2026-10-15.csv", len(found))
    assert list(again) == [*(column.title for column in columns), "Filters"]
    live.act({"do": "filter", "dim": "customer", "key": customer["customer_id"], "name": "overdue_receivables"})
    rows, _ = lists.rows_of(ask, board.views["rows"])
    assert rows["num"].sum() == pytest.approx(customer["overdue_receivables"])


def test_today_leads_to_the_lists_it_comes_from(crm):
    board = Dashboard(crm, lang="en", team="Sud")
    board.family(
        "2_organisation", ("Organisation", "Organisation"), "overdue_visits", judged=("overdue_visit_rate", 0.1, 0.2)
    )
    board.today()
    made = board.make(board.parts[1], board.state)
    lines = crm.today(where={"team": ["Sud"]}, lang="en")
    assert made.count("<tr>") == len(lines) + 1
    pressed = re.findall(r'href="2_organisation\?([^"]*)"', made)
    second = [name for name in lines["figure"] if crm.figures[name].no.startswith("2.")]
    assert second
    assert [html.unescape(each).partition("list=")[2] for each in pressed] == second
    assert all("team=Sud" in each for each in pressed)


@pytest.mark.parametrize(("value", "state"), [(0.05, "on_track"), (0.1, "drifting"), (0.2, "act"), (0.5, "act")])
def test_a_family_is_judged_by_a_value(crm, value, state):
    from crmkpi.dashboard import home

    board = Dashboard(crm, lang="en")
    rate = board.asker(board.state).kpi("overdue_visit_rate").value
    shift = rate - value
    assert (
        home.judged(board.asker(board.state), "overdue_visit_rate", 0.1 + shift - 1e-9, 0.2 + shift - 1e-9)[0] == state
    )
    assert home.judged(board.asker(board.state), "overdue_visit_rate", rate + 0.1, rate - 0.1)[0] == "drifting"


OUTLIERS = {2: ("overdue_visits",), 3: ("contact_completeness", "account_completeness")}  # as in the notebooks
STORIES = [
    (1, "Mehdi Benali", "Nord", "Aciéries de la Scarpe"),
    (2, "Claire Delattre", "Sud", "Chantiers Navals Kermadec"),
    (3, "Thomas Muller", "Ouest", "Laiteries Montbrison"),
]


def test_receivables_by_customer_are_aged_and_add_up(ask):
    order = ("not_due", "0-30", "31-60", "61-90", "90+")
    chart = charts.KINDS["split"](ask(), "receivables", by="customer", within="ageing", order=order)
    owed = ask().kpi("receivables", by=["side"]).frame.set_index("side_id")["value"].astype(float)
    assert sum(number(row[-1]) for row in chart.rows) == pytest.approx(owed["owed"])
    assert all(sum(number(each) for each in row[1:-1]) == pytest.approx(number(row[-1])) for row in chart.rows)
    assert "credit notes not deducted" in chart.more
    assert charts.KINDS["split"](ask(), "receivables", by="team", within="ageing", order=(*order, "never")).svg
    overdue = ask().kpi("overdue_receivables").value
    late = [place for place, head in enumerate(chart.columns) if place and head not in ("not due yet", "Total")]
    assert sum(number(row[place]) for row in chart.rows for place in late) == pytest.approx(overdue)


def test_columns_by_month_say_their_unit_and_the_calibrated_value(ask):
    chart = charts.KINDS["groups"](
        ask(), "weighted_pipeline", by="signature", outer="amount", tick="calibrated_pipeline"
    )
    assert "in €K" in chart.note
    calibrated = ask().kpi("calibrated_pipeline").value
    assert sum(number(row[-1]) for row in chart.rows if row[-1] != "—") == pytest.approx(calibrated)


@pytest.mark.parametrize(("seed", "rep", "team", "customer"), STORIES)
def test_the_words_name_the_rep_the_team_and_the_customer_of_the_story(seed, rep, team, customer):
    stories = [f"late_visits={rep}", f"bad_import={team}", f"big_customer_lost={customer}"]
    company = crmkpi.open(tables(customers=150, seed=seed, stories=stories), as_of=DAY, lang="fr")
    told = said(company)
    board = Dashboard(company, lang="fr")
    late = charts.KINDS["split"](board.asker(board.state), "overdue_visits", by="rep", within="late_reason")
    assert late.rows[0][0] == rep  # the longest bar
    filled = charts.KINDS["matrix"](board.asker(board.state), "field_completeness", rows="field", columns="team")
    email = dict(zip(filled.columns, next(row for row in filled.rows if row[0] == "e-mail"), strict=True))
    shares = {who: float(shown.split("\u202f")[0].replace(",", ".")) for who, shown in email.items() if "%" in shown}
    assert min(shares, key=lambda who: shares[who]) == team
    assert f"{rep}\u00a0: visites en retard" in told
    assert f"{team}\u00a0: complétude des contacts" in told
    assert f"Le plus gros des clients perdus\u00a0: {customer} (" in told


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_words_name_nobody_when_the_story_is_left_out(seed):
    told = said(crmkpi.open(tables(customers=150, seed=seed, stories=["none"]), as_of=DAY, lang="fr"))
    assert "contre" not in told, told
    assert "Le plus gros" not in told, told


def said(crm):
    """What the headlines of pages 2 and 3 say of who stands apart."""
    board = Dashboard(crm, lang="fr")
    board.headline("overdue_visits", outliers=OUTLIERS[2])
    board.headline("data_quality_index", outliers=OUTLIERS[3], largest=("lost_customers",))
    return html.unescape(" ".join(board.make(part, board.state) for part in board.parts))


@pytest.mark.parametrize("by", ["product", "basket"])
def test_a_gap_by_effects_adds_up(ask, by):
    here = ask(compare="last_year")
    chart = charts.KINDS["gap"](here, "ordered_amount", by=by)
    found = here.gap("ordered_amount", by, "last_year")
    assert sum(number(row[-1]) for row in chart.rows) == pytest.approx(found.change, abs=0.001)
    assert len(chart.rows) == len(found.classes) > 1
    shown = html.unescape(str(charts.card(here, chart, "ordered_amount", "")))
    assert found.sql
    assert [text for text in found.sql if f"<code>{text}</code>" not in shown] == []


def test_what_stands_beside_a_value_has_its_own_unit(crm):
    board = Dashboard(crm, lang="en")
    board.tiles("data_quality_index", "open_requests")
    made = html.unescape(board.make(board.parts[0], board.state))
    share = crm.kpi("data_quality_index").row["completeness"]
    assert f"completeness {100 * share:.1f}%" in made
    oldest = crm.kpi("open_requests").row["oldest"]
    assert f"the oldest {board.asker(board.state).text(oldest, 'days')}" in made


def test_zeros_beside_gaps_are_no_picture():
    gap = float("nan")
    drawn = {(0.0, 0.0): True, (gap, 0.0): False, (gap, 2.0): True, (gap, gap): False, (gap, -1.0): True}
    assert {values: charts.base.is_drawn(pd.Series(values)) for values in drawn} == drawn


def test_a_picture_that_can_not_be_drawn_gives_no_reason_of_another(ask):
    """The index has a value: that its cohorts can not be told apart is not why something of it is unavailable."""
    here = ask()
    said = charts.card(here, charts.base.Chart("T", "", ""), "data_quality_index", None)
    assert here.say("empty_chart") in said
    assert here.say("unavailable") not in said


def test_one_thing_is_no_plural_in_the_answer(ask):
    here = ask()
    figure = here.figure("open_quotes")
    phrase = headline._phrase
    assert phrase(here, figure, {"value": 1, "amount": 1740.0}) == "open quotes (1) worth \u20ac1,740"
    assert phrase(here, figure, {"value": 2, "amount": 0.0}) == "2 open quotes"


def test_what_is_left_out_is_said_in_whole_words(demo):
    crm = crmkpi.open(demo)
    for lang in ("fr", "en"):
        board = Dashboard(crm, lang=lang, period="all")
        asker = board.asker(board.state)
        said = [words for name in crm.figures if not crm.figures[name].inputs for words in asker.left_out(name)]
        assert said
        assert [words for words in said if "[" in words or "{" in words or not words[0].isdigit()] == []
