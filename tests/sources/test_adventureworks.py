"""AdventureWorks by its mapping in docs: orders from lines, and targets whose scopes overlap and are never added."""

from decimal import Decimal

import pytest

YEAR = "between '2019-01-01' and '2019-12-31'"


@pytest.fixture(scope="module")
def works(shared, root, imported):
    return imported(
        shared / "real" / "adventureworks_sales", mapping=root / "docs" / "mappings" / "adventureworks.toml"
    )


def test_orders(works):
    count, total, mean, median = works.one(
        "select count(*), sum(amount), avg(amount), median(amount::double) from orders"
    )
    assert (count, total, round(mean, 2), round(median, 2)) == (3616, Decimal("77548570.20"), 21445.95, 8733.56)
    margin, below = works.one(
        "select sum(amount - cost_amount) / sum(amount), avg((amount < cost_amount)::int) from orders"
    )
    assert (round(margin * 100, 2), round(below * 100, 1)) == (1.29, 42.0)
    assert works.one("select count(*), sum(amount) from order_lines") == (57851, Decimal("77548570.20"))
    assert works.manifest["as_of"] == "2020-05-31"


def test_targets_of_each_scope_against_its_own(works):
    assert works.rows(
        f"""select scope, count(distinct scope_id), sum(value) from targets
        where period_start {YEAR} group by 1 order by 1"""
    ) == [("company", 1, 55_500_000), ("rep", 14, 73_125_000), ("team", 3, 28_150_000)]
    own = f"select sum(amount) from orders where order_date {YEAR} and owner_id in (select scope_id from targets where scope = 'rep')"
    assert works.one(own) == Decimal("31336165.38")
    assert works.rows(
        f"""select team, target, amount from (select scope_id as team, sum(value) as target from targets
        where scope = 'team' and period_start {YEAR} group by 1)
        join (select team, sum(amount) as amount from orders where order_date {YEAR} group by 1) using (team) order by 1"""
    ) == [
        ("Europe", 4_950_000, Decimal("5720500.58")),
        ("North America", 22_700_000, Decimal("25903883.18")),
        ("Pacific", 500_000, Decimal("875621.82")),
    ]
    assert works.one(f"select sum(amount) from orders where order_date {YEAR}") == Decimal("32500005.58")


def test_people(works):
    assert works.one("select count(*), count(distinct team), count(manager_id) from users") == (18, 3, 17)
    assert works.one("select manager_id, team from users where name = 'José Saraiva'") == ("272", "North America")
