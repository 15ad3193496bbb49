"""What becomes of a notebook: the executed one, its page, its PDF; and the workbook of figures and lists.

Files are written beside their place and moved there whole. Below it: report.shell, report.book, nbconvert.
"""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import TemplateExporter
from papermill import PapermillExecutionError

from crmkpi.dashboard.making import CONTENT
from crmkpi.dashboard.page import STATIC
from crmkpi.errors import DataError
from crmkpi.report import book, shell
from crmkpi.report.plan import BOOK, Order, Report

SHARE = Path(__file__).parent / "share"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


@dataclass(frozen=True)
class Task:
    """One report to write; ``titles`` are the notebooks of its folder and what they are called in its language.

    ``figures`` are those that these notebooks show: what the workbook holds.
    """

    report: Report
    order: Order
    titles: tuple[tuple[str, str], ...]
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """The files of a report, under the folder of all reports, and the figures that it shows."""

    files: list[str]
    figures: list[str]


def write(task: Task) -> Written:
    """Write the files of a report, those that were asked for.

    Errors
    ------
    DataError when the notebook failed: the executed one is kept, as ``NAME.error.ipynb``.
    """
    os.environ["CRMKPI_REPORT"] = "1"
    report, to = task.report, task.order.to / task.report.folder
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to, prefix=".writing-") as scratch:
        if report.notebook == BOOK:
            made = [book.write(report, task.order.data, list(task.figures), Path(scratch) / f"{BOOK}.xlsx")]
            figures = list(task.figures)
        else:
            executed = _executed(task, Path(scratch), to)
            made, figures = _made(task, executed), _figures_of(executed)
        for path in made:
            os.replace(path, to / path.name)
    return Written([(report.folder / path.name).as_posix() for path in made], figures)


def _executed(task: Task, scratch: Path, to: Path) -> Path:
    """The executed notebook; the one that failed stays in the folder, until it no longer fails."""
    report, order = task.report, task.order
    executed = scratch / f"{report.notebook}.ipynb"
    failed = to / f"{report.notebook}.error.ipynb"
    try:
        shell.execute(order.notebooks / executed.name, executed, report.parameters(order.data.resolve()))
    except PapermillExecutionError as error:
        os.replace(executed, failed)
        raise DataError(f"{error.ename}: {error.evalue} (see {failed.name})") from None
    failed.unlink(missing_ok=True)
    return executed


def _made(task: Task, executed: Path) -> list[Path]:
    """What becomes of an executed notebook, in the formats that were asked for."""
    page = executed.with_suffix(".html")
    page.write_text(html_of(executed, task.report, dict(task.titles)), encoding="utf-8")
    made = {"ipynb": executed, "html": page}
    if "pdf" in task.order.formats:
        made["pdf"] = pdf_of(page, executed.with_suffix(".pdf"))
    return [path for name, path in made.items() if name in task.order.formats]


def _figures_of(executed: Path) -> list[str]:
    """The figures whose lists a notebook shows, as its page says."""
    cells = nbformat.read(executed, as_version=4).cells
    outputs = itertools.chain.from_iterable(cell.get("outputs", ()) for cell in cells)
    said = [each.get("data", {}).get(CONTENT, {}).get("figures", []) for each in outputs]
    return list(dict.fromkeys(itertools.chain.from_iterable(said)))


def html_of(executed: Path, report: Report, titles: dict[str, str]) -> str:
    """The page of an executed notebook, self-contained."""
    notebook = nbformat.read(executed, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "appendix" not in cell.metadata.get("tags", [])]
    for output in itertools.chain.from_iterable(cell.get("outputs", []) for cell in notebook.cells):
        if output.output_type == "execute_result":  # a value is shown as what is displayed
            output.output_type = "display_data"
    up = "../" * len(report.folder.parts)
    pages = [{"href": f"{up}index.html", "title": "Rapports" if report.lang == "fr" else "Reports", "here": False}]
    pages += [
        {"href": f"{name}.html", "title": title, "here": name == report.notebook} for name, title in titles.items()
    ]
    about = {"lang": report.lang, "title": _heading(titles[report.notebook], report), "pages": pages} | _look()
    text, _ = _exporter().from_notebook_node(notebook, {"crmkpi": about})
    return str(text)


def _heading(title: str, report: Report) -> str:
    return f"{title} · {report.scope.label}" if report.scope.label else title


@functools.cache
def _look() -> dict[str, str]:
    css = (STATIC / "page.css").read_text(encoding="utf-8") + (SHARE / "report.css").read_text(encoding="utf-8")
    return {"css": css, "script": (SHARE / "report.js").read_text(encoding="utf-8")}


class PageExporter(TemplateExporter):
    """A page from its template: HTMLExporter would read all of it again, to mend pictures that we do not have."""

    file_extension = ".html"
    output_mimetype = "text/html"
    template_name = "crmkpi"


@functools.cache
def _exporter() -> Any:
    return PageExporter(
        extra_template_basedirs=[str(SHARE / "nbconvert" / "templates")],
        display_data_priority=["text/html", "image/svg+xml", "image/png", "text/plain"],
    )


def browser() -> str:
    """The path of Chromium, or one of its kind; empty where there is none. ``CRMKPI_BROWSER`` names another."""
    given = os.environ.get("CRMKPI_BROWSER")
    return next((path for name in ([given] if given else BROWSERS) if (path := shutil.which(name))), "")


def needed_browser() -> str:
    """The path of the browser; DataError, with what to do, where there is none."""
    if found := browser():
        return found
    given = os.environ.get("CRMKPI_BROWSER")
    why = f"CRMKPI_BROWSER names {given}, which is not there" if given else "no PDF without Chromium or Chrome"
    raise DataError(f"{why}: install one, set CRMKPI_BROWSER to its path, or leave pdf out of --format")


def pdf_of(page: Path, to: Path) -> Path:
    """The page as Chromium prints it.

    Errors
    ------
    DataError when there is no browser, or it failed.
    """
    program = browser()
    if not program:
        raise DataError(
            "no PDF without Chromium or Chrome: install one, set CRMKPI_BROWSER, or leave pdf out of --format"
        )
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with tempfile.TemporaryDirectory(prefix="crmkpi-browser-") as profile:
        command = [
            program, "--headless=new", "--disable-gpu", f"--user-data-dir={profile}", "--no-first-run", "--disable-extensions",
            *(["--no-sandbox"] if root else []), "--no-pdf-header-footer", f"--print-to-pdf={to}", page.as_uri(),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the browser of this machine
    if not to.is_file():
        raise DataError(
            f"{Path(program).name} wrote no PDF (exit code {done.returncode}): {done.stderr.strip()[-300:]}"
        )
    return to
