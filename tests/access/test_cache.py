"""Whose first paint is whose: the cases of Superset's rls_cache_isolation_tests, asked of what the server keeps of pages."""

import asyncio

import pytest

from crmkpi.access import Scope, Viewer
from crmkpi.serve import first
from crmkpi.serve.first import VIEWER, Firsts

SOUTH, NORTH, ALL = Scope(team=("Sud",)).key, Scope(team=("Nord",)).key, Scope(company=True).key
ANONYMOUS = None


@pytest.fixture
def kept(demo, root, tmp_path, monkeypatch):
    """``kept(scope, viewer)`` is what is kept for a viewer of a scope who asks for the same page and address."""

    async def made(self, asked, found, env, nice):
        found.whole = found.ended = True

    monkeypatch.setattr(first, "warm", lambda: object())
    monkeypatch.setattr(Firsts, "_make", made)
    pages = Firsts(["1_commercial"], root / "notebooks", demo, tmp_path, lambda: False)

    async def each(asked):
        found = []
        for scope, viewer in asked:
            env = {VIEWER: viewer.header()} if viewer else {}
            found.append(pages.get("1_commercial", "period=2026-10", False, scope, env))
            await asyncio.sleep(0)
        return found

    return lambda *asked: asyncio.run(each(asked))


GUEST = Viewer("guest", ("south",))
CASES = {
    "two users": ((SOUTH, Viewer("anna")), (NORTH, Viewer("bob"))),
    "two users with identical rules": ((SOUTH, Viewer("anna")), (SOUTH, Viewer("bea"))),
    "two guests with different rules": ((SOUTH, GUEST), (NORTH, Viewer("guest", ("north",)))),
    "a guest and a user of the same rule": ((SOUTH, GUEST), (SOUTH, Viewer("anna"))),
    "nobody in particular and a user": ((ALL, ANONYMOUS), (ALL, Viewer("anna"))),
    "a user whose rights have changed": ((SOUTH, Viewer("anna")), (NORTH, Viewer("anna"))),
}


@pytest.mark.parametrize("case", CASES)
def test_these_share_nothing(kept, case):
    one, other = kept(*CASES[case])
    assert one is not other
    assert one.file != other.file


@pytest.mark.parametrize("who", [(SOUTH, Viewer("anna")), (SOUTH, GUEST), (ALL, ANONYMOUS)])
def test_the_same_one_is_given_the_same_again(kept, who):
    other = (NORTH, Viewer("bob"))
    one, between, again = kept(who, other, who)
    assert one is again
    assert one is not between
