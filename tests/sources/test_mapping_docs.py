"""The mappings shown in docs/mappings run: the page's own fragments, on a source of two rows."""

import re
from decimal import Decimal

import pytest

from crmkpi.sources import load_mapping

SALESFORCE = {
    "User": "Id | Name | Department | ManagerId \n U1 | Anne | Nord | \n U2 | Karim | Nord | U1",
    "Opportunity": """
        Id | AccountId | OwnerId | Name  | StageName | IsWon | IsClosed | Probability | Amount | CloseDate  | CreatedDate       | IsDeleted
        O1 | A1        | U2      | Desk  | Quote     | false | false    | 40          | 1000.0 | 2026-05-31 | 2026-03-01T09:00Z | false
        O2 | A1        | U2      | Chair | Won       | true  | true     | 100         | 500.0  | 2026-03-31 | 2026-03-01T09:00Z | false
        O3 | A2        | U2      | Lamp  | Lost      | false | true     | 0           |        | 2026-03-31 | 2026-03-01T09:00Z | true""",
}
DOLIBARR = {
    "llx_societe": "rowid | nom | siret | tva_intra | zip | town | client \n 1 | Dupont | 00012345600012 | | 01000 | Bourg | 3",
    "llx_facture": """
        rowid | ref | fk_soc | datef      | date_lim_reglement | type | fk_statut | total_ht | total_ttc
        1     | F1  | 1      | 2026-03-01 | 2026-03-31         | 0    | 1         | 100      | 120
        2     | A1  | 1      | 2026-03-02 | 2026-03-31         | 2    | 2         | -30      | -36
        3     | D1  | 1      | 2026-03-02 | 2026-03-31         | 3    | 0         | 20       | 24""",
}


@pytest.fixture
def shown(root, tmp_path):
    """``shown("Dolibarr")``: the page's TOML of that name, in a file of its own."""

    def find(name):
        page = (root / "docs" / "mappings" / "README.md").read_text(encoding="utf-8")
        blocks = [block for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if f'name = "{name}"' in block]
        path = tmp_path / "shown.toml"
        path.write_text(blocks[0], encoding="utf-8")
        return path

    return find


def test_salesforce(shown, source, imported):
    crm = imported(source(SALESFORCE), mapping=shown("Salesforce"))
    assert crm.rows("select opportunity_id, status, probability, amount, is_deleted from opportunities order by 1") == [
        ("O1", "open", Decimal("0.4"), 1000, False),
        ("O2", "won", 1, 500, False),
        ("O3", "lost", 0, None, True),
    ]
    assert crm.one("select manager_id from users where user_id = 'U2'") == "U1"


def test_dolibarr(shown, source, imported):
    crm = imported(source(DOLIBARR), mapping=shown("Dolibarr"))
    assert crm.one("select registration_no, type from accounts") == ("00012345600012", "customer")
    assert crm.rows("select type, status, amount from invoices order by invoice_id") == [
        ("invoice", "posted", 100),
        ("credit_note", "posted", -30),
        ("deposit", "draft", 20),
    ]


def test_the_page_names_every_key(root):
    """What a mapping may hold and the page does not name would be found by nobody."""
    from crmkpi.sources.mapping import _KEYS

    page = (root / "docs" / "mappings" / "README.md").read_text(encoding="utf-8")
    assert [key for key in _KEYS if f"`{key}" not in page and f"[{key}" not in page] == []


@pytest.mark.parametrize("name", ["adventureworks", "online_retail_II"])
def test_the_examples_load(root, name):
    assert load_mapping(root / "docs" / "mappings" / f"{name}.toml").tables
