"""Each piece of work in a process of its own, a few at a time. Below it: crmkpi.warm, crmkpi.errors.

What a report does to its process ends with it: no report can see or spoil another. Where the system can fork (Linux), the
process begins with everything imported; elsewhere it starts afresh, and slower.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from crmkpi.errors import DataError
from crmkpi.warm import IMPORTS, forking

INHERITS = sys.platform == "linux"
"""Whether a process begins with what this one knows: it is forked."""


@dataclass
class Outcome:
    """What became of a piece of work: its answer, or the words of what went wrong; and the seconds it took."""

    answer: Any = None
    error: str = ""
    seconds: float = 0.0


@dataclass
class _Worker:
    task: Any
    process: BaseProcess
    answers: Connection
    began: float


def each_apart(
    work: Callable[[Any], Any], tasks: Iterable[Any], jobs: int = 2, limit: float = 300.0
) -> Iterator[tuple[Any, Outcome]]:
    """Do ``work`` for each task, ``jobs`` at a time; outcomes come as they are ready.

    ``limit`` is the seconds that one may take. A process that dies or is too slow is an outcome with an error.
    """
    context = multiprocessing.get_context("fork" if INHERITS else "spawn")
    if INHERITS:
        for name in IMPORTS:
            importlib.import_module(name)
    waiting = iter(tasks)
    running: list[_Worker] = []
    try:
        while True:
            while len(running) < max(jobs, 1) and (task := next(waiting, None)) is not None:
                running.append(_start(context, work, task))
            if not running:
                return
            wait([each.answers for each in running], timeout=0.5)
            done = [(each, found) for each in running if (found := _outcome(each, limit)) is not None]
            for each, found in done:
                running.remove(each)
                yield each.task, found
    finally:
        for each in running:
            _stop(each)


def _start(context: Any, work: Callable[[Any], Any], task: Any) -> _Worker:
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(work, task, theirs), daemon=True)
    with forking():
        process.start()
    theirs.close()
    return _Worker(task, process, mine, time.monotonic())


def _answer(work: Callable[[Any], Any], task: Any, answers: Connection) -> None:
    if hasattr(os, "setsid"):
        os.setsid()  # what it starts itself (a browser) is stopped with it
    if INHERITS:
        gc.freeze()  # what was there before is not looked through again and again for what can be freed,
        gc.set_threshold(100_000)  # and what is made seldom: the process ends soon
    try:
        answers.send((work(task), ""))
    except BaseException as error:  # noqa: BLE001 - whatever it was, the one who waits hears of it
        answers.send((None, f"{type(error).__name__}: {error}"))
    finally:
        answers.close()


def _outcome(worker: _Worker, limit: float) -> Outcome | None:
    """What became of it; None while it is at work."""
    seconds = time.monotonic() - worker.began
    if worker.answers.poll():
        try:
            answer, error = worker.answers.recv()
        except EOFError:
            worker.process.join()
            return Outcome(
                error=f"its process ended without an answer (exit code {worker.process.exitcode})", seconds=seconds
            )
        _stop(worker, patience=5.0)
        return Outcome(answer, error, seconds)
    if seconds > limit:
        _stop(worker)
        return Outcome(error=f"took longer than {limit:g} s and was stopped", seconds=seconds)
    return None


def _stop(worker: _Worker, patience: float = 0.0) -> None:
    worker.process.join(patience)
    if worker.process.is_alive():
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(worker.process.pid or 0, signal.SIGKILL)
        worker.process.kill()
        worker.process.join()
    worker.answers.close()


def apart(work: Callable[[Any], Any], task: Any, limit: float = 300.0) -> Any:
    """The answer of one piece of work in a process of its own; the error it raised is raised here."""
    [(_, found)] = each_apart(_caught, [(work, task)], 1, limit)
    if found.error:
        raise DataError(found.error)
    answer, error = found.answer
    if error is not None:
        raise error
    return answer


def _caught(task: tuple[Callable[[Any], Any], Any]) -> tuple[Any, Exception | None]:
    try:
        return task[0](task[1]), None
    except Exception as error:  # noqa: BLE001 - it is raised again, by the one who asked
        return None, error
