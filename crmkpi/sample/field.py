"""What reps and customers do: visits, calls, mails in and out, requests, action plans.

Below it: selling, parties, world, clock, draw, words.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkpi.sample import words
from crmkpi.sample.clock import DAY, NEVER, at, off
from crmkpi.sample.draw import Draw
from crmkpi.sample.parties import CUSTOMER, PROSPECT, blank, text
from crmkpi.sample.selling import days, stage_day
from crmkpi.sample.stories import in_story
from crmkpi.sample.world import World

_VISIT_CYCLE, _AHEAD = np.array([16.0, 28, 42, 80]), 45 * DAY
_CARELESS = "Yann Guéguen"
"""The rep who writes few visit reports, with or without stories."""


def activities(
    world: World,
    part: int,
    a: pd.DataFrame,
    c: pd.DataFrame,
    o: pd.DataFrame,
    q: pd.DataFrame,
    x: pd.DataFrame,
    d: pd.DataFrame,
) -> pd.DataFrame:
    """Every activity in the order of its day; orders get the visit they came from."""
    draw = world.draw(part)
    parts = [
        _visits(world, draw, a),
        _mails(world, draw, a),
        _calls(world, draw, a),
        _on_deals(world, draw, o),
        _follow_ups(world, draw, o),
        _next_on_deals(world, draw, o),
        _on_quotes(world, draw, q),
        _on_leads(world, draw, x),
        _welcome(world, draw, a),
    ]
    t = pd.concat(parts, ignore_index=True)
    t = t.sort_values("_moment", kind="stable", ignore_index=True)
    n, who = len(t), t["_account"].to_numpy()
    t["activity_id"] = world.number("activities", "V", n)
    t["account_id"] = blank(pd.Series(a["account_id"].to_numpy()[np.maximum(who, 0)]), who < 0)
    owner = world.owners(a["_rep"].to_numpy()[np.maximum(who, 0)], days(t, "_moment"))
    t["_owner"] = np.where(t["_lead_owner"].notna(), t["_lead_owner"].fillna(0), owner).astype(np.int64)
    t["owner_id"] = text(list(world.users["user_id"]), t["_owner"].to_numpy())
    first = np.full(len(a), -1)
    first[c["_account"].to_numpy()[::-1]] = np.arange(len(c))[::-1]
    met = (who >= 0) & draw.chance("met", n, 0.7)
    t["contact_id"] = blank(pd.Series(c["contact_id"].to_numpy()[first[np.maximum(who, 0)]]), ~met)
    t["priority"] = blank(text(words.PRIORITIES, draw.index("priority", n, (2, 6, 2))), draw.chance("no prio", n, 0.2))
    _credit(world, draw, d, t)
    return t


def _rows(kind: str, who: np.ndarray, moment: np.ndarray, **more: object) -> pd.DataFrame:
    """Activities done at a moment; ``more`` overrides."""
    base = {"type": kind, "_account": who, "_moment": moment.astype("M8[s]"), "done_at": moment.astype("M8[s]")}
    return pd.DataFrame({**base, "status": "done", "_lead_owner": np.nan, **more})


def _visits(world: World, draw: Draw, a: pd.DataFrame) -> pd.DataFrame:
    role = a["_role"].to_numpy()
    cycle = np.where(role == CUSTOMER, _VISIT_CYCLE[a["_segment"]], 55.0)
    begin = np.maximum(days(a, "created_at") + 6 * DAY, world.start)
    end = np.where(role == CUSTOMER, days(a, "_stop") + 150 * DAY, world.until + _AHEAD)
    end = np.where((role == CUSTOMER) | (role == PROSPECT), np.minimum(end, world.until + _AHEAD), begin)
    who, planned = world.season.rhythm(draw, "visits", cycle, begin, end)
    keep = (planned <= world.until) | draw.chance("booked", len(who), 0.6)
    who, planned = who[keep], planned[keep]
    n = len(who)
    owner = world.owners(a["_rep"].to_numpy()[who], planned)
    done, cancelled = _fate(world, draw, planned, owner)
    moment = at(planned, draw, "visit at")
    later = (done - planned).astype("m8[s]")
    v = _rows("visit", who, moment, planned_at=moment, done_at=np.where(np.isnat(done), NEVER, moment + later))
    v["cancelled_at"] = at(cancelled, draw, "visit off at")
    past = np.isnat(done) & np.isnat(cancelled) & (planned <= world.until)
    v["status"] = np.where(~np.isnat(done), "done", np.where(~np.isnat(cancelled), "cancelled", "planned"))
    why = text(words.LATE_REASONS, draw.index("late why", n, (4, 3, 2, 1)))
    delayed = past | (done > planned)
    v["late_reason"] = blank(why, ~delayed | draw.chance("no late why", n, 0.4))
    v["subject"] = text(words.VISIT_SUBJECTS, np.where(role[who] == CUSTOMER, draw.index("visit", n, (4, 2, 3)), 3))
    _reports(world, draw, owner, done, v)
    return v


def _fate(world: World, draw: Draw, planned: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """When each visit was done, or cancelled; neither for those still to come and those overdue."""
    n, u = len(planned), draw.uniform("visit fate", len(planned))
    recent = planned > world.until - 30 * DAY
    off_day = np.minimum(planned - draw.integers("off before", n, 0, 4) * DAY, world.until)
    cancelled = (u < 0.07) & (planned <= world.until + 5 * DAY)
    story = world.stories.get("late_visits")
    lazy = (owner == world.rep(story.where)) & in_story(story, planned) if story else np.zeros(n, dtype=bool)
    dropped = (u >= 0.07) & (u < 0.07 + np.where(lazy, 0.62, np.where(recent, 0.05, 0.006)))
    late = u > 0.93
    done = np.where(late, off(planned, draw.integers("visit late", n, 2, 9)), planned)
    made = (done <= world.until) & ~dropped & ~cancelled
    return np.where(made, done, NEVER), np.where(cancelled, off_day, NEVER)


def _reports(world: World, draw: Draw, owner: np.ndarray, done: np.ndarray, v: pd.DataFrame) -> None:
    n = len(v)
    careful = np.where(owner == world.rep(_CARELESS), 0.58, 0.86 + 0.02 * (owner % 6))
    written = done + draw.index("report after", n, (6, 3, 1)) * DAY
    hit = draw.chance("report", n, careful) & (written <= world.until) & ~np.isnat(done)
    v["report"] = blank(text(words.REPORTS, draw.index("report text", n, np.ones(len(words.REPORTS)))), ~hit)
    moment = v["done_at"].to_numpy() + (written - done).astype("m8[s]") + np.timedelta64(2400, "s")
    v["reported_at"] = np.where(hit, moment, NEVER)
    v["outcome"] = blank(text(words.OUTCOMES, draw.index("outcome", n, (3, 2, 3, 2, 1))), ~hit)


def _mails(world: World, draw: Draw, a: pd.DataFrame) -> pd.DataFrame:
    role, begin = a["_role"].to_numpy(), np.maximum(days(a, "created_at") + 3 * DAY, world.start)
    end = np.where((role == CUSTOMER) | (role == PROSPECT), world.until + DAY, begin)
    who, day = world.season.rhythm(draw, "mails", np.full(len(a), 42.0), begin, end)
    n = len(who)
    answered = day + draw.integers("answer after", n, 0, 4) * DAY
    gone = answered > days(a, "_stop")[who] + np.where(a["_answers"].to_numpy()[who], 200, 5) * DAY
    hit = (
        draw.chance("answer", n, np.where(a["_answers"].to_numpy()[who], 0.5, 0.2)) & ~gone & (answered <= world.until)
    )
    subject = text(words.MAIL_SUBJECTS, draw.index("mail", n, (4, 1, 2, 2, 1)))
    out = _rows("email", who, at(day, draw, "mail at"), direction="out", subject=subject)
    moment = np.maximum(at(answered, draw, "answer at"), out["done_at"].to_numpy() + np.timedelta64(600, "s"))
    back = _rows("email", who, moment, direction="in", subject="RE: " + subject)
    return pd.concat([out, back[hit]], ignore_index=True)


def _calls(world: World, draw: Draw, a: pd.DataFrame) -> pd.DataFrame:
    role, begin = a["_role"].to_numpy(), np.maximum(days(a, "created_at") + 3 * DAY, world.start)
    end = np.minimum(days(a, "_stop") + 60 * DAY, world.until + DAY)
    end = np.where((role == CUSTOMER) | (role == PROSPECT), end, begin)
    who, day = world.season.rhythm(draw, "calls", np.full(len(a), 70.0), begin, end)
    inward = draw.chance("call in", len(who), 0.3) & (day <= days(a, "_stop")[who])
    moment = at(day, draw, "call at")
    return _rows("call", who, moment, direction=np.where(inward, "in", "out"), subject="Appel téléphonique")


def _on_deals(world: World, draw: Draw, o: pd.DataFrame) -> pd.DataFrame:
    """One step of every deal on the way into each of its stages."""
    parts = []
    for stage, kind in enumerate(("call", "meeting", "email", "call")):
        moment = at(off(stage_day(o, stage), 0), draw, f"deal step {stage}")
        hit = (moment.astype("M8[D]") <= np.minimum(days(o, "_end"), world.until)) & (
            moment >= o["created_at"].to_numpy()
        )
        way = None if kind == "meeting" else "out"
        rows = _rows(kind, o["_account"].to_numpy(), moment, direction=way, subject="Suivi d'affaire")
        if kind == "meeting":
            told = draw.chance("meeting report", len(rows), 0.87)
            story = text(words.REPORTS, draw.index("meeting text", len(rows), np.ones(len(words.REPORTS))))
            rows["planned_at"], rows["report"] = rows["_moment"], blank(story, ~told)
            rows["reported_at"] = np.where(told, moment + np.timedelta64(2400, "s"), NEVER)
        parts.append(rows.assign(opportunity_id=o["opportunity_id"])[hit])
    return pd.concat(parts, ignore_index=True)


def _follow_ups(world: World, draw: Draw, o: pd.DataFrame) -> pd.DataFrame:
    """Calls and mails between the stages; some deals are left alone for weeks."""
    cycle = np.where(draw.chance("left alone", len(o), 0.2), 60.0, 10.0)
    end = np.minimum(days(o, "_end"), world.until + DAY)
    deal, day = world.season.rhythm(draw, "follow-ups", cycle, days(o, "_day") + DAY, end)
    kind = np.where(draw.chance("by call", len(deal), 0.5), "call", "email")
    rows = _rows("call", o["_account"].to_numpy()[deal], at(day, draw, "follow-up at"), direction="out")
    return rows.assign(type=kind, opportunity_id=o["opportunity_id"].to_numpy()[deal], subject="Suivi d'affaire")


def _next_on_deals(world: World, draw: Draw, o: pd.DataFrame) -> pd.DataFrame:
    n = len(o)
    moment = at(off(np.full(n, world.until), draw.integers("next in", n, 0, 18)), draw, "next at")
    rows = _rows("call", o["_account"].to_numpy(), moment, planned_at=moment, done_at=NEVER, status="planned")
    rows["direction"], rows["subject"] = "out", "Relancer l'affaire"
    return rows.assign(opportunity_id=o["opportunity_id"])[
        (o["status"] == "open").to_numpy() & draw.chance("next", n, 0.8)
    ]


def _on_quotes(world: World, draw: Draw, q: pd.DataFrame) -> pd.DataFrame:
    """The follow-up that ``last_follow_up_at`` speaks of."""
    rows = _rows("email", q["_account"].to_numpy(), q["last_follow_up_at"].to_numpy(), direction="out")
    rows = rows.assign(quote_id=q["quote_id"], subject="Relance du devis " + q["number"])
    return rows[q["last_follow_up_at"].notna()]


def _on_leads(world: World, draw: Draw, x: pd.DataFrame) -> pd.DataFrame:
    """The first contact of most leads, and a call after their qualification; some are forgotten."""
    first = _lead_calls(world, draw, x, "assigned_at", "touched", "Premier contact", 3 * 86400, 0.82)
    second = _lead_calls(world, draw, x, "qualified_at", "called", "Suivi du lead", 2 * 86400, 0.9)
    return pd.concat([first, second], ignore_index=True)


def _lead_calls(
    world: World, draw: Draw, x: pd.DataFrame, after: str, stream: str, subject: str, seconds: int, share: float
) -> pd.DataFrame:
    moment = x[after].to_numpy() + draw.integers(f"{stream} after", len(x), 1800, seconds).astype("m8[s]")
    moment = np.where(moment.astype("M8[D]") <= world.until, moment, NEVER)
    rows = _rows("call", x["_account"].to_numpy(), moment, direction="out", subject=subject)
    rows = rows.assign(lead_id=x["lead_id"], _lead_owner=x["_owner"].astype("float64"))
    return rows[~np.isnat(moment) & draw.chance(stream, len(x), share)]


def _welcome(world: World, draw: Draw, a: pd.DataFrame) -> pd.DataFrame:
    """The first call to a new prospect, within a week for most."""
    day = off(days(a, "created_at") + draw.integers("welcome after", len(a), 1, 5) * DAY, 0)
    fresh = (days(a, "created_at") >= world.start) & a["_role"].isin([CUSTOMER, PROSPECT]).to_numpy()
    hit = fresh & (day <= world.until) & draw.chance("welcome", len(a), 0.8)
    moment = at(day, draw, "welcome at")
    return _rows("call", np.arange(len(a)), moment, direction="out", subject="Prise de contact")[hit]


def _credit(world: World, draw: Draw, d: pd.DataFrame, t: pd.DataFrame) -> None:
    """Some orders name the visit they came from: the last one done to that customer in 30 days."""
    v = t[(t["type"] == "visit") & (t["status"] == "done")].sort_values(["_account", "done_at"], kind="stable")
    key = v["_account"].to_numpy() * 100_000 + days(v, "done_at").astype(np.int64)
    mine = d["_account"].to_numpy() * 100_000 + days(d, "_day").astype(np.int64)
    found = np.searchsorted(key, mine, side="right") - 1
    near = (found >= 0) & (mine - key[np.maximum(found, 0)] <= 30) if len(key) else np.zeros(len(d), dtype=bool)
    hit = near & draw.chance("credited", len(d), 0.2) & d["account_id"].notna().to_numpy()
    d["activity_id"] = blank(pd.Series(v["activity_id"].to_numpy()[np.maximum(found, 0)]), ~hit)


def tickets(world: World, part: int, a: pd.DataFrame) -> pd.DataFrame:
    """Customers' requests: most closed in time, some late, a few still open."""
    draw = world.draw(part)
    begin = days(a, "_begin")
    end = np.where(a["_role"] == CUSTOMER, np.minimum(days(a, "_stop"), world.until + DAY), begin)
    who, day = world.season.rhythm(draw, "tickets", np.full(len(a), 300.0), begin, end)
    k = pd.DataFrame({"_account": who, "_day": day}).sort_values("_day", kind="stable", ignore_index=True)
    n, day = len(k), days(k, "_day")
    closed = off(day, draw.integers("solved after", n, 0, 12))
    closed = np.where((closed <= world.until) & ~draw.chance("forgotten", n, 0.012), closed, NEVER)
    k["ticket_id"], k["opened_at"] = world.number("tickets", "T", n), at(day, draw, "opened at")
    k["number"], k["account_id"] = "REQ-" + k["ticket_id"].str[1:], a["account_id"].to_numpy()[k["_account"]]
    owner = world.owners(a["_rep"].to_numpy()[k["_account"]], day)
    k["owner_id"] = text(list(world.users["user_id"]), owner)
    k["subject"] = text(words.TICKET_SUBJECTS, draw.index("request", n, (4, 2, 3, 2, 3, 1)))
    k["priority"] = text(words.PRIORITIES, draw.index("request prio", n, (2, 6, 2)))
    k["due_at"] = off(day, draw.integers("request due", n, 3, 10)).astype("M8[s]") + np.timedelta64(18 * 3600, "s")
    closed = at(closed, draw, "closed at")
    k["closed_at"] = np.where(np.isnat(closed), NEVER, np.maximum(closed, k["opened_at"].to_numpy()))
    k["status"] = np.where(k["closed_at"].isna(), "open", "closed")
    return k
