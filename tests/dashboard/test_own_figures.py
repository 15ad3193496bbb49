"""A figure dropped into the data folder is on its page: a tile, a list; and so is one that changes afterwards."""

import pytest

from crmkpi.dashboard import Dashboard

FIGURE = """-- no: {no}
-- fr: Commandes annulées
-- en: Cancelled orders
-- unit: count
-- better: down
-- needs: orders
-- definition_en: How many orders were cancelled.
-- definition_fr: Nombre de commandes annulées.
select order_date as day, account_id, owner_id, order_id as id, {num} as num, amount, number
from orders where status = 'cancelled'
"""


@pytest.fixture
def folder(demo, tmp_path):
    """The demo with a folder of figures of its own (the demo itself is shared between tests)."""
    import shutil

    mine = tmp_path / "demo"
    shutil.copytree(demo, mine)
    (mine / "indicators").mkdir()
    return mine


def drop(folder, no="1.2", num="1"):
    (folder / "indicators" / "cancelled_orders.sql").write_text(FIGURE.format(no=no, num=num), encoding="utf-8")


def page(folder):
    board = Dashboard(folder, title=("Essai", "Test"), period="2026-10", lang="fr")
    board.tiles("invoiced_revenue")
    board.own("1.")
    board.list("invoiced_revenue")
    return board


def test_a_dropped_figure_has_its_tile_and_its_list(folder):
    drop(folder)
    board = page(folder)
    assert "Commandes annulées" in board.bundle()["text/html"]
    assert board.listed == ["invoiced_revenue", "cancelled_orders"]
    assert (
        board.crm.kpi("cancelled_orders", period="all").value
        == len(board.crm.facts("cancelled_orders", period="all"))
        > 0
    )


def test_without_one_the_page_is_as_it_was(folder):
    assert "Commandes annulées" not in page(folder).bundle()["text/html"]


def test_a_figure_of_another_family_is_not_on_this_page(folder):
    drop(folder, no="5.1")
    board = page(folder)
    assert "Commandes annulées" not in board.bundle()["text/html"]
    assert board.crm.own_figures(but=("1.",)) == ["cancelled_orders"]


def test_a_page_waiting_for_its_viewer_takes_the_definition_of_now(folder):
    board = page(folder)
    board.bundle()
    drop(folder, num="1000")
    expected = board.crm.kpi("order_count", period="2026-10")
    html = board.bundle()["text/html"]
    assert "Commandes annulées" in html
    assert board.crm.kpi("cancelled_orders", period="all").value % 1000 == 0
    assert board.crm.kpi("order_count", period="2026-10").value == expected.value
