"""The reference pages are those that the declarations make, and say what a reader looks for."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crmkpi import reference
from crmkpi.cli import commands
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


def test_each_page_is_in_one_language():
    english, french = (PAGES[f"indicators.{lang}.md"] for lang in ("en", "fr"))
    assert [figure.definition_fr for figure in FIGURES.values() if figure.definition_fr in english] == []
    assert [figure.definition_en for figure in FIGURES.values() if figure.definition_en in french] == []


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_explained(name):
    figure = FIGURES[name]
    for lang in ("en", "fr"):
        section = PAGES[f"indicators.{lang}.md"].split(f"### {name}\n")[1].split("\n### ")[0]
        at = lang != "fr"
        said = [figure.title(lang), figure.definition(lang), figure.sql, *(each.name for each in figure.settings),
                *(each[at] for each in figure.traps), *(pair[at] for pair in figure.words.values()),
                *((each.fr, each.en)[at] for each in figure.alerts)]  # fmt: skip
        assert [text for text in said if text.replace("|", "\\|") not in section and text not in section] == []
        assert section.count("\n| `20") == len(figure.examples)
        assert "Value = " in section or "Valeur = " in section


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
    page = reference.Reference(Library(root / "tests" / "fixtures"), "fr").page()
    assert "### signed_quotes" in page
    assert "**Taux de départ**" in page


def test_the_command_line_has_the_page_of_each_figure():
    for lang, words in (("fr", "Valeur ="), ("en", "Value =")):
        answer = CliRunner().invoke(commands, ["list", "margin_rate", "--lang", lang])
        assert answer.exit_code == 0
        assert words in answer.output
        assert FIGURES["margin_rate"].title(lang) in answer.output
    assert "order_count" in CliRunner().invoke(commands, ["list", "order_count", "--json"]).output
    assert "did you mean" in str(CliRunner().invoke(commands, ["list", "order_cout"]).exception)


def test_the_page_that_is_served_has_an_anchor_for_each_figure_and_no_markup_of_a_file():
    from crmkpi.serve.explain import page

    made = page(PAGES["indicators.fr.md"] + "\n<script>alert(1)</script> <b onclick=x>\n", "fr", "/", "")
    assert [name for name in FIGURES if made.count(f'<h3 id="{name}">') != 1] == []
    assert "<script>" not in made
    assert "<b onclick" not in made
    targets = set(re.findall(r'href="#([^"]+)"', made))
    assert targets - set(re.findall(r'id="([^"]+)"', made)) == set()
