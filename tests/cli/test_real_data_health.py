"""Data health (3.1, 3.2) of the real sets: what can be measured is, the rest says why, none is a false 0."""

import json

import pytest

SEEN = ("--as-of", "2026-11-23")
LOAD_DAY = {"en": "creation dates are the load day", "fr": "les dates de création sont le jour du chargement"}


def row(answer):
    (only,) = answer["rows"]
    return only


@pytest.mark.parametrize("name", ["new_prospects", "new_prospects_pace", "prospect_conversion_rate"])
@pytest.mark.parametrize("period", ["2026-11", "2026-10", "2026-12", "all"])
def test_odoo_was_loaded_in_one_day_and_has_no_new_prospects(odoo, kpi, name, period):
    for lang, words in LOAD_DAY.items():
        answer = kpi(odoo, name, "--as-of", "2026-12-31", "--period", period, "--lang", lang)
        assert (answer["status"], row(answer)["value"]) == ("unavailable", None)
        assert words in answer["reason"]


def test_odoo_contacts(odoo, kpi):
    """26 contacts: all have a last name, an e-mail, a phone, an account; one has no job title, none a department."""
    answer = kpi(odoo, "contact_completeness", *SEEN)
    found = row(answer)
    assert (found["num"], found["den"], found["n"], answer["status"]) == (129, 156, 26, "partial")
    assert answer["reason"] == "the source has no department: empty everywhere"
    fields = kpi(odoo, "field_completeness", *SEEN, "--by", "field", "--where", "record_type=contact")["rows"]
    assert {each["field_id"]: each["num"] for each in fields} == {
        "last_name": 26, "job_title": 25, "department": 0, "email": 26, "phone": 26, "account": 26,
    }  # fmt: skip


def test_odoo_accounts(odoo, kpi):
    """6 customers and prospects: a name and an address each, no rep, no industry, no registration number."""
    answer = kpi(odoo, "account_completeness", *SEEN)
    assert (row(answer)["num"], row(answer)["den"], answer["status"]) == (12, 30, "partial")
    assert all(words in answer["reason"] for words in ("no rep", "no industry", "no registration number"))


def test_odoo_quality_says_what_can_not_be_measured(odoo, kpi):
    index = kpi(odoo, "data_quality_index", *SEEN)
    assert index["status"] == "partial"
    assert "no done activity" in index["reason"]
    by_type = {
        each["record_type_id"]: each for each in kpi(odoo, "data_quality_index", *SEEN, "--by", "record_type")["rows"]
    }
    contacts = by_type["contact"]
    # 40 x completeness + 20 + 15 + 10, over 85: their records were all changed on the day of the load
    assert contacts["value"] == pytest.approx((40 * 129 / 156 + 45) / 0.85)
    assert (contacts["freshness"], contacts["validity"], contacts["uniqueness"]) == (None, 1, 1)
    assert by_type["account"]["freshness"] == pytest.approx(5 / 6)
    fresh = kpi(odoo, "quality_freshness", *SEEN)
    assert (fresh["status"], row(fresh)["value"]) == ("unavailable", None)
    assert "freshness not measurable: 26 records" in fresh["reason"]


def test_odoo_has_no_past(odoo, kpi):
    """Every record was created on the load day: the index of the month before is not known."""
    for name in ("data_quality_index", "contact_completeness", "quality_uniqueness"):
        answer = kpi(odoo, name, *SEEN, "--period", "2026-10")
        assert (answer["status"], answer["reason"]) == ("unavailable", "the data begin on 2026-11-23")


@pytest.fixture(scope="module", params=["adventureworks_sales", "online_retail_II"])
def sold(request, shared, root, load):
    """Two sets of sales without contacts, without dates of creation."""
    mapping = root / "docs" / "mappings" / f"{request.param.removesuffix('_sales')}.toml"
    return load(shared / "real" / request.param, "--mapping", mapping)


def test_sales_without_contacts(sold, kpi, cli):
    assert "contacts (contacts)" in kpi(sold, "contact_completeness")["reason"]
    index = kpi(sold, "data_quality_index")
    assert (index["status"], "only accounts" in index["reason"]) == ("partial", True)
    assert 50 < row(index)["value"] < 60
    assert kpi(sold, "new_prospects", "--period", "all")["status"] == "unavailable"
    code, out, _ = cli("alerts", "--data", sold, "--figure", "data_quality_index", "--json")
    assert (code, json.loads(out)) == (0, []), "nobody is without a contact where the source has none"
