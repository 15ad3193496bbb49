"""What the server is told: who may reach it, what it offers; wrong starts are said in a line, before anything runs."""

import socket

import pytest
from click.testing import CliRunner

from crmkpi import serve as package
from crmkpi.cli import commands
from crmkpi.errors import CrmkpiError, DataError, UsageError
from crmkpi.serve import serve
from crmkpi.serve.config import address, configuration, find_notebooks


def test_other_machines_need_a_token(demo, monkeypatch):
    with pytest.raises(UsageError, match="nobody would have to sign in"):
        serve(demo, host="0.0.0.0")
    started = []
    monkeypatch.setattr(package, "_run", lambda *given: started.append(given))
    monkeypatch.setenv("CRMKPI_DATA", "")
    monkeypatch.setenv("PYTHONPATH", "")
    serve(demo, host="0.0.0.0", port=free(), token="a secret")
    assert started


def test_a_folder_without_data_is_refused_before_the_start(tmp_path):
    with pytest.raises(DataError):
        serve(tmp_path / "nothing")
    answer = CliRunner().invoke(commands, ["serve", "--data", str(tmp_path / "nothing")])
    assert isinstance(answer.exception, CrmkpiError)


def test_a_port_in_use_is_said(demo):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UsageError, match="choose another port"):
            serve(demo, port=other.getsockname()[1])


def test_a_folder_without_notebooks_is_refused(demo, tmp_path):
    with pytest.raises(DataError, match="no notebook"):
        serve(demo, port=free(), notebooks=tmp_path)


def free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_configuration_is_closed(root):
    pages = find_notebooks(root / "notebooks")
    told = configuration(root, pages, host="127.0.0.1", port=1, base_url="/crm/", lang="fr", preheat=True)
    voila = told.VoilaConfiguration
    assert (voila.allow_theme_override, voila.allow_template_override, voila.file_allowlist) == ("NO", "NO", [])
    assert (voila.show_tracebacks, voila.strip_sources, voila.preheat_kernel, voila.default_pool_size) == (
        False,
        True,
        True,
        1,
    )
    assert (told.KernelManager.transport, told.KernelManager.autorestart) == ("ipc", False)
    assert told.Voila.tornado_settings["disable_check_xsrf"]
    assert "default-src 'self'" in told.Voila.tornado_settings["headers"]["Content-Security-Policy"]
    assert told.Voila.port_retries == 0


def test_pages_stand_under_their_names(root):
    home, commercial = find_notebooks(root / "notebooks")[:2]
    assert (address(home, "/crm/"), address(commercial, "/crm/")) == ("/crm/", "/crm/1_commercial")
    assert (commercial.fr, commercial.en) == ("Activité commerciale", "Commercial activity")
