"""What becomes of a notebook: the executed one, its page, its PDF; and the workbook of figures and lists.

``make`` works in a process of its own and writes beside the place of the files; ``publish`` has the PDF printed by the browser
that all share, and moves the files to their place, whole. Below it: report.shell, report.book, report.browser, nbconvert.
"""

from __future__ import annotations

import functools
import itertools
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from matplotlib.backends.registry import backend_registry
from nbconvert.exporters import TemplateExporter
from papermill import PapermillExecutionError

from crmkpi.dashboard.lists import CLOSED
from crmkpi.dashboard.making import CONTENT
from crmkpi.dashboard.page import STATIC
from crmkpi.errors import DataError
from crmkpi.facts import lent
from crmkpi.report import book, shell
from crmkpi.report.browser import Printer
from crmkpi.report.plan import BOOK, Order, Report
from crmkpi.warm import read_first

SHARE = Path(__file__).parent / "share"
WRITING = ".writing-"
"""How the folder begins in which the files of a report are written."""


@dataclass(frozen=True)
class Task:
    """One report to write; ``titles`` are the notebooks of its folder and what they are called in its language.

    ``figures`` are those that these notebooks show: what the workbook holds.
    """

    report: Report
    order: Order
    titles: tuple[tuple[str, str], ...]
    figures: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Reports of a kind ask the data the same: those of one notebook for each team."""
        return f"{self.report.notebook} {self.report.scope.place}"

    @property
    def folder(self) -> Path:
        """Where its files are to be."""
        return self.order.to / self.report.folder

    @property
    def scratch(self) -> Path:
        """Where they are written."""
        return self.folder / f"{WRITING}{self.report.notebook}"


@dataclass(frozen=True)
class Made:
    """What a process of its own has made: files in ``scratch``, the figures it shows and what it says in words.

    ``asked`` are questions to the data that others of its kind will ask, too.
    """

    files: list[str]
    figures: list[str]
    answer: list[str]
    asked: list[Any] = field(default_factory=list)


def make(task: Task) -> Made:
    """Write the files of a report into its scratch folder, those that were asked for.

    Errors
    ------
    DataError when the notebook failed: the executed one is kept, as ``NAME.error.ipynb``.
    """
    os.environ["CRMKPI_REPORT"] = "1"
    report = task.report
    shutil.rmtree(task.scratch, ignore_errors=True)
    task.scratch.mkdir(parents=True)
    lent.begin(task.kind)
    if report.notebook == BOOK:
        made = book.write(report, task.order.data, list(task.figures), task.scratch / f"{BOOK}.xlsx")
        return Made([made.name], list(task.figures), [], lent.questions())
    executed = _executed(task)
    page = html_of(executed, report, dict(task.titles))
    written = {"ipynb": executed, "html": executed.with_suffix(".html")}
    written["html"].write_text(page, encoding="utf-8")
    if "pdf" in task.order.formats:
        _to_print(executed).write_text(printable(page), encoding="utf-8")
    said = content_of(executed)
    kept = [path.name for name, path in written.items() if name in task.order.formats]
    return Made(kept, said.get("figures", []), said.get("answer", []), lent.questions())


def publish(task: Task, made: Made, printer: Printer) -> list[str]:
    """Move what was made to its place, with its PDF; the names of the files, under the folder of all reports."""
    page = _to_print(task.scratch / f"{task.report.notebook}.ipynb")
    files = list(made.files)
    if page.is_file():
        files.append(printer.pdf(page, task.scratch / f"{task.report.notebook}.pdf").name)
    for name in files:
        os.replace(task.scratch / name, task.folder / name)
    (task.folder / f"{task.report.notebook}.error.ipynb").unlink(missing_ok=True)
    return [(task.report.folder / name).as_posix() for name in files]


def warm() -> None:
    """Make ready what every page needs, before the processes are forked that write them."""
    read_first()
    backend_registry.list_all()
    about = {"lang": "", "title": "", "pages": []} | _look()
    _exporter().from_notebook_node(nbformat.v4.new_notebook(), {"crmkpi": about})


def clear(folder: Path) -> None:
    """Remove what a run that was killed left behind, in the folders of reports."""
    for left in [*folder.glob(f"*/*/*/{WRITING}*")]:
        shutil.rmtree(left, ignore_errors=True)


def _to_print(executed: Path) -> Path:
    return executed.with_suffix(".print.html")


def _executed(task: Task) -> Path:
    """The executed notebook; the one that failed stays in the folder, until it no longer fails."""
    report, order = task.report, task.order
    executed = task.scratch / f"{report.notebook}.ipynb"
    try:
        shell.execute(order.notebooks / executed.name, executed, report.parameters(order.data.resolve()))
    except PapermillExecutionError as error:
        failed = task.folder / f"{report.notebook}.error.ipynb"
        os.replace(executed, failed)
        raise DataError(f"{error.ename}: {error.evalue} (see {failed.name})") from None
    return executed


def content_of(executed: Path) -> dict[str, list[str]]:
    """What the pages of a notebook say of themselves: the figures whose lists they show, their answer in words."""
    cells = nbformat.read(executed, as_version=4).cells
    outputs = itertools.chain.from_iterable(cell.get("outputs", ()) for cell in cells)
    found: dict[str, list[str]] = {}
    for said in (each.get("data", {}).get(CONTENT, {}) for each in outputs):
        for name, values in said.items():
            found[name] = list(dict.fromkeys([*found.get(name, []), *values]))
    return found


_CLOSED = re.compile(f"{CLOSED[0]}.*?{CLOSED[1]}", re.DOTALL)
_PAPER_ONLY = "<style>@media screen { .ck { display: none } }</style></head>"


def printable(page: str) -> str:
    """A page for paper alone, in half the time: without the closed lists, which paper does not show, nor a layout for the screen.

    What is not ours is laid out there, too: a picture of somebody's own may measure itself.
    """
    return _CLOSED.sub("", page).replace("</head>", _PAPER_ONLY, 1)


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
