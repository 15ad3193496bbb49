"""Real sets as data folders, each imported once; answers as the command line gives them."""

import functools
import json

import pytest


@pytest.fixture(scope="session")
def load(cli, tmp_path_factory):
    """``load(source, ...)``: a source imported with these options, once; the folder is only read."""

    @functools.cache
    def run(source, *options):
        to = tmp_path_factory.mktemp("real") / "data"
        code, _, err = cli("import", source, "--to", to, *options)
        assert code == 0, err
        return to

    return run


@pytest.fixture(scope="module", params=["tables", "export_fr"])
def odoo(request, shared, load):
    """The demo database of Odoo, by its tables and by its lists in French."""
    return load(shared / "real" / "odoo17_demo" / request.param)


@pytest.fixture
def kpi(cli):
    """``kpi(folder, figure, ...)``: the answer as JSON."""

    def run(folder, name, *words):
        code, out, err = cli("kpi", name, "--data", folder, *words, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run
