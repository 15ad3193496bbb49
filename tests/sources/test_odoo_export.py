"""Odoo's own list exports: labels, names instead of ids, local time, and archived rows that may be missing."""

import csv
import datetime as dt
import shutil
from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def export(shared, imported):
    return imported(shared / "real" / "odoo17_demo" / "export_fr")


def test_the_same_orders(export):
    assert export.manifest["preset"] == "odoo_export"
    assert export.manifest["as_of"] == "2026-11-23"
    assert export.one("select count(*), sum(amount), round(avg(amount), 2), sum(amount - cost_amount) from orders") == (
        19, Decimal("27660.50"), 1455.82, Decimal("-28159.00"),
    )  # fmt: skip
    assert export.one("select count(*), count(distinct order_id), sum(amount), sum(cost_amount) from order_lines") == (
        39, 19, Decimal("27660.50"), Decimal("55819.50"),
    )  # fmt: skip


def test_the_same_pipeline(export):
    assert export.one(
        """select count(*), sum(amount), sum(round(amount * probability, 2)), count(expected_close_date)
        from opportunities where status = 'open'"""
    ) == (14, 296_400, Decimal("108291.00"), 10)


def test_the_lost_are_among_the_archived(export):
    assert export.rows("select status, count(*), sum(amount) from opportunities where status <> 'open' group by 1 order by 1") == [
        ("lost", 1, 7_500), ("won", 3, 23_800),
    ]  # fmt: skip
    assert export.one("select status, closed_at::date from opportunities where opportunity_id = '28'") == (
        "lost",
        dt.date(2026, 11, 23),
    )
    assert export.manifest["notes"] == []


def test_the_same_ids_as_the_tables(export, shared, imported):
    tables = imported(shared / "real" / "odoo17_demo" / "tables")
    for sql in (
        "select order_id, account_id, owner_id, amount, list_amount, cost_amount, order_date from orders order by order_id",
        "select invoice_id, account_id, owner_id, type, status, amount, open_amount, invoice_date from invoices order by invoice_id",
        "select opportunity_id, account_id, owner_id, status, amount, probability, expected_close_date from opportunities order by 1",
        "select quote_id, account_id, owner_id, status, amount, issued_at::timestamp(0)::date from quotes order by 1",
        "select account_id, name, type, is_active from accounts order by 1",
        "select lead_id, status, account_id, owner_id from leads order by 1",
        "select delivery_id, order_id, account_id, planned_date, status from deliveries order by 1",
        "select user_id, name, is_sales from users order by 1",
    ):
        assert export.rows(sql) == tables.rows(sql)


def test_moments_are_local_already(export):
    assert export.one("select issued_at from quotes where number = 'S00019'") == dt.datetime(2026, 10, 23, 9, 6)


def test_teams_and_targets_in_french(export):
    assert export.rows("select scope_id, value from targets order by value") == [
        ("Préventes", 40_000),
        ("Ventes", 250_000),
    ]
    assert export.rows(
        "select team, sum(amount) from invoices where invoice_date between '2026-11-01' and '2026-11-30' group by 1 order by 1"
    ) == [("Préventes", 63_500), ("Ventes", -31_750)]


def test_a_label_in_decomposed_letters_is_read(export):
    assert export.one("select count(*) from activities where subject like 'Follow-up on payment%'") == 1


def rewrite(folder, name, change):
    path = folder / name
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = change(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def copy(shared, tmp_path):
    folder = tmp_path / "export"
    shutil.copytree(shared / "real" / "odoo17_demo" / "export_fr", folder)
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)
    return folder


@pytest.mark.parametrize("how", ["rows", "column"])
def test_without_archived_rows_it_says_so(copy, imported, how):
    def change(rows):
        kept = [row for row in rows if row["Actif"] == "True"]
        return kept if how == "rows" else [{k: v for k, v in row.items() if k != "Actif"} for row in kept]

    rewrite(copy, "crm.lead.csv", change)
    crm = imported(copy)
    assert [note["code"] for note in crm.manifest["notes"]] == ["no_archived_opportunities"]
    assert crm.rows("select status, count(*) from opportunities group by 1 order by 1") == [("open", 14), ("won", 3)]


def test_a_false_actif_is_archived_too(copy, imported):
    rewrite(copy, "crm.lead.csv", lambda rows: [row | {"Actif": row["Actif"] or "False"} for row in rows])
    assert imported(copy).one("select count(*) from opportunities where status = 'lost'") == 1


LEADS = """
    ID | Type        | Opportunity | Customer               | Salesperson | Stage | Probability | Expected Revenue | Created on | Active
    1  | Opportunity | Desks       | Dupont SA, Jean Dupont | Anne        | New   | 40.0        | 1000.0           | 2026-03-01 | True
    2  | Lead        | Chairs      |                        |             | New   | 0.0         |                  | 2026-03-01 |"""
SALES = {
    "ID": 1, "Order Reference": "S1", "Customer": "Dupont SA", "Salesperson": "Anne", "Sales Team": "Sales", "Opportunity": "Desks",
    "Order Date": "2026-03-05 10:00:00", "Creation Date": "2026-03-01 10:00:00", "Status": "Sales Order", "Untaxed Amount": "100.0",
    "Currency": "EUR", "Company": "Us",
}  # fmt: skip
CONTACTS = """
    ID | Name        | Is a Company | Related Company | Commercial Company Name | Created on          | Active
    1  | Dupont SA   | True         |                 | Dupont SA               | 2026-01-01 09:00:00 | True
    2  | Jean Dupont |              | Dupont SA       | Dupont SA               |                     | True
    3  | Twin        | True         |                 | Twin                    |                     | True
    4  | Twin        | True         |                 | Twin                    |                     | True"""


def test_names_in_english_become_ids(source, imported):
    crm = imported(
        source(
            {
                "sale.order": [SALES],
                "crm.lead": LEADS,
                "res.partner": CONTACTS,
                "res.users": [{"ID": 6, "Name": "Anne"}],
            }
        )
    )
    assert crm.one("select account_id, owner_id, opportunity_id, amount, team, business_unit from orders") == (
        "1",
        "6",
        "1",
        100,
        "Sales",
        "Us",
    )
    assert crm.one("select account_id, owner_id, probability from opportunities") == ("1", "6", Decimal("0.4"))
    assert crm.manifest["currency"] == "EUR"


def test_labels_of_odoo_19(source, imported):
    """Labels that changed: the customer of a deal, the due date of an invoice, the order of a line."""
    order = {
        "ID": 1, "Référence commande": "S1", "Client": "Dupont SA", "Date de la commande": "2026-03-05 10:00:00",
        "Statut": "Bon de commande", "Montant hors taxes": "100.0", "Devise": "EUR",
    }  # fmt: skip
    invoice = {
        "ID": 9, "Numéro": "F9", "Type": "Facture client", "Partenaire": "Dupont SA", "Date de facturation": "2026-03-06",
        "Échéance": "2026-04-05", "Statut": "Comptabilisé", "Montant HT Signé": "100.0", "Total signé": "120.0",
        "Montant dû signé": "120.0", "Devise": "EUR",
    }  # fmt: skip
    line = {"Référence commande": "S1", "Produit": "Desk", "Quantité": "1", "Prix unitaire": "100", "Sous-total": "100"}
    leads = LEADS.replace("| Customer ", "| Contact  ")
    tables = {"sale.order": [order], "sale.order.line": [line], "account.move": [invoice], "crm.lead": leads}
    crm = imported(source(tables | {"res.partner": CONTACTS, "res.users": [{"ID": 6, "Name": "Anne"}]}))
    assert crm.one("select account_id from opportunities") == "1"
    assert crm.one("select due_date from invoices") == dt.date(2026, 4, 5)
    assert crm.one("select order_id from order_lines") == "1"
    assert crm.one("select number from orders") == "S1"


def test_names_that_mean_nothing_or_too_much(source, imported):
    """An unknown or ambiguous name is neither lost nor multiplied: it is its own id, and it is reported."""
    customers = ["Dupont SA", "Dupont SA, New Person", "Twin", "Nobody"]
    orders = [
        SALES | {"ID": i, "Order Reference": f"S{i}", "Customer": name, "Opportunity": ""}
        for i, name in enumerate(customers, 1)
    ]
    people = [{"ID": 6, "Name": "Anne"}, {"ID": 7, "Name": "Anne"}]
    crm = imported(source({"sale.order": orders, "res.partner": CONTACTS, "res.users": people}))
    assert crm.rows("select order_id, account_id, owner_id from orders order by 1") == [
        ("1", "1", "name:Anne"), ("2", "1", "name:Anne"), ("3", "name:Twin", "name:Anne"), ("4", "name:Nobody", "name:Anne"),
    ]  # fmt: skip
    assert crm.rows("select account_id, name, type from accounts where account_id like 'name:%' order by 1") == [
        ("name:Nobody", "Nobody", "customer"), ("name:Twin", "Twin", "customer"),
    ]  # fmt: skip
    assert (crm.reported("customer_not_resolved"), crm.reported("rep_not_resolved")) == (2, 1)


def test_orders_alone_and_another_currency(source, imported):
    orders = [
        SALES,
        SALES | {"ID": 2, "Order Reference": "S2"},
        SALES | {"ID": 3, "Order Reference": "S3", "Currency": "USD"},
    ]
    crm = imported(source({"Sales Order (sale.order)": orders}))
    assert crm.rows("select order_id, amount from orders order by 1") == [("1", 100), ("2", 100), ("3", None)]
    assert crm.rows("select account_id, type from accounts") == [("name:Dupont SA", "customer")]
    assert crm.reported("foreign_currency") == 1


def test_meetings_alone(source, imported):
    """An export that dates nothing but meetings: those before the loading day are past, of unknown outcome."""
    events = "ID | Meeting Subject | Start | Organizer \n 1 | Demo | 2020-03-02 10:00:00 | Anne \n 2 | Far | 2999-03-02 10:00:00 | Anne"
    crm = imported(source({"calendar.event": events}))
    assert crm.rows("select status, owner_id from activities order by activity_id") == [
        ("unknown", "name:Anne"),
        ("planned", "name:Anne"),
    ]
