"""Data health: what tests/companies/data_health can not show, since it is so for a whole source; its lists and alerts."""

import datetime as dt

import pandas as pd
import pytest

import crmkpi
from crmkpi.sources import import_data

SEEN = dt.date(2026, 10, 15)
TODAY = dt.datetime(2026, 10, 15, 9)
OLD = dt.datetime(2024, 3, 1, 9)


def company(**tables):
    return crmkpi.open({name: pd.DataFrame(rows) for name, rows in tables.items()}, as_of=SEEN, currency="EUR")


def account(n, **more):
    return {"account_id": f"a{n}", "name": f"Société {n}", "type": "prospect", "created_at": OLD, **more}


def contact(n, **more):
    return {"contact_id": f"k{n}", "account_id": "a1", "last_name": f"Nom {n}", "created_at": OLD, **more}


def lead(n, **more):
    return {"lead_id": f"l{n}", "company": f"Piste {n}", "status": "new", "created_at": OLD, **more}


# --- quality ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("same", "fresh"), [(18, 20), (19, 0)], ids=["90 %", "95 % on one day"])
def test_a_mass_update_proves_nothing(same, fresh):
    """19 of 20 changes on one day are a tool's: then none is a proof."""
    days = [dt.datetime(2026, 9, 1)] * same + [dt.datetime(2026, 9, 2 + n) for n in range(20 - same)]
    contacts = [contact(n, updated_at=day) for n, day in enumerate(days)]
    contacts.append(contact(99, last_verified_at=dt.datetime(2020, 1, 1), updated_at=None))
    result = company(accounts=[account(1)], contacts=contacts).kpi(
        "quality_freshness", where={"record_type": "contact"}
    )
    assert (result.row["num"], result.row["den"]) == (fresh, 21)


def test_freshness_that_nothing_dates_is_not_measurable_and_weighs_nothing():
    crm = company(accounts=[account(1)], contacts=[contact(1)])
    for lang, words in (("fr", "non mesurable : 2 fiches"), ("en", "not measurable: 2 records")):
        fresh = crm.kpi("quality_freshness", lang=lang)
        assert (fresh.status, fresh.value) == ("unavailable", None)
        assert words in fresh.reason
    ordered = {"order_id": "o1", "account_id": "a1", "order_date": SEEN, "status": "confirmed", "amount": 1.0}
    some = company(accounts=[account(1)], contacts=[contact(1)], orders=[ordered]).kpi("quality_freshness")
    assert (some.value, some.coverage, some.row["num"]) == (1, 0.5, 1)
    # a call to an account is a proof of the account, and dates no contact
    called = {"activity_id": "v1", "type": "call", "account_id": "a1", "status": "done", "done_at": TODAY}
    some = company(accounts=[account(1)], contacts=[contact(1)], activities=[called]).kpi("quality_freshness")
    assert (some.value, some.coverage, some.row["num"]) == (1, 0.5, 1)
    verified = contact(1, last_verified_at=TODAY)
    some = (
        company(accounts=[account(1)], contacts=[verified, contact(2)]).kpi("quality_freshness", by="record_type").frame
    )
    assert some.set_index("record_type_id")["value"].fillna(-1).to_dict() == {"contact": 0.5, "account": -1}
    index = crm.kpi("data_quality_index", where={"record_type": "account"})
    # name only of five fields, 40 x 0.2, unique 15, consistent 10, of 65: validity and freshness are not there
    assert index.value == pytest.approx((8 + 15 + 10) / 0.65)
    assert index.row["freshness"] is None


def test_owners_are_not_checked_where_the_source_has_no_users():
    owned = [account(1, owner_id="u1")]
    assert company(accounts=owned).kpi("quality_consistency").value == 1
    assert company(accounts=owned, users=[{"user_id": "u2", "name": "Autre"}]).kpi("quality_consistency").value == 0


@pytest.mark.parametrize(
    ("phone", "valid"),
    [("12345", 0), ("123456", 1), ("+123456789012345", 1), ("1234567890123456", 0), ("01\u00a002\u202f03.04/05", 1), ("poste 12", 0)],
)  # fmt: skip
def test_phones(phone, valid):
    crm = company(accounts=[account(1, phone=phone)], contacts=[contact(1, phone=phone), contact(2, mobile=phone)])
    assert crm.kpi("quality_validity").value == valid


@pytest.mark.parametrize(
    ("email", "valid"),
    [("a@b.fr", 1), ("A.B+c@d-e.co.uk", 1), ("a@b.f", 0), ("a@b", 0), ("@b.fr", 0), ("a@@b.fr", 0), ("a b@c.fr", 0), ("a@b.fr.", 0)],
)  # fmt: skip
def test_emails(email, valid):
    crm = company(accounts=[account(1, email=email)], contacts=[contact(1, email=email)])
    assert crm.kpi("quality_validity").value == valid


@pytest.mark.parametrize(
    ("country", "postcode", "valid"),
    [
        ("FR", "75001", 1), ("France", "7500", 0), ("fra", "750011", 0), (None, "7500", 0), ("n/a", "7500", 0),
        ("DE", "7500", 1), ("GB", "SW1A 1AA", 1), ("NL", "1", 0), ("IE", "A65-F4E2", 1), ("US", "12345678901", 0),
    ],
)  # fmt: skip
def test_postcodes(country, postcode, valid):
    assert company(accounts=[account(1, country=country, postal_code=postcode)]).kpi("quality_validity").value == valid


@pytest.mark.parametrize(
    ("country", "vat_no", "valid"),
    [
        ("FR", "FR40303265045", 1), ("FR", "fr 4A 303.265-045", 1), ("FR", "FR4030326504", 0), ("FR", "DE123456789", 0),
        ("DE", "DE123456789", 1), ("DE", "123456789", 0), ("NL", "NL123456789B01", 1), ("BE", "BE0", 0), ("BE", "BE01234567890123", 0),
    ],
)  # fmt: skip
def test_vat_numbers(country, vat_no, valid):
    assert company(accounts=[account(1, country=country, vat_no=vat_no)]).kpi("quality_validity").value == valid


@pytest.mark.parametrize("place", range(14))
def test_a_siret_wrong_by_one_digit_is_wrong(place):
    """Luhn finds any one wrong digit."""
    right = "98174628530517"
    wrong = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
    crm = company(
        accounts=[account(1, country="FR", registration_no=right), account(2, country="FR", registration_no=wrong)]
    )
    assert crm.kpi("quality_validity").row["num"] == 1


def test_an_empty_word_is_empty_in_any_case_and_a_name_is_not():
    names = ["", " ", "-", "--", "...", "N/A", "n/a", "Test", "TEST", "0", "0000000000"]
    filled = ["NA", "Testard", "0 800", "-x-", "None"]
    crm = company(accounts=[account(n, name=name) for n, name in enumerate(names + filled)])
    assert crm.kpi("field_completeness", where={"field": "name"}).row["num"] == len(filled)


# --- new prospects ------------------------------------------------------------------------------------------------


def test_accounts_created_in_one_day_were_loaded():
    """Then nothing is known of any period, of the leads neither."""
    accounts = [account(1), account(2, created_at=OLD.replace(hour=18))]
    crm = company(accounts=accounts, leads=[lead(1, created_at=dt.datetime(2026, 10, 1))])
    for period in ("2024-03", "2026-10", "2026-09", "all"):
        result = crm.kpi("new_prospects", period=period)
        assert (result.status, result.value) == ("unavailable", None)
        assert "creation dates are the load day" in result.reason


def test_one_account_alone_was_not_loaded():
    assert company(accounts=[account(1)]).kpi("new_prospects", period="2024-03").value == 1


def test_leads_created_in_one_day_were_loaded_and_accounts_were_not():
    accounts = [account(1), account(2, created_at=dt.datetime(2026, 10, 2))]
    result = company(accounts=accounts, leads=[lead(1), lead(2)]).kpi("new_prospects", period="2026-10")
    assert (result.status, result.row["num"], result.coverage) == ("partial", 1, 1 / 3)
    assert "load day" in result.reason


def test_an_account_created_nobody_knows_when_is_missing_unless_it_is_a_customer():
    order = {"order_id": "o1", "account_id": "a2", "order_date": SEEN, "status": "confirmed", "amount": 1.0}
    accounts = [account(1), account(2, created_at=None), account(3, created_at=None), account(4, created_at=TODAY)]
    result = company(accounts=accounts, orders=[order]).kpi("new_prospects", period="2026-10")
    assert (result.value, result.coverage) == (1, 0.5)
    assert "1 row without a date" in result.reason


def test_fifty_in_a_minute_are_no_import_fifty_one_are():
    for number, value in ((50, 50), (51, 0)):
        accounts = [
            account(n, created_by="reprise", created_at=dt.datetime(2026, 10, 1, 2, 14, n % 60)) for n in range(number)
        ]
        crm = company(accounts=[account(99), *accounts])
        result = crm.kpi("new_prospects", period="2026-10")
        assert (result.value, result.left_out) == (value, {} if value else {"bulk_import": 51})


# --- the golden company: lists and alerts of groups ---------------------------------------------------------------


@pytest.fixture(scope="module")
def golden(root, tmp_path_factory):
    to = tmp_path_factory.mktemp("health") / "data"
    import_data(root / "tests" / "companies" / "data_health", to, preset="canonical")
    return crmkpi.open(to)


def test_the_list_of_new_prospects(golden):
    found = golden.facts("new_prospects", period="2026-10").set_index("id")
    shown = ["last_action", "next_action", "at_stake", "signature_date"]
    first = found.loc["P01", shown].tolist()
    assert first == [pd.Timestamp("2026-10-05"), pd.Timestamp("2026-10-20"), 5000, pd.Timestamp("2026-11-30")]
    of_lead = found.loc["lead:L1", shown].tolist()
    assert of_lead[0] == pd.Timestamp("2026-10-14")
    assert of_lead[2:] == [7000, pd.Timestamp("2026-12-15")]
    assert found.loc["P03", "last_action"] == pd.Timestamp("2026-10-01")
    assert found.loc["P02", shown].isna().all()
    assert found.loc["P03", "due"] == pd.Timestamp("2026-10-14")  # 7 days after its creation


def test_what_is_planned_for_the_day_is_to_come_and_what_is_done_is_not():
    acts = [
        {"activity_id": "v1", "planned_at": TODAY, "status": "planned"},
        {"activity_id": "v2", "planned_at": dt.datetime(2026, 10, 14), "status": "planned"},
        {"activity_id": "v3", "planned_at": TODAY, "done_at": TODAY, "status": "done"},
        {"activity_id": "v4", "planned_at": dt.datetime(2026, 11, 2), "status": "planned"},
        {"activity_id": "v5", "done_at": dt.datetime(2026, 10, 2), "status": "done"},
    ]
    same = {"type": "call", "account_id": "a1", "owner_id": "u1", "done_at": None}
    crm = company(accounts=[account(1, created_at=TODAY), account(2)], activities=[same | act for act in acts])
    row = crm.facts("new_prospects", period="2026-10").iloc[0]
    assert (row["next_action"], row["last_action"]) == (pd.Timestamp(SEEN), pd.Timestamp(SEEN))


def test_the_open_opportunities_of_a_prospect_whom_nobody_called():
    deal = {"account_id": "a1", "owner_id": "u1", "status": "open"}
    deals = [
        deal | {"opportunity_id": "o1", "amount": 100.0, "expected_close_date": dt.date(2026, 12, 1)},
        deal | {"opportunity_id": "o2", "amount": 20.0, "expected_close_date": dt.date(2026, 11, 1)},
        deal | {"opportunity_id": "o3", "amount": 7.0, "expected_close_date": SEEN, "account_id": None},
    ]
    deals.append(deal | {"opportunity_id": "o4", "amount": 3.0, "account_id": None, "status": "won"})
    leads = [lead(1, created_at=TODAY, opportunity_id="o4"), lead(2)]
    crm = company(accounts=[account(1, created_at=TODAY), account(2)], opportunities=deals, leads=leads)
    found = crm.facts("new_prospects", period="2026-10").set_index("id")
    assert found.loc["a1", ["at_stake", "signature_date"]].tolist() == [120, pd.Timestamp(2026, 11, 1)]
    assert pd.isna(found.loc["lead:l1", "at_stake"])  # won


def test_what_is_done_or_cancelled_is_not_the_next_action_whatever_it_was_planned_for():
    acts = [
        {"activity_id": "v1", "planned_at": dt.datetime(2026, 10, 16), "status": "planned", "done_at": TODAY},
        {"activity_id": "v2", "planned_at": dt.datetime(2026, 10, 17), "status": "cancelled"},
        {"activity_id": "v3", "planned_at": dt.datetime(2026, 10, 20), "status": "planned"},
    ]
    same = {"type": "call", "account_id": "a1", "owner_id": "u1", "done_at": None}
    crm = company(accounts=[account(1, created_at=TODAY), account(2)], activities=[same | act for act in acts])
    assert crm.facts("new_prospects", period="2026-10")["next_action"].tolist() == [pd.Timestamp(2026, 10, 20)]


def test_the_revenue_of_a_record_is_that_of_12_months(golden):
    found = golden.facts("data_quality_index").set_index("id")["revenue_12m"]
    assert (found["account:Q01"], found["contact:K01"]) == (7000, 7000)  # 9,000 of 15 October 2025 are too old
    assert found["account:Q04"] == 6000  # ordered on the day
    assert pd.isna(found["account:Q03"])  # a draft
    assert golden.facts("account_completeness").set_index("id")["revenue_12m"]["Q01"] == 7000
    assert golden.facts("contact_completeness").set_index("id")["revenue_12m"]["K01"] == 7000


def test_the_list_says_what_is_missing_and_wrong_in_words(golden):
    row = golden.facts("data_quality_index", lang="fr").set_index("id").loc["account:Q03"]
    assert row["missing_codes"] == "nom du compte, rue et ville"
    assert row["wrong_codes"] == "e-mail faux, téléphone faux, code postal faux, n° de TVA faux, SIRET ou SIREN faux"
    right = golden.facts("data_quality_index").set_index("id").loc[["account:Q01", "contact:K01"]]
    assert right[["missing_codes", "wrong_codes"]].isna().all(axis=None)


def test_the_list_says_of_each_record_what_is_missing_and_wrong(golden):
    found = golden.facts("data_quality_index", lang="en").set_index("id")
    assert found.loc[["contact:K00", "account:Q00"], "same_as"].tolist() == ["K01", "Q01"]
    assert found.loc[["contact:K01", "account:Q01"], "same_as"].isna().all()
    assert found.loc[["contact:K01", "account:Q01"], "name"].tolist() == ["Anne Lefort", "Aciers Réunis"]
    assert pd.isna(found.loc["contact:K13", "name"])  # neither a first nor a last name
    expected = {
        "contact:K02": ("last name, job title, department, e-mail address, phone", None),
        "contact:K04": ("job title, department", "wrong e-mail, wrong mobile"),
        "contact:K05": ("job title, department, phone, account", "without an account"),
        "contact:K06": ("job title, department, phone", "wrong e-mail, account not found"),
        "contact:K07": ("job title, department, e-mail address", "closed account"),
        "contact:K00": ("job title, department, phone", "duplicate"),
        "account:Q02": ("rep, industry, street and city, registration number", None),
        "account:Q03": (
            "account name, street and city",
            "wrong e-mail, wrong phone, wrong postcode, wrong VAT number, wrong registration number",
        ),
        "account:Q00": ("industry, street and city", "duplicate"),
        "account:Q08": ("industry, street and city", "parent not found"),
        "account:Q09": ("industry, street and city", "wrong registration number, unknown rep"),
    }
    for record, (missing, wrong) in expected.items():
        row = found.loc[record]
        assert (row["missing_codes"], None if pd.isna(row["wrong_codes"]) else row["wrong_codes"]) == (missing, wrong)
    crm = company(accounts=[account(1)], contacts=[contact(1, phone="12345")])
    row = crm.facts("data_quality_index", lang="en").set_index("id").loc["contact:k1"]
    assert (row["missing_codes"], row["wrong_codes"]) == ("job title, department, e-mail address", "wrong phone")


WEIGHTS = ("last_name", "job_title", "department", "email", "phone", "account")


def test_what_is_left_out_has_its_code(golden):
    nothing = {f"weight_contact_{field}": 0 for field in WEIGHTS}
    assert golden.kpi("quality_completeness", settings=nothing).left_out == {"no_weight": 19}
    assert golden.kpi("quality_validity", where={"record_type": "contact"}).left_out == {"nothing_to_check": 6}
    scores = ("completeness", "validity", "uniqueness", "freshness", "consistency")
    assert golden.kpi("data_quality_index", settings={f"weight_{score}": 0 for score in scores}).left_out == {
        "no_weight": 57
    }


def test_nobody_lacks_a_contact_where_the_source_has_none():
    order = {"order_id": "o1", "account_id": "a1", "order_date": SEEN, "status": "confirmed", "amount": 1.0}
    for contacts, alerts in (([], 0), ([contact(1, account_id="a2")], 1)):
        tables = {"contacts": contacts} if contacts else {}
        crm = company(accounts=[account(1), account(2)], orders=[order], **tables)
        assert crm.facts("data_quality_index")["severity"].notna().sum() == alerts


def test_an_id_says_the_type_of_record(golden):
    for figure in ("data_quality_index", "quality_completeness", "quality_validity", "quality_uniqueness", "quality_freshness",
                   "quality_consistency"):  # fmt: skip
        assert {"account:Q01", "contact:K01"} <= set(golden.facts(figure)["id"])
    assert {"account:Q01:name", "contact:K01:last_name"} <= set(golden.facts("field_completeness")["id"])


def test_what_the_new_prospects_leave_out_has_its_code(golden):
    found = golden.kpi("new_prospects", period="all").left_out
    assert found == {"customer": 3, "other": 1, "linked_lead": 1, "duplicate": 14}


def test_decision_makers_come_first(golden):
    for figure, first in (("data_quality_index", "contact:K01"), ("contact_completeness", "K01")):
        assert golden.facts(figure)["id"].iloc[0] == first
    better = {"email": "a@b.fr", "phone": "0102030405"}  # without the rule, those with more come first
    contacts = [contact(1, **better), contact(2, **better, is_decision_maker=False), contact(3, is_decision_maker=True)]
    crm = company(accounts=[account(1)], contacts=contacts)
    for figure, first in (("data_quality_index", "contact:k3"), ("contact_completeness", "k3")):
        assert crm.facts(figure)["id"].iloc[0] == first


def groups(crm, figure, **question):
    found = crm.alerts([figure], **question)
    found = found[found["kind"] == "group"]
    return sorted(zip(found["severity"], found["dimension"], found["who"], strict=True))


def test_a_field_under_60_percent(golden):
    fields = ["account", "account name", "e-mail address", "last name", "phone", "rep"]
    under = {who for *_, who in groups(golden, "field_completeness", lang="en")}
    assert under == {
        "job title",
        "department",
        "e-mail address",
        "phone",
        "industry",
        "street and city",
        "registration number",
    }
    assert set(fields) - under == {"account", "account name", "last name", "rep"}
    assert {severity for severity, *_ in groups(golden, "field_completeness")} == {"P3"}


def test_an_index_that_fell_by_three_points(golden):
    """K02 (verified) and K05 (changed) are no longer fresh since the 15th: without a rep, 54.2 fell to 45.7."""
    fell = golden.kpi("data_quality_index", by="rep", compare="previous").frame.set_index("rep_id")
    drop = (fell["previous"] - fell["value"]).to_dict()
    for points in (3, 0.5):
        expected = {who for who, by in drop.items() if by >= points}
        found = golden.alerts(["data_quality_index"], settings={"index_drop": points})
        found = found[(found["kind"] == "group") & (found["dimension"] == "rep")]
        assert set(found["who_id"]) == expected


def test_too_few_new_prospects_against_a_target_or_against_the_past(golden):
    """U1: 4 of 2 due. U2 has no target: 3 in 15 days, where 9 in 365 days were usual."""
    assert groups(golden, "new_prospects") == []
    assert groups(golden, "new_prospects", settings={"prospect_pace": 2.5}) == [
        ("P2", "rep", "Inès Roche"),
        ("P2", "team", "Nord"),
    ]
    slow = groups(golden, "new_prospects", settings={"prospect_pace": 9})
    assert ("P2", "rep", "Karim Blanc") in slow
    assert ("P2", "team", "Sud") in slow
