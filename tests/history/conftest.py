"""A data folder of one's own to remember in, and data opened with a few figures, so that a day costs little."""

import shutil

import pytest

import crmkpi

FEW = ("invoiced_revenue", "margin_rate", "weighted_pipeline", "open_opportunities", "contact_completeness", "landing")
NEEDED = ("landing", "invoiced_revenue")


@pytest.fixture
def folder(demo, tmp_path):
    """data/demo as a data folder that may be written in."""
    return shutil.copytree(demo, tmp_path / "data", ignore=shutil.ignore_patterns("history"))


def opened(folder, *, settings=None, figures=FEW, **how):
    """The data with a few figures only, under other settings."""
    crm = crmkpi.open(folder, **how)
    crm.base.library.figures = {name: crm.figures[name] for name in figures}
    crm.base.settings.update(settings or {})
    return crm


def contents(folder):
    """Every file of the history with its bytes."""
    return {path.name: path.read_bytes() for path in (folder / "history").iterdir()}
