"""The reference pages are those that the declarations make, and say what a reader looks for."""

import re
from pathlib import Path

import pytest

from crmkpi import reference
from crmkpi.indicators import Library
from crmkpi.schema import TABLES

DOCS = Path(__file__).parents[1] / "docs"
PAGES = reference.pages()
FIGURES = Library().figures


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fresh(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name], "stale: run `make docs`"


def test_written_where_asked(tmp_path):
    reference.write(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == PAGES


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_explained(name):
    figure = FIGURES[name]
    section = PAGES["indicators.md"].split(f"### {name}\n")[1].split("\n### ")[0]
    said = [figure.fr, figure.en, figure.definition_fr, figure.definition_en, *(each.name for each in figure.settings)]
    assert [text for text in said if text not in section] == []
    assert section.count("\n| `20") == len(figure.examples)


def test_every_column_is_explained():
    for table in TABLES.values():
        section = PAGES["schema.md"].split(f"## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` |" in section
            assert all(f"`{value}`" in section for value in column.values)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    text = PAGES[name]
    for place in re.findall(r"\]\((\.\./[^)#]+)\)", text):
        assert (DOCS / place).exists(), place
    headings = set(re.findall(r"^#+ (.+)$", text, re.MULTILINE))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - headings == set()


@pytest.mark.parametrize("name", PAGES)
def test_tables_are_even(name):
    """A bar in a condition or a text does not break a row."""
    for block in re.findall(r"(?:^\|.*\n)+", PAGES[name], re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1, block[:80]


def test_a_figure_of_ones_own_has_its_page(root):
    page = reference.indicators_page(Library(root / "tests" / "fixtures"))
    assert "### signed_quotes" in page
    assert "**Taux de départ**" in page
