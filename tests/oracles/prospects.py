"""New prospects and what became of them (indicators.md 3.2): accounts and leads, one company once."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction

from .answers import DAY, WHOLE, Data, Fact, Question, Spec, answer, by_then, day_of
from .calendar import first_of, months_from
from .data_health import as_moment, email_ok, filled, is_order, normal, place_key

PUBLIC = (
    "gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr live.com live.fr msn.com yahoo.com yahoo.fr "
    "icloud.com me.com aol.com gmx.com gmx.fr proton.me protonmail.com orange.fr wanadoo.fr free.fr sfr.fr neuf.fr "
    "laposte.net bbox.fr"
)
MATURITY, FIRST_CONTACT, BULK = 90, 7, 50


@dataclass
class Candidate:
    """An account or a lead that may be a new prospect."""

    id: str
    row: dict
    table: str
    code: str = ""

    @property
    def order(self) -> tuple[dt.datetime, str]:
        """The older first."""
        return as_moment(self.row.get("created_at")), self.id


def first_purchase(data: Data, who: str | None) -> dt.date | None:
    """The first day of an order or a posted invoice."""
    if who is None:
        return None
    bought = [row["order_date"] for row in data.by("orders", "account_id").get(who, []) if is_order(row)]
    billed = [
        row["invoice_date"] for row in data.by("invoices", "account_id").get(who, []) if row["status"] == "posted"
    ]
    return min((day for day in bought + billed if day), default=None)


def keys(one: Candidate) -> set[tuple]:
    """What says which company it is."""
    row, found = one.row, set()
    number = _plain(row.get("registration_no"))
    if filled(row.get("registration_no")) and number:
        found.add(("registration", number[:9] if re.fullmatch(r"[0-9]{9,}", number) else number))
    if filled(row.get("vat_no")) and _plain(row["vat_no"]):
        found.add(("vat", _plain(row["vat_no"])))
    if filled(row.get("email")) and email_ok(row["email"]):
        domain = row["email"].strip().lower().rpartition("@")[2]
        found |= {("domain", domain)} - {("domain", each) for each in PUBLIC.split()}
    name = row.get("company") if one.table == "leads" else row.get("name")
    if one.table == "accounts" and (place := place_key(row)):
        found.add(place)
    return found | ({(f"{one.table} name", normal(name))} if filled(name) and normal(name) else set())


def _plain(text: str | None) -> str:
    return re.sub(r"[^0-9A-Z]", "", (text or "").upper())


def same_company(one: Candidate, other: Candidate) -> bool:
    """Whether two records are one company; a lead has no postcode: its name alone tells it from others."""
    mine, others = keys(one), keys(other)
    if mine & others - {key for key in mine if key[0] == "accounts name"}:
        return True
    names = [{key[1] for key in each if key[0].endswith("s name")} for each in (mine, others)]
    return "leads" in (one.table, other.table) and bool(names[0] & names[1])


def candidates(data: Data, bulk: int = BULK) -> list[Candidate]:
    """Every account and lead, with the first reason that leaves it out."""
    return data.once(("candidates", bulk), lambda: _candidates(data, bulk))


def _candidates(data: Data, bulk: int) -> list[Candidate]:
    every = [Candidate(row["account_id"], row, "accounts") for row in data.rows("accounts")]
    every += [Candidate(f"lead:{row['lead_id']}", row, "leads") for row in data.rows("leads")]
    for one in every:
        one.code = _first_reason(data, one)
    companies = [one for one in every if one.code not in ("other", "linked_lead") and one.row.get("type") != "other"]
    older: dict[tuple, list[Candidate]] = {}
    for one in sorted(companies, key=lambda one: one.order):
        near = {id(other): other for key in _buckets(one) for other in older.get(key, [])}
        if not one.code and any(same_company(one, other) for other in near.values()):
            one.code = "duplicate"
        for key in _buckets(one):
            older.setdefault(key, []).append(one)
    for one in _bulky(every, bulk):
        one.code = one.code or "bulk_import"
    return every


def _buckets(one: Candidate) -> set[tuple]:
    return {("any name", key[1]) if key[0].endswith("s name") else key for key in keys(one)}


def _first_reason(data: Data, one: Candidate) -> str:
    if one.table == "leads":
        return "linked_lead" if data.one("accounts", "account_id", one.row.get("account_id")) else ""
    bought, created = first_purchase(data, one.id), day_of(one.row.get("created_at"))
    if bought is not None and (created is None or bought <= created):
        return "customer"
    return "other" if one.row.get("type") == "other" else ""


def _bulky(every: list[Candidate], bulk: int) -> list[Candidate]:
    """Those of more than so many by one creator, or of one source, within a minute."""

    def marks(one: Candidate) -> list[tuple]:
        created = one.row.get("created_at")
        minute = None if created is None else as_moment(created).replace(second=0, microsecond=0)
        told = [(name, one.row.get(name), minute) for name in ("created_by", "source")]
        return [mark for mark in told if mark[1] is not None and minute is not None]

    counts = Counter(mark for one in every for mark in marks(one))
    return [one for one in every if any(counts[mark] > bulk for mark in marks(one))]


def load_days(data: Data) -> set[str]:
    """The tables all of whose creation dates are one day: the day they were loaded."""
    found = set()
    for table in ("accounts", "leads"):
        days = [day_of(row["created_at"]) for row in data.rows(table) if row.get("created_at")]
        if len(days) >= 2 and len(set(days)) == 1:
            found.add(table)
    return found


def _fact(data: Data, one: Candidate, day: dt.date | None, **more) -> Fact:
    left, code = ("excluded", one.code) if one.code else ("", "")
    loaded = data.once("load days", lambda: load_days(data))
    if "accounts" in loaded or one.table in loaded:  # nobody knows when it was created
        day = None
        left, code = (left, code) if left else ("missing", "load_day")
    own = {"source": one.row.get("source"), "prospect_type": one.table[:-1]}
    return Fact(one.id, day, one.row.get("account_id"), one.row.get("owner_id"), left=left, code=code, own=own, **more)


def touched(data: Data, one: Candidate, data_day: dt.date) -> bool:
    """Whether something was done with it from its creation on, as the data know."""
    created = day_of(one.row.get("created_at"))
    name, value = ("account_id", one.id) if one.table == "accounts" else ("lead_id", one.row["lead_id"])
    return created is not None and any(
        by_then(row.get("done_at"), data_day) and day_of(row["done_at"]) >= created
        for row in data.by("activities", name).get(value, [])
    )


def new_prospects(data: Data, bulk: int, data_day: dt.date) -> list[Fact]:
    """One fact per company created; an alert for one whom nobody has contacted, 7 days later."""
    found = []
    for one in candidates(data, bulk):
        created = day_of(one.row.get("created_at"))
        old = created is not None and created + FIRST_CONTACT * DAY < data_day
        late = old and not touched(data, one, data_day)
        found.append(_fact(data, one, created, severity="P2" if late else None))
    return found


def converted(data: Data, bulk: int) -> list[Fact]:
    """The same companies, 90 days later: those with a first order by then."""
    found = []
    for one in candidates(data, bulk):
        created = day_of(one.row.get("created_at"))
        end = None if created is None else created + MATURITY * DAY
        rows = data.by("orders", "account_id").get(one.id, []) if one.table == "accounts" else []
        won = end is not None and any(is_order(row) and row["order_date"] and row["order_date"] <= end for row in rows)
        found.append(_fact(data, one, end, num=int(won), den=1))
    return found


def specs(data_day: dt.date, bulk: int = BULK) -> dict[str, Spec]:
    """The figures of data loaded on a day, under some settings."""
    found = [
        Spec("new_prospects", "flow", lambda d, s: new_prospects(d, bulk, data_day), "accounts", target="new_prospects",
             helps=("orders",), needs=("accounts",)),
        Spec("prospect_conversion_rate", "flow", lambda d, s: converted(d, bulk), "accounts", ratio=True,
             needs=("accounts", "orders")),
    ]  # fmt: skip
    return {each.name: each for each in found}


def pace(data: Data, spec: Spec, asked: Question) -> dict[tuple, Fraction | None]:
    """New prospects of the month so far, over what the 12 months before bring in as many days; by group."""
    last = min(asked.as_of, asked.period.end - DAY)
    number = last.year * 12 + last.month - 1
    months = [months_from(first_of(number - back), 1, "month") for back in range(13)]
    asks = [replace(asked, period=month, as_of=last) for month in months]
    every = {key for each in asks for key in answer(data, spec, each)} - {WHOLE}
    rows = [answer(data, spec, each, every) for each in asks]
    found: dict[tuple, Fraction | None] = {}
    for key in every:
        values = [each[key]["value"] for each in rows]
        days = [(month.end - month.start).days for month in months]
        past = [(value, length) for value, length in zip(values[1:], days[1:], strict=True) if value is not None]
        usual = Fraction(sum(value for value, _ in past), sum(length for _, length in past)) if past else Fraction(0)
        expected = usual * ((last - months[0].start).days + 1)
        found[key] = values[0] / expected if values[0] is not None and expected else None
    return found
