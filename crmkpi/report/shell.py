"""How a notebook runs: Papermill with an engine that needs no kernel, since each report has a process of its own.

A kernel is started, talked to over sockets and stopped again for isolation that the process gives already; starting one and
its imports was nine tenths of a report's time. Below it: papermill, IPython.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import papermill
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from traitlets import Type
from traitlets.config import Config

NAME = "crmkpi"


class Publisher(DisplayPublisher):
    """Keeps what a cell displays."""

    shell: Any

    def publish(self, data: Any, metadata: Any = None, *_more: Any, **_others: Any) -> None:
        """Keep it as an output of the cell."""
        self.shell.outputs.append(new_output("display_data", data=data, metadata=metadata or {}))


class Hook(DisplayHook):
    """Keeps the value of the last line of a cell."""

    shell: Any

    def __call__(self, result: Any = None) -> None:
        """Keep it, unless a semicolon says not to."""
        if result is None or self.quiet():
            return
        data, metadata = self.compute_format_data(result)
        self.update_user_ns(result)
        self.shell.outputs.append(new_output("execute_result", data=data, metadata=metadata))


class Shell(InteractiveShell):
    """An IPython that keeps what a kernel would send: what is displayed, values, the error of a cell."""

    display_pub_class = Type(Publisher)
    displayhook_class = Type(Hook)

    def __init__(self, **given: Any) -> None:
        self.outputs: list[Any] = []
        super().__init__(**given)

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window to keep alive."""

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.outputs.append(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb)))


class ShellEngine(Engine):
    """Papermill's engine that runs the cells in this process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_more: Any) -> None:
        """Run the cells in order until one fails; Papermill looks at the outputs and says so."""
        settings = Config()
        settings.HistoryManager.enabled = False
        Shell.clear_instance()
        shell = Shell.instance(config=settings)
        shell.enable_matplotlib("inline")
        for number, cell in enumerate(nb_man.nb.cells):
            nb_man.cell_start(cell, number)
            try:
                if cell.cell_type == "code":
                    _run(shell, cell, number)
            except CellExecutionError as error:
                nb_man.cell_exception(cell, cell_index=number, exception=error)
                break
            finally:
                nb_man.cell_complete(cell, cell_index=number)


def _run(shell: Shell, cell: Any, number: int) -> None:
    """Run one cell; its outputs are kept as a kernel would have sent them."""
    shell.outputs = []
    with capture_output(display=False) as said:
        done = shell.run_cell(cell.source, store_history=True)
    cell.execution_count = number
    streams = (("stdout", said.stdout), ("stderr", said.stderr))
    cell.outputs = [new_output("stream", name=name, text=text) for name, text in streams if text] + shell.outputs
    if not done.success:
        errors = [each for each in shell.outputs if each.output_type == "error"]
        error = errors[-1] if errors else new_output("error", ename="Error", evalue="the cell failed", traceback=[])
        cell.outputs += [] if errors else [error]
        raise CellExecutionError("\n".join(error.traceback), ename=error.ename, evalue=error.evalue)


def execute(source: Path, to: Path, parameters: dict[str, Any]) -> Any:
    """Run a notebook with parameters; the executed one is at ``to``, with its error if a cell failed.

    Errors
    ------
    papermill.PapermillExecutionError when a cell failed.
    """
    if NAME not in papermill_engines._engines:
        papermill_engines.register(NAME, ShellEngine)
    return papermill.execute_notebook(
        str(source), str(to), parameters=parameters, engine_name=NAME, progress_bar=False, kernel_name="python3",
        language="python", request_save_on_cell_execute=False,
    )  # fmt: skip
