"""Voilà's configuration: what a viewer may reach and do, and what is kept ready for them. Below it: crmkpi.dashboard.

Each line answers something measured: closed pages must not leave kernels behind, an address must not
choose the template or the theme (it could carry a script), no file is served but the template's own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets.config import Config

from crmkpi.access.viewer import HEADER
from crmkpi.dashboard.page import STATIC
from crmkpi.errors import DataError
from crmkpi.serve import scripts
from crmkpi.serve.channel import OnlyWidgets
from crmkpi.serve.identity import Known
from crmkpi.serve.life import Kernels
from crmkpi.warm.provisioner import NAME as PROVISIONER

SHARE = Path(__file__).parent / "share"
# The server's own scripts, styles and sockets, and nothing else: no request can leave for another host.
SECURITY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# Of what is installed in the environment, what a viewer's browser must load to show widgets.
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]


@dataclass(frozen=True)
class Notebook:
    """One page: the name of its notebook and what it is called."""

    name: str
    fr: str
    en: str

    @property
    def is_home(self) -> bool:
        """Whether it is the page one starts from."""
        return self.name.startswith("0_")


def find_notebooks(folder: Path) -> list[Notebook]:
    """The pages of a folder in order; DataError if there is none."""
    found = [_read(path) for path in sorted(folder.glob("[0-9]_*.ipynb"))]
    if not found:
        raise DataError(f"no notebook such as 1_commercial.ipynb in {folder}")
    return found


def _read(path: Path) -> Notebook:
    titles = json.loads(path.read_text(encoding="utf-8")).get("metadata", {}).get("crmkpi", {})
    return Notebook(path.stem, titles.get("fr", path.stem), titles.get("en", path.stem))


def configuration(
    folder: Path, pages: list[Notebook], *, host: str, port: int, base_url: str, lang: str, preheat: bool
) -> Config:
    """The configuration of a server over the notebooks of a folder."""
    config = Config()
    config.Voila.root_dir = str(folder)
    config.Voila.ip, config.Voila.port, config.Voila.port_retries = host, port, 0
    config.Voila.base_url = base_url
    config.Voila.identity_provider_class = Known
    config.Voila.kernel_websocket_connection_class = OnlyWidgets
    config.VoilaConfiguration.http_header_envs = [HEADER]
    config.Voila.open_browser = False
    config.Voila.config_file_paths = []  # a voila.json that lies about must not open what is closed here
    config.Voila.tornado_settings = {"disable_check_xsrf": True, "headers": {"Content-Security-Policy": SECURITY}}
    config.Voila.log_level = "WARN"
    config.VoilaConfiguration.template = "crmkpi"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.file_allowlist = []
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.preheat_kernel = preheat
    config.VoilaConfiguration.default_pool_size = 1
    config.VoilaConfiguration.extension_allowlist = EXTENSIONS
    config.VoilaConfiguration.resources = {"crmkpi": _resources(pages, base_url, lang)}
    config.VoilaConfiguration.multi_kernel_manager_class = Kernels
    config.KernelManager.autorestart = False
    config.KernelManager.transport = "ipc"  # no port that others on this machine could knock at
    config.KernelProvisionerFactory.default_provisioner_name = PROVISIONER
    return config


def _resources(pages: list[Notebook], base_url: str, lang: str) -> dict[str, Any]:
    """What the template shows around the page."""
    links = [{"name": page.name, "href": address(page, base_url), "fr": page.fr, "en": page.en} for page in pages]
    css = (STATIC / "page.css").read_text(encoding="utf-8")
    return {"home": base_url, "pages": links, "css": css, "lang": lang, "scripts": base_url + scripts.address()}


def address(page: Notebook, base_url: str) -> str:
    """Where a page stands: the home page at the root, the others under their names."""
    return base_url if page.is_home else f"{base_url}{page.name}"
