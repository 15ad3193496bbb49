"""Who the company deals with: accounts with lives and rhythms, and their contacts, some of them dirty.

Columns that begin with ``_`` are how the rest of the sample is drawn; they are never written.
Below it: world, clock, draw, words.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkpi.sample import words
from crmkpi.sample.clock import DAY, NEVER, at
from crmkpi.sample.draw import Draw, Ints, repeat
from crmkpi.sample.world import World

CUSTOMER, PROSPECT, OTHER, TWIN, BOUGHT = range(5)
_CYCLE_LOW, _CYCLE_HIGH = np.array([6.0, 10, 16, 32]), np.array([12.0, 22, 40, 78])
_SCALE, _BASE_DISCOUNT = np.array([2.6, 1.7, 1.0, 0.55]), np.array([13, 9, 6, 3])
_SCOPES = words.TEAMS


def text(pool: list[str] | tuple[str, ...], index: Ints) -> pd.Series:
    """The words of a pool at each position; -1 is missing."""
    return pd.Series(pd.array(list(pool), dtype="str").take(index, allow_fill=True))


def blank(values: pd.Series, where: np.ndarray | pd.Series) -> pd.Series:
    """``values`` with the rows of ``where`` emptied."""
    return values.mask(where)


def accounts(world: World, part: int, customers: int) -> pd.DataFrame:
    """Customers, prospects, others, records entered twice and, in the story, a bought file."""
    draw = world.draw(part)
    role = _roles(world, customers)
    a = pd.DataFrame({"_role": role})
    n, big = len(a), (np.arange(len(a)) < len(words.BIG_CUSTOMERS)) & (part == 0)
    a["_big"] = big
    a["_segment"] = np.where(big, 0, draw.index("segment", n, (0.05, 0.2, 0.45, 0.3)))
    a["_team"] = np.where(a["_segment"] == 0, 4, draw.index("region", n, (0.26, 0.26, 0.25, 0.23)))
    _who_and_where(world, draw, a)
    _rhythms(draw, a)
    _life(world, draw, a)
    _paper(world, draw, a)
    _import_bought(world, draw, a)
    _twins(a)
    a["account_id"] = world.number("accounts", "C", n)
    return a


def _roles(world: World, customers: int) -> Ints:
    bought = max(60, customers // 8) if "bad_import" in world.stories else 0
    sizes = (customers, customers * 45 // 100, customers * 3 // 100, customers * 2 // 100, bought)
    return np.repeat(np.arange(5), sizes)


def _who_and_where(world: World, draw: Draw, a: pd.DataFrame) -> None:
    n, i = len(a), np.arange(len(a)) + world.ids["accounts"]
    trades, names, suffixes = len(words.TRADES), len(words.LAST_NAMES), len(words.SUFFIXES)
    trade, name, suffix = i % trades, (i * 11 + i // trades) % names, (i // 5 + i // 1680) % suffixes
    label = text([each for each, _ in words.TRADES], trade) + " " + text(words.LAST_NAMES, name)
    a["name"] = (label + " " + text(words.SUFFIXES, suffix)).str.strip()
    region = np.where(a["_team"] == 4, draw.index("home", n, (1, 1, 1, 1)), a["_team"])
    flat = [city for team in words.TEAMS[:4] for city in words.CITIES[team]]
    sizes = np.array([len(words.CITIES[team]) for team in words.TEAMS[:4]])
    city = (np.cumsum(sizes) - sizes)[region] + (draw.uniform("city", n) * sizes[region]).astype(np.int64)
    a["postal_code"], a["city"] = text([c[0] for c in flat], city), text([c[1] for c in flat], city)
    later = i >= trades * names * suffixes
    a["name"] = a["name"].mask(later, a["name"] + " " + a["city"])
    a["_prefix"] = text([c[2] for c in flat], city)
    a["street"] = pd.Series(draw.integers("house", n, 1, 148)).astype("str") + " " + text(
        words.STREETS, draw.index("street", n, np.ones(len(words.STREETS))))  # fmt: skip
    a["industry"] = text([each for _, each in words.TRADES], trade)
    if a["_big"].any():
        a.loc[a["_big"], ["name", "industry"]] = list(zip(words.BIG_CUSTOMERS, words.BIG_INDUSTRIES, strict=True))
    a["segment"], a["country"] = text(words.SEGMENTS, a["_segment"].to_numpy()), "FR"
    a["_rep"] = _reps(world, draw, a["_team"].to_numpy())


def _reps(world: World, draw: Draw, team: Ints) -> Ints:
    users, choice = world.users, draw.uniform("rep", len(team))
    active = users["is_sales"] & users["active_to"].isna()
    rep = np.zeros(len(team), dtype=np.int64)
    for each, label in enumerate(_SCOPES):
        members = np.flatnonzero(active & (users["team"] == label))
        rep = np.where(team == each, members[(choice * len(members)).astype(np.int64)], rep)
    return rep


def _rhythms(draw: Draw, a: pd.DataFrame) -> None:
    n, segment = len(a), a["_segment"].to_numpy()
    a["_cycle"] = draw.within("cycle", _CYCLE_LOW[segment], _CYCLE_HIGH[segment])
    a["_scale"] = _SCALE[segment] * (0.7 + 0.6 * draw.uniform("scale", n))
    a.loc[a["_big"], "_cycle"], a.loc[a["_big"], "_scale"] = 12.0, 7.0
    a["_discount"] = _BASE_DISCOUNT[segment] + draw.integers("discount", n, -2, 4)
    a["_days"] = np.array([30, 45, 60])[draw.index("terms", n, (0.4, 0.4, 0.2))]
    a["_slow"] = np.array([-2, 3, 12, 35])[draw.index("payer", n, (0.4, 0.35, 0.18, 0.07))]


def _life(world: World, draw: Draw, a: pd.DataFrame) -> None:
    n, span = len(a), int((world.until - world.start).astype(int))
    old = world.start - draw.integers("old", n, 20, 2400) * DAY
    new = world.start + (span * draw.uniform("new", n) ** 0.8).astype(np.int64) * DAY
    joined = np.where(a["_role"] == CUSTOMER, draw.chance("joined", n, 0.28), draw.chance("fresh", n, 0.85))
    created = np.where(joined & ~a["_big"], np.minimum(new, world.until), old)
    created = created - np.where(np.is_busday(created), 0, 3) * DAY  # nobody types an account in on a week-end
    a["created_at"] = at(created, draw, "created")
    begin = np.maximum(created + draw.integers("first", n, 8, 60) * DAY, world.start)
    life = (world.until - 10 * DAY - begin).astype(np.int64)
    stop = begin + (90 + (np.maximum(life - 90, 0) * draw.uniform("stop", n)).astype(np.int64)) * DAY
    stops = draw.chance("stops", n, 0.2) & (life > 120) & ~a["_big"].to_numpy()
    a["_begin"], a["_stop"] = begin, np.where(stops, stop, world.until + DAY)
    lost = world.stories.get("big_customer_lost")
    if lost:
        a.loc[a["name"] == lost.where, "_stop"] = np.datetime64(lost.since)
    a["_answers"] = draw.chance("answers", n, 0.6) & ~a["_big"].to_numpy()
    a["is_active"] = True
    group = draw.integers("group", n, 1, len(words.BIG_CUSTOMERS))
    belongs = draw.chance("belongs", n, 0.02) & (a["_role"] == CUSTOMER).to_numpy() & ~a["_big"].to_numpy()
    a["parent_account_id"] = blank("C" + pd.Series(group).astype("str").str.zfill(7), ~belongs)


def _paper(world: World, draw: Draw, a: pd.DataFrame) -> None:
    n = len(a)
    owner = world.owners(a["_rep"].to_numpy(), np.full(n, world.until))
    a["owner_id"] = blank(text(list(world.users["user_id"]), owner), draw.chance("no owner", n, 0.02))
    a["_domain"] = slug(a["name"]) + ".example"
    a["phone"] = blank(phone(draw, "phone", a["_prefix"]), draw.chance("no phone", n, 0.1))
    a["email"] = blank("contact@" + a["_domain"], draw.chance("no mail", n, 0.25))
    a["website"] = blank("https://www." + a["_domain"], draw.chance("no site", n, 0.35))
    siren = luhn(draw, "siren", n, 8)
    a["registration_no"] = blank(luhn(draw, "siret", n, 4, siren), draw.chance("no siret", n, 0.05))
    wrong = draw.chance("wrong siret", n, 0.02)
    a["registration_no"] = a["registration_no"].mask(wrong, a["registration_no"].str[:-2] + "00")
    key = pd.Series((12 + 3 * (siren.astype("int64") % 97)) % 97).astype("str").str.zfill(2)
    a["vat_no"] = blank("FR" + key + siren, draw.chance("no vat", n, 0.3))
    a["industry"] = blank(a["industry"], draw.chance("no industry", n, 0.08))
    a["street"] = blank(a["street"], draw.chance("no street", n, 0.05))
    limit = np.ceil(a["_scale"] / a["_cycle"] * 60) * 2500
    a["credit_limit"] = limit.where((a["_role"] == CUSTOMER) & ~draw.chance("no limit", n, 0.2))
    a["order_cycle_days"] = (a["_cycle"] * 1.3).round().where((a["_role"] == CUSTOMER) & draw.chance("cycle", n, 0.03))
    a["source"] = blank(
        text(words.SOURCES[:5], draw.index("source", n, (3, 2, 2, 2, 1))), draw.chance("no src", n, 0.06)
    )
    a["created_by"] = a["owner_id"].where(a["created_at"] >= world.start, "reprise")


def _import_bought(world: World, draw: Draw, a: pd.DataFrame) -> None:
    """The rows of the bought file: one minute of one night, no e-mail, a phone of zeros."""
    story = world.stories.get("bad_import")
    rows = a["_role"] == BOUGHT
    if story is None:
        return
    team = words.TEAMS.index(story.where)
    a.loc[rows, "_team"] = team
    a.loc[rows, "_rep"] = _reps(world, draw, np.full(len(a), team))[rows]
    a.loc[rows, "owner_id"] = text(list(world.users["user_id"]), a.loc[rows, "_rep"].to_numpy()).to_numpy()
    a.loc[rows, "created_at"] = import_moment(world) + (np.arange(rows.sum()) % 50).astype("m8[s]")
    a.loc[rows, ["created_by", "source", "phone"]] = ["import", "Achat de fichier", "0000000000"]
    a.loc[rows, ["email", "website", "registration_no", "vat_no", "industry"]] = None


def import_moment(world: World) -> np.datetime64:
    """When the bad import ran: 02:14 on its day."""
    return np.datetime64(world.stories["bad_import"].since, "s") + np.timedelta64(2 * 3600 + 14 * 60, "s")


def _twins(a: pd.DataFrame) -> None:
    """The twin records copy the registration number, town and name (in capitals) of the first customers."""
    twins = np.flatnonzero(a["_role"] == TWIN)
    first = len(words.BIG_CUSTOMERS) + np.arange(len(twins))
    for column in ("registration_no", "postal_code", "city", "street", "industry", "_domain"):
        a.loc[twins, column] = a[column].to_numpy()[first]
    a.loc[twins, "name"] = a["name"].str.upper().to_numpy()[first]


def slug(names: pd.Series) -> pd.Series:
    """Names as they stand in an address: no accent, no blank."""
    plain = names.str.lower().str.translate(str.maketrans("àâäéèêëîïôöùûüç'& ", "aaaeeeeiioouuuc---"))
    return plain.str.replace(r"-+", "-", regex=True)


def phone(draw: Draw, stream: str, prefix: pd.Series) -> pd.Series:
    """Phone numbers in the range kept for fiction of a region, written with spaces."""
    last = pd.Series(draw.integers(stream, len(prefix), 0, 9999)).astype("str").str.zfill(4)
    return prefix.reset_index(drop=True) + " " + last.str[:2] + " " + last.str[2:]


def luhn(draw: Draw, stream: str, n: int, digits: int, before: pd.Series | None = None) -> pd.Series:
    """``digits`` random digits after ``before``, and the check digit that makes the whole valid."""
    body = pd.Series(draw.integers(stream, n, 10 ** (digits - 1), 10**digits - 1)).astype("str")
    if before is not None:
        body = before.reset_index(drop=True) + body
    values = body.astype("int64").to_numpy()
    total, place = np.zeros(n, dtype=np.int64), 0
    for place in range(digits + (0 if before is None else 9)):
        digit = values // 10**place % 10 * (2 if place % 2 == 0 else 1)
        total += digit - 9 * (digit > 9)
    return body + pd.Series((-total) % 10).astype("str")


def contacts(world: World, part: int, a: pd.DataFrame) -> pd.DataFrame:
    """One to four people per account; duplicates, placeholders and gaps as in any CRM."""
    draw = world.draw(part)
    who, rank = repeat(1 + draw.index("contacts", len(a), (0.3, 0.35, 0.25, 0.1)))
    n = len(who)
    c = pd.DataFrame({"_account": who, "_rank": rank})
    last, first = draw.integers("last", n, 0, 69), draw.integers("first name", n, 0, 29)
    c["last_name"], c["first_name"] = text(words.LAST_NAMES, last), text(words.FIRST_NAMES, first)
    job = draw.index("job", n, (3, 2, 2, 2, 2, 1, 1, 1))
    c["job_title"] = blank(text([j for j, _ in words.JOBS], job), draw.chance("no job", n, 0.14))
    c["department"] = blank(text([d for _, d in words.JOBS], job), draw.chance("no department", n, 0.25))
    local = slug(text(words.FIRST_NAMES, first)) + "." + slug(text(words.LAST_NAMES, last))
    c["email"] = local + "@" + a["_domain"].to_numpy()[who]
    c["phone"] = phone(draw, "contact phone", a["_prefix"].iloc[who])
    c["mobile"] = blank(
        "06 39 98" + phone(draw, "mobile", pd.Series([""] * n, dtype="str")), ~draw.chance("mob", n, 0.45)
    )
    c["is_decision_maker"], c["opted_out"] = rank == 0, draw.chance("opted out", n, 0.03)
    _dirt(draw, c)
    _dates(world, draw, a, c)
    _duplicates(draw, c)
    _ruin(world, a, c)
    c["account_id"] = blank(a["account_id"].iloc[who].reset_index(drop=True), draw.chance("orphan", n, 0.01))
    c["contact_id"] = world.number("contacts", "K", n)
    return c


def _dirt(draw: Draw, c: pd.DataFrame) -> None:
    n = len(c)
    c["email"] = blank(c["email"], draw.chance("no e-mail", n, 0.09))
    c["email"] = c["email"].mask(draw.chance("bad e-mail", n, 0.02), c["email"].str.replace("@", " ", regex=False))
    c["email"] = c["email"].mask(draw.chance("n/a", n, 0.015), "n/a")
    c["phone"] = blank(c["phone"], draw.chance("no contact phone", n, 0.1))
    c["phone"] = c["phone"].mask(draw.chance("zeros", n, 0.02), "0000000000")
    c["last_name"] = c["last_name"].mask(draw.chance("test", n, 0.006), "test")
    c["job_title"] = c["job_title"].mask(draw.chance("dash", n, 0.02), "-")
    c["first_name"] = blank(c["first_name"], draw.chance("no first name", n, 0.06))


def _dates(world: World, draw: Draw, a: pd.DataFrame, c: pd.DataFrame) -> None:
    n, created = len(c), a["created_at"].to_numpy()[c["_account"]].astype("M8[D]")
    age = (world.until - created).astype(np.int64)
    made = created + np.where(c["_rank"] == 0, 0, (age * draw.uniform("made", n)).astype(np.int64)) * DAY
    left = np.maximum((world.until - made).astype(np.int64), 0)
    updated = made + (left * draw.uniform("updated", n)).astype(np.int64) * DAY
    checked = np.where(draw.chance("verified", n, 0.4), updated, NEVER)
    first = c["_rank"].to_numpy() == 0
    c["created_at"] = np.where(first, a["created_at"].to_numpy()[c["_account"]], at(made, draw, "made at"))
    c["updated_at"] = np.maximum(at(updated, draw, "updated at"), c["created_at"])
    c["last_verified_at"] = np.where(np.isnat(checked), NEVER, c["updated_at"].to_numpy())


def _duplicates(draw: Draw, c: pd.DataFrame) -> None:
    """Some second contacts are the first one of their account, typed in again in other letters."""
    twin = (c["_rank"] == 1).to_numpy() & draw.chance("twin", len(c), 0.12)
    first = np.flatnonzero(twin) - 1
    for column in ("last_name", "first_name", "email"):
        c.loc[twin, column] = c[column].str.upper().to_numpy()[first]


def _ruin(world: World, a: pd.DataFrame, c: pd.DataFrame) -> None:
    """The bad import overwrote the contacts of its team (all but the newest) and brought its own."""
    story = world.stories.get("bad_import")
    if story is None:
        return
    moment = import_moment(world)
    old = c["created_at"] <= moment + np.timedelta64(60, "s")
    hit = (a["_team"].to_numpy()[c["_account"]] == words.TEAMS.index(story.where)) & old
    c.loc[hit, ["email", "mobile"]] = None
    c.loc[hit, "phone"] = "0000000000"
    c.loc[hit, "updated_at"] = np.maximum(
        moment + (np.arange(hit.sum()) % 60).astype("m8[s]"), c.loc[hit, "created_at"]
    )
    c.loc[hit, "last_verified_at"] = NEVER
    c.loc[hit, "source_system"] = "import"
