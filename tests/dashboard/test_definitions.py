"""The definition beside every figure: in full once on a page, in words with a way there wherever else the figure is shown."""

import html
import json
import re
from collections import Counter
from pathlib import Path

import pytest

import crmkpi
from crmkpi.dashboard.asking import Asker
from crmkpi.sample import tables

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
DETAILS = '<details class="ck-definition"'


@pytest.fixture(scope="module")
def crm():
    return crmkpi.open(tables(customers=60), as_of="2026-10-15", currency="EUR")


def composed(notebook, **given):
    """The page that a notebook composes, over other data."""
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names = {}
    exec(code[0], names)
    names |= given
    for cell in code[1 : code.index("board.show()")]:
        exec(cell, names)
    return names["board"]


def led_to(markup, by):
    return re.findall(rf'{by}def-(\w+)"', markup)


@pytest.mark.parametrize("notebook", ["1_commercial", "3_data_health"])
def test_each_chart_and_list_defines_every_figure_that_it_asked(crm, notebook, monkeypatch):
    asked, ask = [], Asker._ask
    monkeypatch.setattr(
        Asker, "_ask", lambda self, method, given, more: asked.append(given) or ask(self, method, given, more)
    )
    board, page = composed(notebook, data=crm, lang="fr"), []
    for part in board.parts:
        asked.clear()
        page.append(board.make(part, board.state))
        if "<figure" not in page[-1] and not part.list:
            continue
        known = {name for given in asked for name in given[:1] if name in crm.figures}
        assert page[-1].count(DETAILS) == 1
        assert known <= {*led_to(page[-1], 'id="'), *led_to(page[-1], 'href="#')}
    whole = "".join(page)
    defined = Counter(led_to(whole, 'id="'))
    assert set(defined.values()) == {1}
    assert set(led_to(whole, 'href="#')) <= set(defined)
    for name in defined:  # in words, and the query that ran
        figure = crm.figures[name]
        assert board.asker(board.state).typeset(figure.definition("fr")) in html.unescape(whole)
        assert figure.sql in html.unescape(whole)


def test_a_page_without_a_kernel_defines_what_only_a_picture_shows(crm):
    """With its source, and the settings that the query reads as they are; each list leads to the tile that says the rest."""
    page = html.unescape(composed("1_commercial", data=crm, lang="en")._static())
    only = page[page.index('id="def-calibrated_pipeline"') :].partition("<pre")[0]
    assert "Source: Opportunities, Opportunity history" in only
    assert f"Settings: closed_deals_needed = {crm.settings['closed_deals_needed']}" in only
    assert {*led_to(page[page.index("ck-every") :], 'href="#')} == {
        name for name in composed("1_commercial", data=crm).listed if not crm.figures[name].inputs
    }
