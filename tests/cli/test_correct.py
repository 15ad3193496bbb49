"""``crmkpi correct``: the correction list as a file to fill in, safe to open in a spreadsheet."""

import csv
import io

import pandas as pd
import pytest

import crmkpi
from crmkpi.facts.corrections import COLUMNS

DAY = ("--as-of", "2026-10-15")


@pytest.fixture(scope="module")
def folder(cli, root, tmp_path_factory):
    to = tmp_path_factory.mktemp("health") / "data"
    code, _, err = cli("import", root / "tests" / "companies" / "data_health", "--to", to)
    assert code == 0, err
    return to


@pytest.fixture
def correct(cli, folder, tmp_path):
    """``correct("x.csv", ...)``: what is said, and the bytes of the file."""

    def run(name, *words, data=folder):
        code, out, err = cli("correct", "--data", data, "--to", tmp_path / name, *words)
        assert (code, err) == (0, "")
        return out, (tmp_path / name).read_bytes()

    return run


def rows(content, separator=","):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=separator))


def test_one_line_per_field_with_its_value_and_room_for_the_right_one(correct):
    said, content = correct("list.csv", *DAY, "--where", "customer=Q03")
    lines = rows(content)
    assert "10 corrections to make in 2 records" in said
    assert list(lines[0]) == [*(titles[1] for titles in COLUMNS.values()), "As of", "Source"]
    found = [
        (line["Record"], line["Id"], line["Field"], line["Current value"], line["Corrected value"]) for line in lines
    ]
    assert found == [
        ("account", "Q03", "Name", "test", ""), ("account", "Q03", "Street", "' - ", ""), ("account", "Q03", "City", "Nîmes", ""),
        ("account", "Q03", "E-mail", "achats@bois", ""), ("account", "Q03", "Phone", "12345", ""),
        ("account", "Q03", "Postcode", "5900", ""), ("account", "Q03", "VAT number", "FR123", ""),
        ("account", "Q03", "Registration number", "98036274819505", ""),
        ("contact (person)", "K03", "Job title", "", ""), ("contact (person)", "K03", "E-mail", "", ""),
    ]  # fmt: skip
    assert [line["Code of what is wrong"] for line in lines][:4] == ["name", "address", "address", "bad_email"]
    assert [line["To correct"] for line in lines][:4:3] == ["account name: to fill in", "wrong e-mail"]


def test_every_code_of_the_records_is_a_line(folder):
    crm = crmkpi.open(folder)
    listed = crm.facts("data_quality_index")
    codes = listed["missing_codes"].dropna().str.split(", ").explode().size
    codes += listed["wrong_codes"].dropna().str.split(", ").explode().size
    found = crm.corrections()
    assert len(found[["record_type", "record_id", "code"]].drop_duplicates()) == codes
    assert set(found["code"]) == {
        "last_name", "job_title", "department", "email", "phone", "account", "name", "owner", "industry", "address",
        "registration_no", "bad_email", "bad_phone", "bad_mobile", "bad_postal_code", "bad_vat_no", "bad_registration_no",
        "surplus", "no_account", "orphan", "closed_account", "no_parent", "unknown_owner",
    }  # fmt: skip
    assert found["what"].notna().all()
    assert (found["field"] != "").sum() == (found["code"] != "surplus").sum()


def test_a_duplicate_names_the_record_that_it_repeats(folder):
    found = crmkpi.open(folder).corrections()
    repeated = found[found["code"] == "surplus"].set_index("record_id")["current"].to_dict()
    assert repeated == {
        "Q00": "Q01",
        "Q11": "Q15",
        "Q12": "Q15",
        "P13": "P12",
        "K00": "K01",
        "K10": "K09",
        "K14": "K19",
    }


def test_in_french_with_semicolons(correct):
    said, content = correct("liste.csv", *DAY, "--where", "customer=Q16", "--lang", "fr")
    lines = rows(content, ";")
    assert "8 corrections à faire dans 2 fiches" in said
    assert {line["Fiche"] for line in lines} == {"compte", "contact"}
    assert {line["Commandes sur 12 mois"] for line in lines} == {"1500"}
    assert lines[-1]["À corriger"] == "compte fermé"


def test_decision_makers_first_then_the_largest_accounts(folder):
    crm = crmkpi.open(folder)
    assert (
        crm.corrections(as_of="2026-10-15")["customer"].iloc[0] == "Sans Pays"
    )  # 6,000, and K01 has nothing to correct
    contacts = crm.facts("contact_completeness")
    assert contacts["id"].iloc[0] == "K01"


def test_as_a_workbook_of_text(correct):
    pytest.importorskip("python_calamine")
    _, content = correct("list.xlsx", *DAY, "--where", "customer=Q05")
    sheet = pd.read_excel(io.BytesIO(content), engine="calamine", dtype=object)
    assert list(sheet) == [titles[1] for titles in COLUMNS.values()]
    assert sheet["Current value"].iloc[0] == "SW1A 1AA"
    assert sheet["Orders of 12 months"].iloc[0] == 6000


def test_what_a_spreadsheet_would_run_is_text(cli, correct, tmp_path):
    """A value of the source that starts like a formula leaves as text."""
    source = tmp_path / "evil"
    source.mkdir()
    (source / "accounts.csv").write_text("account_id,name,type\n=1+1,=cmd|' /C calc'!A0,customer\n", encoding="utf-8")
    contacts = 'contact_id,account_id,last_name,email\n@K1,=1+1,-2+3,"=HYPERLINK(""http://x"")"\n'
    (source / "contacts.csv").write_text(contacts, encoding="utf-8")
    to = tmp_path / "data"
    code, _, err = cli("import", source, "--to", to, "--as-of", "2026-10-15")
    assert code == 0, err
    _, content = correct("evil.csv", data=to)
    cells = [cell for line in rows(content) for cell in line.values()]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")] == []
    assert {"'=1+1", "'@K1", '\'=HYPERLINK("http://x")'} <= set(cells)
    _, content = correct("evil.xlsx", data=to)
    assert b"<f>" not in content


def test_nothing_to_correct_is_a_list_without_lines(correct):
    said, content = correct("none.csv", *DAY, "--where", "customer=Q01")
    assert "0 corrections to make in 0 records" in said
    assert rows(content) == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--to", "list.pdf"), 2, ".csv or .xlsx"),
        (("--to", "list.csv", "--period", "2026-10"), 2, "--as-of"),
        (("--to", "no/such/folder/list.csv"), 1, "can not be written"),
        (("--to", "list.csv", "--where", "stage=x"), 2, "stage"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(cli, folder, words, code, says):
    found, _, err = cli("correct", "--data", folder, *words)
    assert found == code
    assert says in err


def test_a_source_without_records_has_nothing_to_correct():
    assert crmkpi.open({}, as_of="2026-10-15").corrections().empty
