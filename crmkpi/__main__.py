"""``python -m crmkpi`` is the command line."""

from crmkpi.cli import main

main()
