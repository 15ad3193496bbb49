"""Every text that data can hold, hostile: each page with all of its lists, as a file, in a real browser."""

import csv
import io
import json
import re

import openpyxl
import pandas as pd
import pytest

import crmkpi
from crmkpi.dashboard import lists
from crmkpi.format.export import is_dangerous
from crmkpi.sample import tables
from crmkpi.schema import TABLES

from .conftest import CUSTOMERS, HACK

pytestmark = pytest.mark.page

HOSTILE = [
    *CUSTOMERS,
    "+33 1=2",
    "\u202eesrever\u202c",
    f"</style></template><svg onload={HACK}>",
    f"' onfocus='{HACK}' autofocus='",
]
NUMBER = re.compile(r"-?[\d,.]+")


@pytest.fixture(scope="module")
def company():
    """The sample with the commonest values of each free text made hostile, the same ones in every table."""
    frames = tables(customers=60)
    for name in {column.name for table in TABLES.values() for column in table.columns if is_free(column)}:
        found = [frame[name] for frame in frames.values() if name in frame]
        common = commonest(found)
        renamed = dict(zip(common, (f"{each} {name}" if each == "x" * 300 else each for each in HOSTILE), strict=False))
        for frame in frames.values():
            if name in frame:
                frame[name] = frame[name].replace(renamed)
    teams = set(frames["users"]["team"].dropna())
    frames["targets"] = frames["targets"][
        ~frames["targets"]["scope"].eq("team") | frames["targets"]["scope_id"].isin(teams)
    ]
    return crmkpi.open(frames, as_of="2026-10-15", currency="EUR", lang="fr")


def is_free(column):
    """Whether a column holds any text that people write."""
    reserved = ("source_system", "scope_id", "country", "postal_code")
    return column.type == "text" and not (column.values or column.refs or column.key or column.name in reserved)


def commonest(found):
    """The commonest values of some columns, as many as there are hostile ones."""
    return pd.concat(found).dropna().value_counts().index[: len(HOSTILE)].tolist()


def composed(notebook, company):
    """The page that a notebook composes, over the company."""
    names = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        code = "".join(cell["source"])
        if cell["cell_type"] == "code" and "board.show" not in code and "board.frame" not in code:
            exec(code, names)
            names["data"] = company  # what the parameters left open
    return names["board"]


@pytest.mark.parametrize("name", ["0_home", "1_commercial", "2_organisation", "3_data_health", "4_field"])
def test_no_text_of_the_data_runs_in_any_list_picture_or_sentence(browser, root, company, name):
    board = composed(root / "notebooks" / f"{name}.ipynb", company)
    page = browser.new_page()
    page.set_content(f"<!doctype html><meta charset=utf-8><body>{board._static()}")
    assert page.locator("script, img, iframe, [onload], [onerror], [onfocus], a[href^='javascript']").count() == 0
    assert page.evaluate("window.hacked") is None
    assert page.locator(".ck-error").count() == 0
    seen = page.locator("body").text_content()
    assert sum(each in seen for each in HOSTILE) >= 3, "hardly a hostile name: the test proves nothing"
    page.close()


def test_no_text_of_the_data_is_a_formula_in_a_file(root, company):
    board = composed(root / "notebooks" / "2_organisation.ipynb", company)
    ask, texts = board.asker(board.state), 0
    for name in board.listed:
        if ask.figure(name).inputs:
            continue
        _, _, data = lists.download(ask, lists.View(name), "csv", {"Filtres": "=1+1"})
        cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";") for cell in row]
        assert [cell for cell in cells if is_dangerous(cell) and not NUMBER.fullmatch(cell)] == []
        texts += sum(cell.startswith("'=") for cell in cells)
        _, _, data = lists.download(ask, lists.View(name), "excel", {"Filtres": "=1+1"})
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.data_type == "f"] == []
    assert texts > 10
