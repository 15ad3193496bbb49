"""The command line: ``crmkpi list | kpi | gap | since | alerts | today | sheet | correct | import | check | remember | run | serve ...``.

Unavailable is a result, not an error. Exit codes: 0; 1 for a data problem, said in one line; 2 for wrong
usage. :mod:`~crmkpi.cli.ask` has the questions, :mod:`~crmkpi.cli.act` what to do about the answers,
:mod:`~crmkpi.cli.correct` the correction file, :mod:`~crmkpi.cli.data` the data, :mod:`~crmkpi.cli.past` what was known,
:mod:`~crmkpi.cli.report` the reports, :mod:`~crmkpi.cli.access` who sees what,
:mod:`~crmkpi.cli.show` what is printed. Below it: everything.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import click

import crmkpi
from crmkpi.cli import access, act, ask, correct, data, past, report
from crmkpi.errors import CrmkpiError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(crmkpi.__version__, prog_name="crmkpi")
def commands() -> None:
    """Sales indicators from CRM data."""


for _command in (
    ask.list_,
    ask.kpi,
    ask.gap,
    ask.backtest,
    past.since,
    ask.alerts,
    act.today,
    act.sheet,
    correct.correct,
    data.import_,
    data.check,
    data.sample,
    data.serve,
    access.access,
    access.token,
    past.remember,
    report.run,
):
    commands.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a deliberate error is one line on standard error and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no é shows a question mark
    try:
        sys.exit(commands.main(args=arguments, prog_name="crmkpi", standalone_mode=False))
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(1)
    except CrmkpiError as error:
        click.echo(f"Error: {' '.join(str(error).split())}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of a pipe (head, less) has enough
        sys.stderr.close()
        sys.exit(0)
