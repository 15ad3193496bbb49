"""The figures of the real sets, imported and asked through the command line, to the cent."""

import csv
import io

import pytest

SEEN = ("--as-of", "2026-11-23")


def row(answer):
    (only,) = answer["rows"]
    return only


def by(answer, dimension, column="value"):
    return {each[f"{dimension}_id"]: each[column] for each in answer["rows"]}


# --- Odoo, its tables ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def odoo(shared, load):
    return load(shared / "real" / "odoo17_demo" / "tables")


def test_odoo_invoiced(odoo, kpi, cli):
    whole = row(kpi(odoo, "invoiced_revenue", *SEEN, "--period", "all"))
    assert (whole["value"], whole["n"], whole["status"]) == (0.0, 9, "ok")
    _, out, _ = cli("kpi", "invoiced_revenue", "--data", odoo, *SEEN, "--period", "all", "--facts", "--csv")
    facts = list(csv.DictReader(io.StringIO(out)))
    signed = {
        kind: [float(each["num"]) for each in facts if each["type"] == kind] for kind in ("invoice", "credit_note")
    }
    assert {kind: (len(each), sum(each)) for kind, each in signed.items()} == {
        "invoice": (4, 124_500.0), "credit_note": (5, -124_500.0),
    }  # fmt: skip


def test_odoo_orders(odoo, kpi):
    asked = (*SEEN, "--period", "all")
    assert row(kpi(odoo, "order_count", *asked))["value"] == 19
    assert row(kpi(odoo, "ordered_amount", *asked))["value"] == 27_660.5
    assert round(row(kpi(odoo, "average_basket", *asked))["value"], 2) == 1_455.82
    assert round(row(kpi(odoo, "margin_rate", *asked))["num"]) == -28_159


def test_odoo_pipeline(odoo, kpi, cli):
    asked = (*SEEN, "--period", "all")
    opened = row(kpi(odoo, "open_opportunities", *asked))
    assert (opened["value"], opened["amount"], round(opened["signature_filled"] * 14)) == (14, 296_400.0, 10)
    assert row(kpi(odoo, "weighted_pipeline", *asked))["value"] == 108_291.0
    undated = kpi(odoo, "open_opportunities", *asked, "--where", "signature=undated")
    assert row(undated)["value"] == 4


def test_odoo_teams_against_their_targets(odoo, kpi):
    answer = kpi(odoo, "invoiced_revenue", *SEEN, "--period", "2026-11", "--by", "team", "--compare", "target")
    assert by(answer, "team") | {"Sales": -31_750.0, "Pre-Sales": 63_500.0} == by(answer, "team")
    goals = by(answer, "team", "target")
    assert (goals["Sales"], goals["Pre-Sales"]) == (250_000.0, 40_000.0)
    assert by(answer, "team", "attainment")["Pre-Sales"] > 1


@pytest.mark.parametrize(
    "words",
    [("--by", "rep", "--period", "2026-11"), ("--period", "2026-11"), ("--period", "all")],
    ids=["by rep", "company", "all time"],
)
def test_odoo_has_no_attainment_elsewhere_and_says_why(odoo, kpi, words):
    answer = kpi(odoo, "invoiced_revenue", *SEEN, *words, "--compare", "target")
    assert answer["rows"]
    for each in answer["rows"]:
        assert each["attainment"] is None
        assert "target" in each["target_reason"]


# --- Odoo, its lists in French ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lists(shared, load):
    return load(shared / "real" / "odoo17_demo" / "export_fr")


def test_odoo_lists_have_the_orders_and_the_pipeline_of_the_tables(lists, odoo, kpi):
    for name in ("ordered_amount", "order_count", "average_basket", "weighted_pipeline", "open_opportunities"):
        found, expected = (row(kpi(folder, name, *SEEN, "--period", "all")) for folder in (lists, odoo))
        assert (found["value"], found["amount"], found["n"]) == (expected["value"], expected["amount"], expected["n"])


def test_odoo_lists_win_rate(lists, kpi):
    rate = row(kpi(lists, "win_rate", *SEEN, "--period", "all"))
    assert (rate["num"], rate["den"], rate["status"], rate["reason"]) == (3, 4, "ok", "")
    value = row(kpi(lists, "win_rate_by_value", *SEEN, "--period", "all"))
    assert (value["num"], value["den"], value["status"]) == (23_800.0, 31_300.0, "ok")


def test_odoo_lists_without_archived_rows(shared, load, kpi, tmp_path):
    """The same file without its archived rows: what was lost may be missing, and the win rate says so."""
    source = tmp_path / "export"
    source.mkdir()
    for file in (shared / "real" / "odoo17_demo" / "export_fr").glob("*.csv"):
        (source / file.name).write_bytes(file.read_bytes())
    path = source / "crm.lead.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header, leads = reader.fieldnames, list(reader)
    kept = [lead for lead in leads if lead["Actif"] not in ("", "False", "Faux")]
    assert (len(leads), len(kept) < len(leads)) == (44, True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(kept)
    folder = load(source)
    for name in ("win_rate", "win_rate_by_value"):
        for lang, words in (("en", "lost"), ("fr", "perdues")):
            answer = kpi(folder, name, *SEEN, "--period", "all", "--lang", lang)
            assert (row(answer)["value"], answer["status"]) == (1.0, "partial")
            assert words in answer["reason"]


# --- AdventureWorks -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def works(shared, root, load):
    mapping = root / "docs" / "mappings" / "adventureworks.toml"
    return load(shared / "real" / "adventureworks_sales", "--mapping", mapping)


def test_adventureworks_orders(works, kpi, cli):
    asked = ("--period", "all")
    assert row(kpi(works, "ordered_amount", *asked))["value"] == 77_548_570.20
    basket = row(kpi(works, "average_basket", *asked))
    assert (round(basket["value"], 2), round(basket["median"], 2), basket["den"]) == (21_445.95, 8_733.56, 3_616)
    assert round(row(kpi(works, "margin_rate", *asked))["value"], 4) == 0.0129
    _, out, _ = cli("kpi", "margin_rate", "--data", works, *asked, "--facts", "--csv")
    margins = [float(each["num"]) for each in csv.DictReader(io.StringIO(out))]
    assert round(100 * sum(margin < 0 for margin in margins) / len(margins), 1) == 42.0


def test_adventureworks_targets_of_each_scope_against_its_own(works, kpi):
    asked = ("--period", "2019", "--compare", "target")
    reps = [each for each in kpi(works, "ordered_amount", *asked, "--by", "rep")["rows"] if each["target"] is not None]
    assert (len(reps), sum(each["target"] for each in reps)) == (14, 73_125_000)
    assert round(sum(each["value"] for each in reps), 2) == 31_336_165.38
    teams = {
        each["team_id"]: (each["target"], each["value"])
        for each in kpi(works, "ordered_amount", *asked, "--by", "team")["rows"]
    }
    expected = {
        "North America": (22_700_000.0, 25_903_883.18), "Europe": (4_950_000.0, 5_720_500.58),
        "Pacific": (500_000.0, 875_621.82),
    }  # fmt: skip
    assert teams | expected == teams
    company = row(kpi(works, "ordered_amount", *asked))
    assert (company["target"], company["value"]) == (55_500_000.0, 32_500_005.58)
    assert company["attainment"] == pytest.approx(32_500_005.58 / 55_500_000)


# --- Online Retail II ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def retail(shared, root, load):
    mapping = root / "docs" / "mappings" / "online_retail_II.toml"
    return load(shared / "real" / "online_retail_II", "--mapping", mapping)


def test_online_retail_invoiced(retail, kpi):
    asked = ("--period", "all")
    assert row(kpi(retail, "invoiced_revenue", *asked))["value"] == 19_057_358.18
    assert row(kpi(retail, "invoiced_revenue", *asked, "--where", "customer="))["value"] == 2_713_707.16
    years = kpi(retail, "invoiced_revenue", *asked, "--by", "year")["rows"]
    assert round(sum(each["value"] for each in years), 2) == 19_057_358.18


def test_online_retail_baskets(retail, kpi):
    basket = row(kpi(retail, "average_basket", "--period", "all"))
    assert (basket["den"], round(basket["value"], 2), round(basket["median"], 2)) == (36_969, 471.52, 303.60)


def test_online_retail_credit_notes_and_bad_debt(retail, cli):
    asked = ("kpi", "invoiced_revenue", "--data", retail, "--period", "all", "--facts", "--csv")
    facts = list(csv.DictReader(io.StringIO(cli(*asked)[1])))
    notes = [float(each["num"]) for each in facts if each["type"] == "credit_note"]
    assert round(sum(notes), 2) == -1_465_303.66
    left = list(csv.DictReader(io.StringIO(cli(*asked, "--left-out")[1])))
    assert (len(left), round(sum(float(each["num"]) for each in left), 2)) == (6, -147_614.08)
    assert {each["reason"] for each in left} == {"cancelled"}


def test_the_reports_name_what_is_odd(retail, cli):
    """Lines at a price of zero or less, under a cent, in both halves, without a customer: said, and kept."""
    code, out, _ = cli("check", retail)
    said = " ".join(out.split()).replace(",", "").replace("\u202f", "")
    assert code == 0
    for words in (
        "1088 invoices are in both halves",
        "6029 lines with a price of zero or less",
        "18 lines at less than a cent",
        "8355 invoices without a customer",
    ):
        assert words in said
