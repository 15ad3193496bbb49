"""``crmkpi run`` as a command of its own, without its imports each time: every call is forked from one warm process."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

WARM = """
import json, os, sys
import crmkpi.report
from crmkpi.warm import IMPORTS
from crmkpi.cli import main
if hasattr(os, "fork"):
    for name in IMPORTS:
        __import__(name)
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if not child:
        os.environ.clear()
        os.environ.update(asked["env"])
        for number, name in ((1, "out"), (2, "err")):
            file = os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, number)
        code = 0
        try:
            main(asked["words"])
        except SystemExit as stopped:
            code = stopped.code or 0
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            code = 70
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="session")
def run(root, tmp_path_factory):
    """``run(data, to, ...)``: the exit code, standard output and standard error of ``crmkpi run``."""
    home = tmp_path_factory.mktemp("home")
    warm = subprocess.Popen(
        [sys.executable, "-c", WARM], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def command(data, to, *words):
        out, err = home / "out", home / "err"
        asked = {
            "words": ["run", "--data", str(data), "--to", str(to), *map(str, words)],
            "out": str(out),
            "err": str(err),
        }
        warm.stdin.write(json.dumps(asked | {"env": {**os.environ, "IPYTHONDIR": str(home)}}) + "\n")
        warm.stdin.flush()
        code = int(warm.stdout.readline())
        return SimpleNamespace(returncode=code, stdout=out.read_text(), stderr=err.read_text())

    yield command
    warm.stdin.close()
    warm.wait(30)
    warm.stdout.close()
