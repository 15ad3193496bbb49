"""What is computed once, at import: the views that say ``-- materialised: yes``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crmkpi.engine import open_folder
from crmkpi.indicators import Library


def materialise(version: Path, manifest: dict[str, Any]) -> None:
    """Write each materialised view beside the tables of a version of the data, before it is published.

    Such a view reads no ``dates``, ``periods`` nor settings (a test checks it): its rows depend on the tables only.
    """
    library = Library()
    chosen = [view for view in library.views.values() if view.materialised]
    if not chosen:
        return
    engine = open_folder(version, version, manifest)
    for view in chosen:
        steps = ",\n".join(f"{step.name} as (\n{step.sql}\n)" for step in [*library.steps(view.sql), view])
        engine.materialise(library.stored_name(view), f"with {steps}\nselect * from {view.name}", version)
