"""Imported before the rest of crmkpi.report: what the others import, without what none of them needs. Below it: nothing of crmkpi.

jsonschema, which nbformat checks notebooks with, makes a grammar of all web addresses when it is imported, if it finds the means
for it (JupyterLab brings them): a quarter of the time of all imports, for a format that no notebook has.
"""

import importlib
import sys

LEFT_OUT = "rfc3987_syntax"

if LEFT_OUT not in sys.modules:
    sys.modules[LEFT_OUT] = None  # type: ignore[assignment]  # "it is not installed", for as long as this takes
    importlib.import_module("jsonschema")
    del sys.modules[LEFT_OUT]
