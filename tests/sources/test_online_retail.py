"""Online Retail II by its mapping in docs: a million lines in two halves that overlap."""

from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def retail(shared, root, imported):
    return imported(shared / "real" / "online_retail_II", mapping=root / "docs" / "mappings" / "online_retail_II.toml")


def test_invoiced_to_the_cent(retail):
    assert retail.one("select count(*), sum(amount) from invoices") == (53_628, Decimal("18909744.10"))
    assert retail.one("select sum(amount) from invoices where status = 'posted'") == Decimal("19057358.18")
    assert retail.one("select sum(amount) from invoices where status = 'posted' and account_id is null") == Decimal(
        "2713707.16"
    )
    assert retail.one("select sum(amount) from invoices where status = 'posted' and type = 'credit_note'") == Decimal(
        "-1465303.66"
    )


def test_bad_debt_is_apart_and_visible(retail):
    assert retail.one("select count(*), sum(amount) from invoices where status = 'cancelled'") == (
        6,
        Decimal("-147614.08"),
    )
    assert retail.reported("bad_debt") == 6


def test_baskets(retail):
    count, mean, median = retail.one(
        "select count(*), avg(amount), median(amount::double) from orders where amount <> 0"
    )
    assert (count, round(mean, 2), round(median, 2)) == (36_969, 471.52, 303.60)
    assert retail.one("select count(*) from orders where amount = 0") == 6
    assert retail.one("select count(*) from orders where account_id is null") == 0
    assert retail.one("select sum(amount) from order_lines") == retail.one("select sum(amount) from orders")


def test_customers(retail):
    assert retail.one("select count(*), count(country) from accounts") == (5_942, 5_942)


def test_what_is_reported(retail):
    assert retail.reported("overlap_removed") == 1_088
    assert retail.reported("price_not_positive") == 6_029
    assert retail.reported("price_under_a_cent") == 18
    assert retail.reported("sale_without_customer") == 8_355


def test_the_lines_behind_them(shared, root):
    """The overlap goes by invoice number: 22,523 lines of the first half, whole invoices, and no line twice that is not twice."""
    import duckdb

    folder = shared / "real" / "online_retail_II"
    first, second = folder / "online_retail.parquet", folder / "onlineretail_2010_2011.parquet"
    [(lines, dropped)] = duckdb.execute(
        f"""select (select count(*) from '{second}') + count(*) filter (where "Invoice" not in (select "InvoiceNo" from '{second}')),
        count(*) filter (where "Invoice" in (select "InvoiceNo" from '{second}')) from '{first}'"""
    ).fetchall()
    assert (lines, dropped) == (1_044_847, 22_523)
    [credit] = duckdb.execute(
        f"""select (select count(*) from '{second}' where "InvoiceNo" like 'C%') + count(*) from '{first}'
        where "Invoice" like 'C%' and "Invoice" not in (select "InvoiceNo" from '{second}')"""
    ).fetchall()
    assert credit == (19_165,)
