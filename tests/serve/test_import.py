"""Data that are imported again while ten viewers look at them: one version or the other, never a mixture, and no error."""

import asyncio
import html
import json
import re
import shutil
import urllib.request

import pytest

import crmkpi
from benchmarks.serving import choose, say, unpacked, view
from crmkpi.facts import materialise
from crmkpi.format import NOTHING, text
from crmkpi.sources import import_data

PAGE = "4_field"
TEAMS = ("", "Nord", "Sud")
TILE = re.compile(r'<article [^>]*data-figure="(\w+)".*?</article>', re.DOTALL)
VALUE = re.compile(r'data-value="([^"]*)"')


def load(source, to):
    import_data(source, to, finish=materialise, as_of="2026-10-15", currency="EUR")


@pytest.fixture
def sources(root, tmp_path):
    """The demo, and the demo without its last activities and orders."""
    made = [tmp_path / name for name in ("one", "two")]
    for folder in made:
        shutil.copytree(root / "data" / "demo", folder)
    for name in ("activities.csv", "orders.csv"):
        lines = (made[1] / name).read_text(encoding="utf-8").splitlines()
        (made[1] / name).write_text("\n".join(lines[:-3]) + "\n", encoding="utf-8")
    return made


def tiles(page):
    """The exact values of the tiles of a page: those of one version are never seen beside those of another."""
    return {
        each.group(1): html.unescape(value.group(1))
        for each in TILE.finditer("".join(page.values()))
        if (value := VALUE.search(each.group()))
    }


def truth(folder, team, figures):
    """The same values, asked of the data themselves."""
    crm = crmkpi.open(folder, lang="en")
    where = {"team": [team]} if team else {}
    found = {name: crm.kpi(name, period="2026-10", where=where) for name in figures}
    said = {name: text(each.value, each.figure.unit, "en", currency="EUR", exact=True) for name, each in found.items()}
    return {name: each for name, each in said.items() if each != NOTHING}


class Watch:
    """What the page of one viewer shows as its kernel says it: after each answer, its tiles; and whatever went wrong."""

    def __init__(self, viewer, team):
        self.viewer, self.team = viewer, team
        ((self.comm, told),) = [
            (key, each["state"]) for key, each in viewer.states.items() if "part_0" in each["state"]
        ]
        self.mark, self.parts = told["mark"], {name: each for name, each in told.items() if name.startswith("part_")}
        self.answers, self.wrong, self.seen = asyncio.Event(), [], [(self.mark, tiles(self.parts))]

    async def listen(self):
        while (message := await self.viewer.socket.read_message()) is not None:
            self.hear(json.loads(message) if isinstance(message, str) else unpacked(message))

    def hear(self, message):
        if message["msg_type"] in ("error", "stream"):
            self.wrong.append(message["content"])
        if message["msg_type"] != "comm_msg" or message["content"]["comm_id"] != self.comm:
            return
        data = message["content"]["data"]
        self.mark = data.get("state", {}).get("mark", self.mark)
        self.parts |= {name: each for name, each in data.get("state", {}).items() if name.startswith("part_")}
        if data.get("content", {}).get("kind") == "done":
            self.seen.append((self.mark, tiles(self.parts)))
            self.wrong += [part for part in self.parts.values() if "ck-error" in part]
            self.answers.set()

    async def answered(self, asking):
        self.answers.clear()
        await asking
        await asyncio.wait_for(self.answers.wait(), 120)

    async def look_at_the_tiles(self):
        """A window is not as high as the page: what is out of it is made when there is time."""
        seen = [name for name, each in self.parts.items() if TILE.search(each)]
        change = {"method": "update", "state": {"seen": seen}, "buffer_paths": []}
        await say(self.viewer.socket, "comm_msg", {"comm_id": self.comm, "data": change})

    async def press(self, **content):
        await self.answered(
            say(
                self.viewer.socket, "comm_msg", {"comm_id": self.comm, "data": {"method": "custom", "content": content}}
            )
        )


async def looking(address, imports):
    """Ten viewers that change a filter again and again while the data are imported, then ask for what is new."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    teams = [TEAMS[number % len(TEAMS)] for number in range(10)]
    asked = [f"{address}{PAGE}?period=2026-10&lang=en" + (f"&team={team}" if team else "") for team in teams]
    opened = await asyncio.gather(*(view(each, loop.time()) for each in asked))
    watches = [Watch(each, team) for each, team in zip(opened, teams, strict=True)]
    ears = [asyncio.ensure_future(each.listen()) for each in watches]

    async def busy(watch):
        way = 0
        while not over.is_set():
            way = 1 - way
            await watch.answered(choose(watch.viewer, way))
            await asyncio.sleep(1)

    await asyncio.gather(*(each.look_at_the_tiles() for each in watches))
    viewers = [asyncio.ensure_future(busy(each)) for each in watches]
    for each in imports:
        await asyncio.sleep(1)
        await loop.run_in_executor(None, each)
    over.set()
    await asyncio.gather(*viewers)
    news = [await loop.run_in_executor(None, mark_of, address, each.viewer.kernel) for each in watches]
    await asyncio.gather(*(each.press(do="refresh") for each in watches))
    for each in watches:
        each.viewer.socket.close()
    await asyncio.gather(*ears)
    return watches, news


def mark_of(address, kernel):
    """What an open page is told every few seconds: which data there are."""
    with urllib.request.urlopen(f"{address}life/{kernel}", timeout=30) as answer:
        return json.loads(answer.read())["mark"]


def test_ten_viewers_see_one_version_or_the_other(serving, sources, tmp_path):
    known = [tmp_path / f"known{number}" for number in (0, 1)]
    for source, folder in zip(sources, known, strict=True):
        load(source, folder)
    data = shutil.copytree(known[0], tmp_path / "data")
    server = serving(data, tmp_path / "serve.txt")
    try:
        order = (1, 0, 1)  # the third removes what the first replaced
        imports = [lambda number=number: load(sources[number], data) for number in order]
        watches, news = asyncio.run(looking(server.address, imports))
    finally:
        server.stop()
    figures = list(watches[0].seen[0][1])
    assert len(figures) > 5, "no tile was read"
    wanted = {team: [truth(folder, team, figures) for folder in known] for team in TEAMS}
    assert wanted[""][0] != wanted[""][1], "the two versions are the same"
    for each, mark in zip(watches, news, strict=True):
        assert each.wrong == []
        torn = [shown for _, shown in each.seen if shown not in wanted[each.team]]
        assert torn == [], wanted[each.team]
        assert len(each.seen) > 3
        assert each.seen[-1] == (mark, wanted[each.team][1])
        assert each.seen[0][0] != mark
