"""Where the notebook runs, and for whom: in Voilà (for a viewer with an address), or anywhere else.

Below it: crmkpi.access, crmkpi.errors.
"""

from __future__ import annotations

import os
from pathlib import Path

from crmkpi.access import COMPANY, Scope, Viewer, read_access
from crmkpi.access.viewer import HEADER
from crmkpi.errors import AccessError, DataError

SAMPLE = Path("data") / "sample"


def in_voila() -> bool:
    """Whether a Voilà server runs the notebook."""
    return "VOILA_PREHEAT" in os.environ


def in_report() -> bool:
    """Whether a report is written: a page that nobody can ask for more, so it holds every list."""
    return "CRMKPI_REPORT" in os.environ


def waits_for_viewer() -> bool:
    """Whether the notebook runs ahead, before anybody asked for it."""
    return os.environ.get("VOILA_PREHEAT") == "True"


def viewer_query() -> str:
    """The query of the viewer's address; waits for the viewer if the notebook ran ahead."""
    if not in_voila():
        return ""
    if waits_for_viewer():
        from voila.utils import wait_for_request

        wait_for_request()
        os.environ["VOILA_PREHEAT"] = "False"  # they are there: who waited a second time would wait for ever
    return os.environ.get("QUERY_STRING", "")


def viewer() -> Viewer:
    """Who looks, as the server says; waits for them if the notebook ran ahead. Elsewhere: ``CRMKPI_VIEWER``, else nobody."""
    if not in_voila():
        return Viewer(os.environ.get("CRMKPI_VIEWER", ""))
    viewer_query()
    return Viewer.of(os.environ.get(f"HTTP_{HEADER.upper().replace('-', '_')}", ""))


def viewer_scope() -> Scope:
    """What of the data whoever looks may see: by the access file ``CRMKPI_ACCESS``, else all.

    AccessError if that is nothing; DataError if the file is not right. The file is read each time: a right that is taken
    away is gone at the next question.
    """
    file = os.environ.get("CRMKPI_ACCESS")
    if not file:
        return COMPANY
    who = viewer()
    scope = read_access(file).scope(who.name, who.groups)
    if scope.nothing:
        raise AccessError(f"no rule of the access file lets {who.name or 'somebody unknown'} see anything")
    return scope


def viewer_is_narrow() -> bool:
    """Whether the viewer has a phone, as the server believes; their browser says if it is not so."""
    return os.environ.get("CRMKPI_NARROW") == "1"


def data_folder(given: str | Path | None) -> Path:
    """The data folder: the one given, else ``CRMKPI_DATA``, else the sample of the repository.

    >>> data_folder("data/mine").name
    'mine'
    """
    if given:
        return Path(given)
    if os.environ.get("CRMKPI_DATA"):
        return Path(os.environ["CRMKPI_DATA"])
    above = [folder / SAMPLE for folder in (Path.cwd(), *Path.cwd().parents)]
    return next((folder for folder in above if (folder / "manifest.json").is_file()), SAMPLE)


def notebooks_folder(given: str | Path | None = None) -> Path:
    """The folder of the notebooks: the one given, else those of the wheel, or of the repository; DataError if there is none."""
    package = Path(__file__).parents[1]
    places = [Path(given)] if given else [package / "_notebooks", package.parent / "notebooks"]
    for folder in places:
        if folder.is_dir():
            return folder.resolve()
    raise DataError(f"no folder {places[0]} with the notebooks")
