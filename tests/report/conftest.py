"""``crmkpi run`` as a command of its own, without its imports each time: every call is forked from one warm process."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

WARM = """
import json, os, sys
import crmkpi.schedule
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
def call(root, tmp_path_factory):
    """``call("run", ...)``: the exit code, standard output and standard error of a crmkpi command; ``env`` for it alone."""
    home = tmp_path_factory.mktemp("home")
    warm = subprocess.Popen(
        [sys.executable, "-c", WARM], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def command(*words, env=()):
        out, err = home / "out", home / "err"
        asked = {"words": [str(word) for word in words], "out": str(out), "err": str(err)}
        told = {**os.environ, "IPYTHONDIR": str(home), **dict(env)}
        warm.stdin.write(json.dumps(asked | {"env": told}) + "\n")
        warm.stdin.flush()
        code = int(warm.stdout.readline())
        return SimpleNamespace(returncode=code, stdout=out.read_text(), stderr=err.read_text())

    yield command
    warm.stdin.close()
    warm.wait(30)
    warm.stdout.close()


@pytest.fixture(scope="session")
def run(call):
    """``run(data, to, ...)``: ``crmkpi run`` with these."""
    return lambda data, to, *words: call("run", "--data", data, "--to", to, *words)
