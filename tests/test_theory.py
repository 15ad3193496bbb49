"""The engine carries every kind of figure: those of tests/fixtures, dropped into a data folder, are asked like ours.

A flow, a stock, a change, a composite; a view; a dimension of its own, a column beside, alerts of rows and of
groups. The values are worked out from data/demo in the comments. Then what an analyst gets wrong, one line each.
"""

import datetime as dt
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from frames import frames_of

import crmkpi
from crmkpi.errors import CrmkpiError

OURS = ["signed_quotes", "requests_open", "gone_rate", "signed_per_request"]
MONTH = "2026-10"


@pytest.fixture(scope="module")
def folder(demo, root, tmp_path_factory):
    """The demo's data folder with four figures and a view of one's own in it."""
    to = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(demo, to)
    for kind in ("indicators", "views"):
        shutil.copytree(root / "tests" / "fixtures" / kind, to / kind)
    return to


@pytest.fixture(scope="module", params=["folder", "frames"])
def crm(request, folder):
    if request.param == "folder":
        return crmkpi.open(folder, lang="en")
    return crmkpi.open(frames_of(folder), as_of="2026-10-15", currency="EUR", indicators=folder, lang="en")


def test_kinds_are_read_from_the_texts(crm):
    assert [crm.figures[name].kind for name in OURS] == ["flow", "stock", "change", "composite"]
    assert list(crm.figures)[-4:] == OURS, "by number: after the package's own"


@pytest.mark.parametrize(
    ("name", "period", "value", "num", "den"),
    [
        ("signed_quotes", MONTH, 9000, 9000, None),  # Q1 8,000 and Q3 1,000
        ("signed_quotes", "2026-09", 6000, 6000, None),  # Q2
        ("signed_quotes", "2026-10-01", 8000, 8000, None),
        ("requests_open", MONTH, 3, 3, None),  # T3, T4, T5
        ("requests_open", "2026-09-20", 1, 1, None),  # T2
        ("requests_open", "2026-09", 0, 0, None),  # T2 was closed on the 30th
        (
            "gone_rate",
            MONTH,
            1 / 3,
            1,
            3,
        ),  # of A1, A3, A5: A1, who ordered on 1 October (the 12th was an order of zero)
        ("gone_rate", "2026-09", None, None, None),  # nobody had ordered for a year
        ("signed_per_request", MONTH, 3000, 9000, 3),
        ("signed_per_request", "2026-09", None, 6000, 0),
    ],
)
def test_values(crm, name, period, value, num, den):
    row = crm.kpi(name, period=period).row
    assert row["value"] == (value if value is None else pytest.approx(value))
    if value is not None:
        assert (row["num"], row["den"]) == (num, den)


def test_comparisons(crm):
    row = crm.kpi("signed_quotes", period=MONTH, compare="previous").row
    assert row["previous"] is None  # the first was signed on 24 September, after the month's 11th working day
    assert crm.kpi("signed_quotes", period="2026-W42", compare="previous").row["previous"] == 0
    assert crm.kpi("requests_open", period="2026-W42", compare="previous").row["previous"] == 1  # T3, on the 8th
    assert crm.kpi("gone_rate", period=MONTH, settings={"gone_days": 5}).value == 1  # 14, 6 and 9 days


def test_trend(crm):
    months = crm.trend("requests_open", periods=3)
    assert list(months["period"]) == ["2026-08", "2026-09", MONTH]
    assert [None if pd.isna(value) else value for value in months["value"]] == [None, 0, 3]  # nothing known in August
    assert list(crm.trend("signed_quotes", periods=2)["value"]) == [6000, 9000]
    assert list(crm.trend("gone_rate", periods=2)["value"])[1] == pytest.approx(1 / 3)
    assert list(crm.trend("signed_per_request", periods=2)["value"])[1] == 3000


def groups(crm, name, by, **more):
    frame = crm.kpi(name, period=MONTH, by=by, **more).frame
    return {None if pd.isna(who) else who: value for who, value in zip(frame[f"{by}_id"], frame["value"], strict=True)}


def test_breakdowns(crm):
    assert groups(crm, "signed_quotes", "rep") == {"U1": 8000, "U3": 1000}
    assert groups(crm, "signed_quotes", "team") == {"Nord": 8000, "Sud": 1000}
    assert groups(crm, "signed_quotes", "customer") == {"A1": 8000, "A2": 1000}
    assert groups(crm, "requests_open", "rep") == {"U2": 1, "U3": 1, None: 1}
    assert groups(crm, "gone_rate", "customer") == {"A1": 1, "A3": 0, "A5": 0}
    assert groups(crm, "signed_per_request", "team")["Sud"] == 1000


def test_a_dimension_of_its_own(crm):
    assert groups(crm, "signed_quotes", "size") == {"big": 8000, "small": 1000}
    assert set(crm.kpi("signed_quotes", period=MONTH, by="size").frame["size"]) == {"big quotes", "small quotes"}
    assert groups(crm, "signed_quotes", "size", settings={"big_quote": 9000}) == {"small": 9000}
    assert crm.kpi("signed_quotes", period=MONTH, where={"size": "big"}).value == 8000
    assert groups(crm, "requests_open", "priority") == {"haute": 1, "normale": 1, "basse": 1}
    with pytest.raises(CrmkpiError, match="size"):
        crm.kpi("requests_open", by="size")


def test_a_column_beside(crm):
    assert crm.kpi("signed_quotes", period=MONTH).row["median"] == 4500
    assert pd.isna(crm.kpi("signed_quotes", period="2026-08").row["median"])


def test_lists(crm):
    assert list(crm.facts("signed_quotes", period=MONTH)["number"]) == ["DEV-003", "DEV-001"]
    left = crm.facts("signed_quotes", period=MONTH, left_out=True)
    assert (set(left["left_out"]), set(left["reason"])) == ({"excluded"}, {"not signed"})
    assert sorted(crm.facts("requests_open", period=MONTH)["id"]) == ["T3", "T4", "T5"]
    assert sorted(crm.facts("gone_rate", period=MONTH)["id"]) == ["A1", "A3", "A5"]
    with pytest.raises(CrmkpiError, match="signed_quotes, requests_open"):
        crm.facts("signed_per_request", period=MONTH)


def test_alerts_of_rows(crm):
    (late,) = crm.alerts(["requests_open"], period=MONTH).to_dict("records")
    assert [late[key] for key in ("severity", "kind", "label", "reason", "action")] == [
        "P1", "row", "REQ-003", "request past its due date", "answer the customer",
    ]  # fmt: skip
    assert pd.Timestamp(late["due"]).date() == dt.date(2026, 10, 12)
    assert crm.alerts(["requests_open"], period=MONTH, settings={"request_grace": 3}).empty


def test_alerts_of_groups(crm):
    found = crm.alerts(["signed_quotes"], period=MONTH)
    assert sorted(zip(found["dimension"], found["who_id"] if "who_id" in found else found["who"], strict=True)) == [
        ("rep", "U3"), ("team", "Sud"),
    ]  # fmt: skip
    assert set(found["reason"]) == {"fewer signed quotes than the floor"}
    assert set(crm.alerts(["signed_quotes"], period=MONTH, lang="fr")["action"]) == {"relancer les devis ouverts"}


def test_what_helps_is_missed(folder):
    frames = {name: frame for name, frame in frames_of(folder).items() if name != "opportunities"}
    result = crmkpi.open(frames, as_of="2026-10-15", indicators=folder, lang="en").kpi("signed_quotes", period=MONTH)
    assert (result.value, result.status, result.reason) == (9000, "partial", "origin of the quote unknown")
    assert crmkpi.open({}, as_of="2026-10-15", indicators=folder).kpi("gone_rate").status == "unavailable"


def test_targets_of_a_figure_of_ones_own(folder):
    goals = [("company", "Démo", 16000.0), ("rep", "U1", 10000.0), ("rep", "U4", 1000.0)]
    rows = [
        {
            "scope": scope, "scope_id": who, "metric": "signed_quotes", "value": value,
            "period_start": dt.date(2026, 10, 1), "period_end": dt.date(2026, 10, 31),
        }
        for scope, who, value in goals
    ]  # fmt: skip
    crm = crmkpi.open(frames_of(folder) | {"targets": pd.DataFrame(rows)}, as_of="2026-10-15", indicators=folder)
    row = crm.kpi("signed_quotes", period=MONTH, compare="target").row
    assert (row["target"], row["target_to_date"], row["attainment"]) == (16000, 8000, 1.125)
    reps = crm.kpi("signed_quotes", period=MONTH, by="rep", compare="target").frame.set_index("rep_id")
    assert (reps.loc["U1", "attainment"], reps.loc["U4", "value"], reps.loc["U4", "attainment"]) == (1.6, 0, 0)


# --- through the command line -------------------------------------------------------------------------------------


def ask(cli, *words):
    code, out, err = cli(*words)
    assert (code, err) == (0, "")
    return out


def test_the_command_line_follows(cli, folder):
    listed = {each["name"]: each for each in json.loads(ask(cli, "list", "--data", folder, "--json", "--lang", "fr"))}
    assert {name: listed[name]["kind"] for name in OURS} == dict(
        zip(OURS, ("flow", "stock", "change", "composite"), strict=True)
    )
    assert (listed["signed_quotes"]["title"], listed["signed_quotes"]["dimensions"]) == ("Devis signés", ["size"])
    asked = ("--data", folder, "--period", MONTH)
    answer = json.loads(ask(cli, "kpi", "signed_quotes", *asked, "--by", "size", "--json"))
    assert [(row["size_id"], row["value"]) for row in answer["rows"]] == [("big", 8000), ("small", 1000)]
    rows = json.loads(ask(cli, "kpi", "signed_quotes", *asked, "--facts", "--json"))["rows"]
    assert sum(row["num"] for row in rows) == 9000
    assert "REQ-003" in ask(cli, "alerts", *asked)
    assert "signed_per_request" in ask(cli, "check", folder)
    assert "$big_quote" in ask(cli, "kpi", "signed_quotes", *asked, "--sql")
    assert "9000" in ask(cli, "kpi", "signed_quotes", *asked, "--set", "big_quote=9000", "--by", "size", "--csv")


# --- settings -----------------------------------------------------------------------------------------------------


@pytest.fixture
def mine(folder, tmp_path):
    """A copy of the folder to change."""
    return shutil.copytree(folder, tmp_path / "data")


def test_settings_toml_changes_the_defaults(mine, cli):
    (mine / "settings.toml").write_text("quotes_floor = 500\nbig_quote = 9000\nmargin_floor = -700\n", encoding="utf-8")
    crm = crmkpi.open(mine)
    assert (crm.settings["quotes_floor"], crm.settings["margin_floor"]) == (500, -700)
    assert crm.alerts(["signed_quotes", "margin_rate"], period=MONTH).empty
    assert groups(crm, "signed_quotes", "size") == {"small": 9000}
    assert groups(crm, "signed_quotes", "size", settings={"big_quote": 8000}) == {"big": 8000, "small": 1000}
    out = ask(cli, "kpi", "signed_quotes", "--data", mine, "--by", "size", "--set", "big_quote=1", "--csv")
    assert "big" in out
    assert "small" not in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("big_quotes = 1", "did you mean 'big_quote'"),
        ("big_quote = 'many'", "big_quote: 'many'"),
        ("big_quote = true", "big_quote: True"),
        ("country = 33", "country: 33"),
        ("big_quote = ", "settings.toml"),
        ("[table]\nx = 1", "table"),
        ("fiscal_year_start = 13", "fiscal_year_start"),
        ("monthly_weights = '1 2 3'", "monthly_weights"),
        ("country = 'XX'", "country"),
        (b"big_quote = 1 # \xe9", "settings.toml"),
    ],
)
def test_settings_toml_in_error(mine, cli, text, said):
    (mine / "settings.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    code, out, err = cli("kpi", "landing", "--data", mine, "--compare", "target", "--period", "FY2026")
    assert code in (1, 2)
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("Error: ")
    assert said in err


# --- a definition of one's own ------------------------------------------------------------------------------------


def test_a_file_of_the_same_name_replaces_ours(mine):
    text = Path(crmkpi.open(mine).figures["win_rate"].path).read_text(encoding="utf-8")
    (mine / "indicators" / "win_rate.sql").write_text(text.replace("o.status = 'won'", "o.status = 'lost'"))
    changed = crmkpi.open(mine)
    assert list(changed.figures).count("win_rate") == 1
    assert changed.kpi("win_rate", period="2026-09").value == 0


def test_a_view_of_the_same_name_replaces_ours(mine):
    """Whoever takes drafts for orders says so once, and every figure follows."""
    from crmkpi.indicators import Library

    text = Library().views["confirmed_orders"].sql.replace("in ('draft', 'cancelled')", "in ('cancelled')")
    (mine / "views" / "confirmed_orders.sql").write_text(text)
    crm = crmkpi.open(mine)
    assert (crm.kpi("ordered_amount", period=MONTH).value, crm.kpi("order_count", period=MONTH).value) == (31_500, 9)


def test_another_folder_of_definitions(demo, folder):
    assert (
        crmkpi.open(frames_of(demo), as_of="2026-10-15", indicators=folder).kpi("gone_rate", period=MONTH).row["n"] == 3
    )
    assert "gone_rate" not in crmkpi.open(demo).figures


# --- what an analyst gets wrong -----------------------------------------------------------------------------------

FLOW = """-- no: 5.9
-- fr: Essai
-- en: Trial
-- unit: count
-- better: up
-- needs: orders
-- definition_fr: Un essai.
-- definition_en: A trial.
select o.order_date as day, o.account_id, o.owner_id, o.order_id as id, 1 as num from orders o
"""
FORMULA = FLOW.split("select")[0].replace("-- needs: orders\n", "-- input: order_count\n") + (
    "select c.period, c.grp, c.value from order_count c\n"
)


def without(key):
    return "".join(line for line in FLOW.splitlines(True) if not line.startswith(f"-- {key}:"))


def plus(line):
    return f"{line}\n{FLOW}"


def instead(old, new, text=FLOW):
    assert old in text
    return text.replace(old, new)


BROKEN = {
    **{f"without {key}": (without(key), f"'-- {key}: ...'") for key in ("no", "fr", "en", "unit", "better", "needs")},
    "without a definition": (without("definition_fr"), "'-- definition_fr: ...'"),
    "a misspelt key": (instead("-- unit", "-- unti"), "did you mean 'unit'"),
    "an unknown unit": (instead("count", "pieces"), "money_per_day"),
    "an unknown better": (instead("up", "higher"), "up, down or none"),
    "a rank that is no number": (plus("-- rank: first"), "rank"),
    "no SELECT": (instead("select o.order_date", "delete from orders where o.order_date"), "SELECT"),
    "nothing below": (FLOW.split("select")[0], "SELECT"),
    "an empty file": ("", "trial.sql"),
    "two statements": (FLOW.strip() + "; select 1", "trial.sql"),
    "an unknown table": (instead("from orders o", "from oders o"), "oders"),
    "an unknown table in needs": (instead("-- needs: orders", "-- needs: oders"), "oders"),
    "an unknown table in helps": (plus("-- helps: oders | a | b"), "oders"),
    "an unknown column": (instead("o.order_date", "o.order_day"), "order_day"),
    "no num": (instead("1 as num", "1 as number"), "num"),
    "num that is a text": (instead("1 as num", "'1' as num"), "trial.sql", "num", "VARCHAR"),
    "day that is a text": (instead("o.order_date as day", "'today' as day"), "trial.sql", "'day' must be a date"),
    "an unknown parameter": (instead("1 as num", "$weight as num"), "weight"),
    "a setting declared otherwise elsewhere": (plus("-- setting: margin_floor=3 | a | b"), "margin_floor"),
    "a setting without words": (plus("-- setting: mine=3"), "' | '"),
    "a word in one language": (plus("-- word: mine | a"), "' | '"),
    "an alert that is none": (plus("-- alert: P4 team: value < 1 | a | b | c | d"), "P1 team"),
    "an alert by what is no dimension": (plus("-- alert: P1 teams: value < 1 | a | b | c | d"), "teams"),
    "an alert that is no SQL": (plus("-- alert: P1 team: value << | a | b | c | d"), "trial"),
    "an alert over what is not there": (plus("-- alert: P1 team: volume < 1 | a | b | c | d"), "volume"),
    "a beside that is no SQL": (plus("-- beside: mid = median( | a | b"), "trial"),
    "a dimension that is no column": (plus("-- dimensions: colour"), "colour"),
    "an input that is not there": (instead("order_count", "oder_count", FORMULA), "order_count"),
    "an input of months that are no number": (
        instead("input: order_count", "input: order_count:x", FORMULA),
        "trial.sql: input",
    ),
    "an input of itself": (instead("order_count", "trial", FORMULA), "trial -> trial"),
    "a formula without a value": (instead("c.value from", "c.value as worth from", FORMULA), "value"),
    "not UTF-8": (FLOW.replace("Essai", "Été").encode("cp1252"), "trial.sql"),
}


def refused(cli, folder, *said):
    """Some question about the folder fails in one line that says what; none ends in a traceback."""
    lines = []
    for words in (
        ("kpi", "trial", "--by", "team", "--period", MONTH),
        ("alerts", "--period", MONTH, "--figure", "trial"),
        ("kpi", "trial", "--by", "colour"),
    ):
        code, out, err = cli(*words, "--data", folder)
        assert code in (0, 1, 2)
        if code:
            assert out == ""
            assert err.startswith("Error: ")
            assert err.count("\n") == 1, err
            lines.append(err)
    assert lines, "nothing was refused"
    assert any(all(part in line for part in said) for line in lines), lines


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_an_error_in_one_line(mine, cli, case):
    text, *said = BROKEN[case]
    (mine / "indicators" / "trial.sql").write_bytes(text if isinstance(text, bytes) else text.encode())
    refused(cli, mine, *said)


def test_views_in_a_circle(mine, cli):
    (mine / "indicators" / "trial.sql").write_text(instead("from orders o", "from one o"))
    (mine / "views" / "one.sql").write_text("select * from two")
    (mine / "views" / "two.sql").write_text("select * from one")
    refused(cli, mine, "circle", "one", "two")


def test_formulas_in_a_circle(mine, cli):
    (mine / "indicators" / "trial.sql").write_text(instead("order_count", "other", FORMULA))
    (mine / "indicators" / "other.sql").write_text(instead("order_count", "trial", FORMULA))
    refused(cli, mine, "trial", "other")


def test_a_figure_and_a_view_of_one_name(mine, cli):
    (mine / "indicators" / "trial.sql").write_text(FLOW)
    (mine / "views" / "trial.sql").write_text("select * from orders")
    refused(cli, mine, "both a figure and a view")


def test_a_view_of_the_name_of_a_table(mine, cli):
    (mine / "indicators" / "trial.sql").write_text(FLOW)
    (mine / "views" / "orders.sql").write_text("select * from accounts")
    refused(cli, mine, "orders")


def test_a_broken_view(mine, cli):
    (mine / "indicators" / "trial.sql").write_text(instead("from orders o", "from one o"))
    (mine / "views" / "one.sql").write_text("-- colour: red\nselect * from orders")
    refused(cli, mine, "one.sql", "colour")


def test_the_others_still_answer(mine, cli):
    """A text that can not run harms no other figure."""
    (mine / "indicators" / "trial.sql").write_text(instead("o.order_date", "o.order_day"))
    assert (
        json.loads(ask(cli, "kpi", "ordered_amount", "--data", mine, "--period", MONTH, "--json"))["rows"][0]["value"]
        == 24_500
    )
