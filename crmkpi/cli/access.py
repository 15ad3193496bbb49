"""Who sees what: ``crmkpi access`` shows what an access file says of a data folder, ``crmkpi token`` makes a token.

Below it: crmkpi.access, crmkpi.facts.
"""

from __future__ import annotations

import difflib
import secrets

import click
import pandas as pd

from crmkpi.access import PLACES, Scope, read_access
from crmkpi.access.file import digest_of
from crmkpi.cli import show
from crmkpi.cli.ask import DATA, LANG
from crmkpi.facts import Crm, open_data


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@DATA
@LANG
def access(file: str, folder: str, lang: str) -> None:
    """What each person and group of an access FILE sees of the data; names that the data do not have are said."""
    rules, whole = read_access(file), open_data(folder, lang=lang)
    rows, odd = [], []
    for kind, held in (("people", {name: rules.scope(name) for name in rules.people}), ("groups", rules.groups)):
        for name, scope in held.items():
            seen = open_data(folder, scope=scope).manifest.get("scope", {})
            rows.append({"": kind, "name": name, "sees": scope.words(lang), "customers": seen.get("customers", "all")})
            odd += [f"{kind}.{name}: {each}" for each in _unknown(scope, whole)]
    show.print_table(pd.DataFrame(rows))
    for line in odd:
        click.echo(line, err=True)
    if odd:
        raise click.exceptions.Exit(1)


def _unknown(scope: Scope, crm: Crm) -> list[str]:
    """The names in a scope that the data do not have, or that several reps bear."""
    said = []
    for place in PLACES:
        values = crm.values("rep" if place == "customers_of" else place)
        labels = values["label"].tolist()
        for name in getattr(scope, place):
            if name not in set(values["id"]) and labels.count(name) != 1:
                near = difflib.get_close_matches(name, [*values["id"], *labels], n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                several = (
                    " is the name of several: give the id" if labels.count(name) > 1 else f" is not in the data{hint}"
                )
                said.append(f"{place} {name!r}{several}")
    return said


@click.command()
@click.argument("name")
def token(name: str) -> None:
    """A token for somebody: the secret to give them, and the line for the access file, which does not hold it."""
    secret = secrets.token_urlsafe(24)
    click.echo(f"give {name}, once and to nobody else:  {secret}")
    click.echo(f'in the access file, under [tokens]:  "{name}" = "{digest_of(secret)}"')
