"""The page without a browser: what its parts say is what the facts say, and nothing is said that they do not."""

import asyncio
import html
import io
import re
from dataclasses import replace

import pandas as pd
import pytest

import crmkpi
from crmkpi.dashboard import Dashboard, charts, lists, views
from crmkpi.dashboard.controls import Controls, first_state
from crmkpi.dashboard.definition import disclosure
from crmkpi.errors import UsageError
from crmkpi.format import text
from crmkpi.sample import tables

DAY = "2026-10-15"
TILES = (
    "invoiced_revenue",
    "landing",
    "ordered_amount",
    "order_count",
    "average_basket",
    "margin_rate",
    "weighted_pipeline",
    "win_rate",
)
HOSTILE = [
    "<script>window.hacked=1</script>",
    '"><img src=x onerror=window.hacked=1>',
    "=HYPERLINK(1)",
    "x" * 300,
    "مرحبا",
    "🚀{n}",
]
BEHIND = "fill: var(--ck-behind)"


def opened(customers=60, **more):
    return crmkpi.open(tables(customers=customers, **more), as_of=DAY, currency="EUR", lang="fr")


@pytest.fixture(scope="module")
def crm():
    return opened(stories=["discounts=Sud"])


def composed(crm, **filters):
    board = Dashboard(crm, title=("Essai", "Trial"), **filters)
    board.headline("invoiced_revenue", landing="landing", watch=("discount_rate",))
    board.tiles(*TILES, beside={"landing": "landing_pipeline"})
    board.chart("months", "invoiced_revenue", landing="landing")
    board.chart("attainment", "invoiced_revenue", by="team")
    board.chart("guarded", "order_count", "margin_rate")
    board.chart("spread", "average_basket")
    board.chart("groups", "weighted_pipeline", by="signature", outer="amount")
    board.chart("groups", "discount_rate", by="team")
    board.todo(*TILES)
    board.list("invoiced_revenue")
    return board


def parts(board, look, **changes):
    state = board.state.change(**changes)
    return [board.make(part, state) for part in board.parts if part.look == f"ck-{look}"]


def words(markup):
    return html.unescape(re.sub(r"<[^>]+>", " ", markup))


@pytest.mark.parametrize(
    "filters", [{}, {"team": "Sud"}, {"period": "2026-09"}, {"rep": "Mehdi Benali", "period": "2026"}]
)
@pytest.mark.parametrize("name", TILES)
def test_a_tile_is_what_the_facts_say(crm, name, filters):
    board = composed(crm, lang="fr", **filters)
    where = {key: value for key, value in filters.items() if key != "period"}
    value = crm.kpi(name, period=filters.get("period", "2026-10"), where=where, compare=["target"], lang="fr").value
    tile = re.search(rf'data-figure="{name}">.*?</article>', parts(board, "tileset")[0], re.DOTALL)[0]
    assert html.unescape(re.search(r'class="ck-number"[^>]*>([^<]*)<', tile)[1]) == text(
        value, board.crm.figures[name].unit, "fr"
    )


def test_a_tile_says_target_and_both_periods_it_compares_with_the_chosen_one_first(crm):
    row = crm.kpi("invoiced_revenue", period="2026-10", compare=["target", "previous", "last_year"]).row
    shown = {name: text(row[name], "money", "fr") for name in ("target_to_date", "previous", "last_year")}
    for compare, first, second in (("previous", "previous", "last_year"), ("last_year", "last_year", "previous")):
        tile = words(parts(composed(crm, lang="fr", compare=compare), "tileset")[0]).partition("Définition")[0]
        assert f"objectif {shown['target_to_date']} à ce jour" in tile
        assert 0 < tile.index(f"vs {shown[first]} (") < tile.index(f"vs {shown[second]} (")


@pytest.mark.parametrize("name", [name for name in TILES if name != "landing"])
@pytest.mark.parametrize("filters", [{}, {"team": "Sud", "period": "2026"}])
def test_the_list_adds_up_to_the_tile_to_the_cent(crm, name, filters):
    board = composed(crm, lang="fr", **filters)
    ask = board.asker(board.state)
    shown = re.search(r'<tfoot>.*?data-value="([^"]*)"', str(lists.panel(ask, [name], lists.View(name))), re.DOTALL)[1]
    assert html.unescape(shown) == ask.text(ask.kpi(name).value, ask.figure(name).unit, exact=True)


def test_a_list_is_sorted_searched_and_paged_and_the_file_is_what_is_shown(crm):
    board = composed(crm, lang="fr", period="2026")
    ask, customer = board.asker(board.state), board.crm.facts("invoiced_revenue", period="2026")["customer"].iloc[0]
    view = lists.View("invoiced_revenue", search=customer.upper()).sorted_by("num")
    rows, _ = lists.rows_of(ask, view)
    assert set(rows["customer"]) == {customer}
    assert rows["num"].is_monotonic_increasing
    name, _, data = lists.download(ask, view, "csv", {"Filtres": "x"})
    again = pd.read_csv(io.BytesIO(data), sep=";", decimal=",", encoding="utf-8-sig")
    assert name == "invoiced_revenue_2026_2026-10-15.csv"
    assert again["Chiffre d'affaires facturé"].sum() == pytest.approx(rows["num"].sum())
    assert "Page 2 sur" in lists.panel(ask, ["invoiced_revenue"], lists.View("invoiced_revenue", page=1))


def test_a_list_of_a_stock_says_its_day_once_and_whole_days_without_decimals(crm):
    board = composed(crm, lang="fr")
    ask = board.asker(board.state)
    rows, columns = lists.rows_of(ask, lists.View("inactive_customers"))
    assert rows["day"].nunique() == 1
    assert [column.name for column in columns if column.name == "day"] == []
    assert "day" in [column.name for column in lists.rows_of(ask, lists.View("invoiced_revenue"))[1]]
    [cycle] = [column for column in columns if column.name == "cycle"]
    whole = replace(cycle, digits=0)
    assert words(str(views.cell(ask, 12.0, whole))) == " 12 "
    assert words(str(views.cell(ask, 54.5, replace(cycle, digits=1)))) == " 54,5 "
    assert cycle.digits == max(len(f"{days:.2f}".rstrip("0").partition(".")[2]) for days in rows["cycle"].dropna())


def test_every_page_of_a_list_with_gaps_is_shown(crm):
    """A column of yes and no with gaps (who decides, of records that are no contacts) took the page with it."""
    board = composed(crm)
    ask = board.asker(board.state)
    count = -(-len(ask.facts("data_quality_index")) // views.PAGE)
    for page in range(count):
        shown = lists.panel(ask, ["data_quality_index"], lists.View("data_quality_index", page=page))
        assert f"Page {page + 1} sur {count}" in shown


def test_a_formula_shows_the_figures_it_is_made_of(crm):
    board = composed(crm, lang="en")
    shown = lists.panel(board.asker(board.state), list(TILES), lists.View("landing"))
    assert "Invoiced revenue" in shown
    assert "<tfoot>" not in shown


@pytest.mark.parametrize(
    "name", ["landing_pipeline", "pipeline_coverage", "dso", "needed_coverage", "new_prospects_pace"]
)
def test_the_definition_of_a_formula_shows_the_sql_of_each_part_under_its_name(crm, name):
    board = composed(crm)
    ask = board.asker(board.state)
    result = ask.kpi(name)
    shown = disclosure(ask, [result.figure.name])
    said = re.findall(r"<h4>(.*?)</h4><pre[^>]*><code>(.*?)</code>", shown, re.DOTALL)
    assert [html.unescape(title) for title, _ in said] == [
        ask.title(each) for each in (*result.figure.input_names, name)
    ]
    assert [html.unescape(sql) for _, sql in said] == result.sql
    for (_, sql), part in zip(said, result.figure.input_names, strict=False):
        assert ask.figure(part).sql in html.unescape(sql)


def test_the_definition_of_any_other_figure_shows_its_one_query(crm):
    board = composed(crm)
    ask = board.asker(board.state)
    shown = disclosure(ask, ["ordered_amount"])
    assert "<h4>" not in shown
    assert shown.count("<pre") == 1


def test_what_is_missing_is_a_dash_with_its_reason_never_zero():
    users = pd.DataFrame({"user_id": ["u"], "name": ["Ada"], "team": ["Sud"]})
    board = composed(crmkpi.open({"users": users}, as_of=DAY, currency="EUR", lang="fr"), lang="fr")
    shown = parts(board, "tileset")[0]
    assert set(re.findall(r'class="ck-number"[^>]*>([^<]*)<', shown)) == {"—"}
    assert shown.count("Non calculable") == len(TILES)
    assert all(board.make(part, board.state) for part in board.parts)


def test_a_part_that_fails_says_so_and_the_rest_goes_on(crm, caplog):
    board = composed(crm)
    board.chart("groups", "weighted_pipeline", by="no_such_dimension")
    board._add("broken", lambda ask, static: 1 / 0)
    made = [board.make(part, board.state) for part in board.parts]
    assert "no_such_dimension" in made[-2]
    assert "ZeroDivisionError" in made[-1]
    assert "division" in caplog.text
    assert sum("ck-error" in each for each in made) == 2


def test_an_answer_is_asked_once(crm, monkeypatch):
    board = composed(crm)
    first = [board.make(part, board.state) for part in board.parts]
    monkeypatch.setattr(crm.base.engine, "query", None)
    assert [board.make(part, board.state) for part in board.parts] == first


@pytest.mark.parametrize(("seed", "team"), [(1, "Sud"), (2, "Nord"), (3, "Est")])
def test_the_headline_names_the_team_of_the_story(seed, team):
    board = composed(opened(150, seed=seed, stories=[f"discounts={team}"]), lang="fr")
    assert f"taux de remise, {team}" in words(parts(board, "answer")[0])
    chart = charts.KINDS["groups"](board.asker(board.state), "discount_rate", by="team")
    assert (chart.rows[0][0], chart.svg.count(BEHIND)) == (team, 1)  # the one bar of another colour is the first


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_headline_says_nothing_of_a_story_left_out(seed):
    board = composed(opened(150, seed=seed, stories=["none"]), lang="fr")
    assert "taux de remise" not in words(parts(board, "answer")[0])
    assert BEHIND not in charts.KINDS["groups"](board.asker(board.state), "discount_rate", by="team").svg


def test_both_languages_say_the_same_numbers(crm):
    french, english = (composed(crm, lang=lang) for lang in ("fr", "en"))
    assert "Atteinte de l'objectif par équipe" in words("".join(parts(french, "half")))
    assert "Target attainment by team" in words("".join(parts(english, "half")))
    assert "Chiffre" not in words("".join(parts(english, "tileset")))


def test_names_are_text_wherever_they_appear():
    frames = tables(customers=60)
    frames["accounts"].loc[: len(HOSTILE) - 1, "name"] = HOSTILE
    frames["users"].loc[: len(HOSTILE) - 1, "name"] = HOSTILE
    renamed = dict(zip(frames["users"]["team"].dropna().unique(), HOSTILE, strict=False))
    for table in ("users", "orders", "invoices"):
        frames[table]["team"] = frames[table]["team"].replace(renamed)
    board = composed(crmkpi.open(frames, as_of=DAY, currency="EUR"), period="2026")
    page = board._static()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt;" in page


def test_the_static_page_holds_all_of_it(crm):
    page = composed(crm, lang="en", team="Sud")._static()
    assert page.count('class="ck-svg"') == 6
    assert page.count("<article") == len(TILES)
    assert "Team: Sud" in words(page)
    assert "http" not in re.sub(r"http://www\.w3\.org/\d+/(svg|xlink)", "", page)


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"team": "Sdu"}, "did you mean 'Sud'"), ({"period": "2026-13"}, "is not a period"), ({"rep": "Nobody"}, "unknown rep"),
     ({"lang": "de"}, "unknown language"), ({"compare": "tomorrow"}, "unknown comparison")],
)  # fmt: skip
def test_parameters_that_do_not_exist_are_refused_in_words(crm, asked, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        Dashboard(crm, **asked)


def test_figures_and_charts_that_do_not_exist_are_refused(crm):
    board = Dashboard(crm)
    with pytest.raises(UsageError, match="did you mean 'invoiced_revenue'"):
        board.tiles("invoiced_revenu")
    with pytest.raises(UsageError, match="unknown chart"):
        board.chart("pie", "invoiced_revenue")


def test_filters_cascade_from_business_unit_to_rep(crm):
    seen = []
    controls = Controls(crm, crm.as_of, first_state(crm, crm.as_of, {}), seen.append)
    unit = controls.places["business_unit"].options[1][1]
    controls.places["business_unit"].value = unit
    teams = {key for _, key in controls.places["team"].options if key}
    assert teams == set(crm.values("team", where={"business_unit": [unit]})["id"])
    controls.places["team"].value = min(teams)
    controls.places["rep"].value = controls.places["rep"].options[1][1]
    other = next(key for _, key in controls.places["business_unit"].options if key not in ("", unit))
    controls.places["business_unit"].value = other
    assert (controls.state.business_unit, controls.state.team, controls.state.rep) == (other, "", "")
    assert seen[-1] == controls.state


def test_other_dates_are_a_period_once_both_are_there(crm):
    seen = []
    controls = Controls(crm, crm.as_of, first_state(crm, crm.as_of, {}), seen.append)
    controls.period.value = "other"
    assert seen == []
    controls.first.value = pd.Timestamp("2026-09-15").date()
    assert controls.state.period == "2026-09-15/2026-10-16"
    controls.last.value = pd.Timestamp("2026-09-30").date()
    assert controls.state.period == "2026-09-15/2026-10-01"
    controls.lang.value = "en"
    assert controls.period.description == "Period"


def test_an_open_page_shows_data_that_were_replaced(tmp_path):
    from crmkpi.sources import import_data

    for place, amount in (("one", 100), ("two", 900)):
        (tmp_path / place).mkdir()
        rows = f"order_id,order_date,status,amount\n1,2026-10-01,confirmed,{amount}\n"
        (tmp_path / place / "orders.csv").write_text(rows, encoding="utf-8")
    import_data(tmp_path / "one", tmp_path / "data")
    board = Dashboard(tmp_path / "data")
    board.tiles("ordered_amount")
    assert board._refresh() is False
    import_data(tmp_path / "two", tmp_path / "data")
    assert board._refresh() is True
    assert board.frame()["value"].tolist() == [900.0]


def test_what_a_viewer_sends_changes_only_what_exists(crm):
    """A page in a browser can send anything: what is not understood changes nothing, and nothing breaks."""
    from crmkpi.dashboard.live import Live

    board = composed(crm, lang="fr")
    live = Live(board)
    before = (board.state, dict(board.views))
    for said in (
        {"do": "filter", "dim": "period", "key": "'; drop table orders"}, {"do": "filter", "dim": "team", "key": "nobody"},
        {"do": "filter", "dim": "__class__", "key": "x"},
        {"do": "filter", "dim": "__class__", "key": "x", "name": "order_count"},
        {"do": "open", "name": "../../etc"}, {"do": "lang", "lang": "<b>"},
        {"do": "page", "page": "x"}, {"do": "no such thing"}, {}, {"do": ["open"]},
    ):  # fmt: skip
        live.act(said)
        assert (board.state, board.views) == before
    live.act({"do": "filter", "dim": "team", "key": "Sud"})
    assert board.state.team == "Sud"
    live.act({"do": "filter", "dim": "team", "key": "Sud"})
    assert board.state.team == ""
    live.act({"do": "page", "page": "1000000"})
    live.act({"do": "sort", "name": "no_such_column"})
    live.act({"do": "search", "text": "(" * 1000})
    assert "ck-error" not in live.page.get_state()[board.parts[-1].name]


def test_what_is_in_the_window_is_made_first_and_the_rest_gives_way(crm):
    """A choice shows what is looked at at once; what is out of sight follows, or is dropped for the next choice."""
    from crmkpi.dashboard.live import Live

    async def choose():
        board = composed(crm, lang="fr")
        live = Live(board)
        names = [part.name for part in board.parts]
        live.page.seen = names[:2]
        before = {name: getattr(live.page, name) for name in names}
        live.take(board.state.change(team="Sud"))
        late = list(live.page.waiting)
        assert set(late) == set(names[2:])
        assert all(getattr(live.page, name) == before[name] for name in late)
        assert any(getattr(live.page, name) != before[name] for name in names[:2])
        live.take(board.state.change(team="Nord"))  # Sud's rest is not made any more
        while live.page.waiting:
            await asyncio.sleep(0.01)
        return {name: getattr(live.page, name) for name in names}, [
            board.make(part, board.state) for part in board.parts
        ]

    shown, made = asyncio.run(choose())
    assert list(shown.values()) == made
