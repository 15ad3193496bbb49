"""Completeness and quality of the records (indicators.md 3.1), one record at a time."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .answers import Data, Fact, Span, Spec, by_then, day_of, existed, months_before

WEIGHTS = {"completeness": 40, "validity": 20, "uniqueness": 15, "freshness": 15, "consistency": 10}


def filled(value: str | None) -> bool:
    """Whether a text says something: not blank, ``-``, ``n/a``, ``test``, only zeros, dashes or dots."""
    text = (value or "").strip().lower()
    return text not in ("", "n/a", "test") and not re.fullmatch(r"0+|[-.]+", text)


def is_french(row: dict) -> bool:
    """Whether an account is in France (the default country of these tests)."""
    country = row["country"] if filled(row.get("country")) else "FR"
    return country.strip().lower() in ("fr", "fra", "france")


def luhn(digits: str) -> bool:
    """The checksum of SIREN and SIRET numbers.

    >>> luhn("732829320"), luhn("732829321")
    (True, False)
    """
    doubled = [2 * int(each) if n % 2 else int(each) for n, each in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def registration_ok(text: str) -> bool:
    """A SIREN (9) or SIRET (14) whose checksum is right; the SIRETs of La Poste add up to a multiple of 5."""
    digits = re.sub(r"[\s.]", "", text)
    if not re.fullmatch(r"[0-9]{9}|[0-9]{14}", digits):
        return False
    poste = len(digits) == 14 and digits.startswith("356000000")
    return luhn(digits) or (poste and sum(map(int, digits)) % 5 == 0)


def email_ok(text: str) -> bool:
    """Something, one @, something with a dot and two characters more."""
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}", text.strip()))


def phone_ok(text: str) -> bool:
    """Six to fifteen digits, once the usual separators are gone."""
    return bool(re.fullmatch(r"\+?[0-9]{6,15}", re.sub(r"[\s.()/-]", "", text)))


def postcode_ok(text: str, french: bool) -> bool:
    """Five digits in France; elsewhere letters, digits, spaces and dashes."""
    return bool(re.fullmatch(r"[0-9]{5}" if french else r"[A-Za-z0-9][A-Za-z0-9 -]{1,9}", text.strip()))


def vat_ok(text: str, french: bool) -> bool:
    """The country's two letters and its number."""
    code = vat_key(text)
    return bool(re.fullmatch(r"FR[0-9A-Z]{2}[0-9]{9}" if french else r"[A-Z]{2}[0-9A-Z]{2,12}", code))


def vat_key(text: str) -> str:
    """A VAT number without its separators."""
    return re.sub(r"[\s.-]", "", text).upper()


def normal(text: str | None) -> str:
    """Lower case, without accents, letters and digits only.

    >>> normal("Île-de-France SA")
    'iledefrancesa'
    """
    plain = unicodedata.normalize("NFD", (text or "").lower().replace("œ", "oe").replace("æ", "ae"))
    return re.sub(r"[^a-z0-9]", "", plain)


def is_expected(row: dict) -> bool:
    """Whether an account is one of the records: every type but *other*."""
    return row.get("type") != "other"


def fields(row: dict, table: str) -> dict[str, bool]:
    """Whether each expected field of a record is filled."""
    if table == "contacts":
        values = {name: row.get(name) for name in ("last_name", "job_title", "department", "email")}
        found = {name: filled(value) for name, value in values.items()}
        found["phone"] = filled(row.get("phone")) or filled(row.get("mobile"))
        return found | {"account": filled(row.get("account_id"))}
    values = {"name": row.get("name"), "owner": row.get("owner_id"), "industry": row.get("industry")}
    found = {name: filled(value) for name, value in values.items()}
    found["address"] = filled(row.get("street")) and filled(row.get("city"))
    return found | {"registration_no": filled(row.get("registration_no"))}


def checks(row: dict, table: str) -> list[bool]:
    """Of each filled field that can be checked, whether it is valid."""
    phones = ["phone", "mobile"] if table == "contacts" else ["phone"]
    found = [phone_ok(row[name]) for name in phones if filled(row.get(name))]
    found += [email_ok(row["email"])] if filled(row.get("email")) else []
    if table == "contacts":
        return found
    french = is_french(row)
    found += [postcode_ok(row["postal_code"], french)] if filled(row.get("postal_code")) else []
    found += [vat_ok(row["vat_no"], french)] if filled(row.get("vat_no")) else []
    return found + ([registration_ok(row["registration_no"])] if french and filled(row.get("registration_no")) else [])


def place_key(row: dict) -> tuple | None:
    """The name and the postcode of an account, if both say something."""
    name = normal(row["name"]) if filled(row.get("name")) else ""
    return ("name", name, row["postal_code"].strip().upper()) if name and filled(row.get("postal_code")) else None


def key_of(row: dict, table: str) -> tuple | None:
    """What another record must not have too: e-mail, else name and account; registration number, else name and place."""
    if table == "contacts":
        if filled(row.get("email")):
            return "email", row["email"].strip().lower()
        name = normal("".join(row[each] for each in ("last_name", "first_name") if filled(row.get(each))))
        known = filled(row.get("last_name")) and name and row.get("account_id") is not None
        return ("name", name, row["account_id"]) if known else None
    number = re.sub(r"[^0-9A-Z]", "", (row.get("registration_no") or "").upper())
    if filled(row.get("registration_no")) and number:
        return "registration", number
    return place_key(row)


LONG_AGO = dt.datetime(1, 1, 1)


def as_moment(value: dt.date | dt.datetime | None) -> dt.datetime:
    """A day as its midnight; without one, always."""
    if value is None or isinstance(value, dt.datetime):
        return value or LONG_AGO
    return dt.datetime.combine(value, dt.time())


def surplus(data: Data, table: str) -> set[str]:
    """The ids of the records whose key an older one has."""
    return data.once(("surplus", table), lambda: _surplus(data, table))


def _surplus(data: Data, table: str) -> set[str]:
    name = f"{table[:-1]}_id"
    rows = [row for row in data.rows(table) if table == "contacts" or is_expected(row)]
    rows.sort(key=lambda row: (as_moment(row.get("created_at")), row[name]))
    seen: set[tuple] = set()
    found = set()
    for row in rows:
        key = key_of(row, table)
        if key in seen:
            found.add(row[name])
        if key is not None:
            seen.add(key)
    return found


def _recent(moment: Any, day: dt.date) -> bool:
    return by_then(moment, day) and day < months_before(day_of(moment), -12)


def _updates_tell(data: Data) -> bool:
    """Whether the update days of contacts mean something: fewer than 95 % share one."""
    days = [day_of(row["updated_at"]) for row in data.rows("contacts") if row.get("updated_at")]
    return bool(days) and max(Counter(days).values()) < Fraction(95, 100) * len(days)


def _signs(data: Data, table: str) -> dict[str, list]:
    """What dates each record: verifications, done activities, orders, posted invoices."""
    return data.once(("signs", table), lambda: _make_signs(data, table))


def _make_signs(data: Data, table: str) -> dict[str, list]:
    key = f"{table[:-1]}_id"
    found: dict[str, list] = {}
    dated = [(row.get(key), row.get("done_at")) for row in data.rows("activities")]
    if table == "contacts":
        dated += [(row[key], row.get("last_verified_at")) for row in data.rows("contacts")]
    else:
        dated += [(row.get(key), row["order_date"]) for row in data.rows("orders") if is_order(row)]
        dated += [(row.get(key), row["invoice_date"]) for row in data.rows("invoices") if row["status"] == "posted"]
    for who, moment in dated:
        if who is not None and moment is not None:
            found.setdefault(who, []).append(moment)
    return found


def is_order(row: dict) -> bool:
    """Whether an order is one: neither draft nor cancelled."""
    return row["status"] in ("confirmed", "delivered")


def freshness(data: Data, row: dict, table: str, day: dt.date) -> int | None:
    """1 if something dates the record within 12 months, else 0; None where the source dates no such record at all."""
    signs, updates = _signs(data, table), table == "contacts" and data.once("updates", lambda: _updates_tell(data))
    if not signs and not updates:
        return None
    mine = signs.get(row[f"{table[:-1]}_id"], []) + ([row.get("updated_at")] if updates else [])
    return int(any(_recent(moment, day) for moment in mine))


def consistency(data: Data, row: dict, table: str) -> int:
    """0 for a contact of no account or a closed one, an account of an unknown parent or owner."""
    if table == "contacts":
        account = data.one("accounts", "account_id", row.get("account_id"))
        return int(bool(account) and account.get("is_active") is not False)
    parent, owner = row.get("parent_account_id"), row.get("owner_id")
    lost = parent is not None and not data.one("accounts", "account_id", parent)
    alone = owner is not None and not data.one("users", "user_id", owner) and bool(data.users)
    return int(not lost and not alone)


def scores(data: Data, row: dict, table: str, day: dt.date) -> dict[str, Fraction | None]:
    """Each dimension of a record in 0..1; None where it can not be measured."""
    name = row[f"{table[:-1]}_id"]
    fresh = freshness(data, row, table, day)
    marks = data.once(("marks", table, name), lambda: _lasting(data, row, table))
    return marks | {"freshness": None if fresh is None else Fraction(fresh)}


def _lasting(data: Data, row: dict, table: str) -> dict[str, Fraction | None]:
    """The dimensions that do not depend on the day: fields are today's."""
    found, right = list(fields(row, table).values()), checks(row, table)
    return {
        "completeness": Fraction(sum(found), len(found)),
        "validity": Fraction(sum(right), len(right)) if right else None,
        "uniqueness": Fraction(row[f"{table[:-1]}_id"] not in surplus(data, table)),
        "consistency": Fraction(consistency(data, row, table)),
    }


def index(marks: dict[str, Fraction | None]) -> Fraction:
    """The score of a record out of 100: its dimensions by weight, over those that can be measured."""
    known = {name: mark for name, mark in marks.items() if mark is not None}
    return 100 * sum(WEIGHTS[name] * mark for name, mark in known.items()) / sum(WEIGHTS[name] for name in known)


def records(data: Data, day: dt.date, tables: tuple[str, ...] = ("contacts", "accounts")) -> list[tuple[dict, str]]:
    """The records that were there at a day, each with its table."""
    return [
        (row, table)
        for table in tables
        for row in data.rows(table)
        if existed(row, day) and (table == "contacts" or is_expected(row))
    ]


def _fact(data: Data, row: dict, table: str, day: dt.date, **more: Any) -> Fact:
    """A fact about a record; a contact's owner is its account's."""
    who = row.get("account_id")
    account = row if table == "accounts" else data.one("accounts", "account_id", who)
    own = {"record_type": table[:-1]} | more.pop("own", {})
    return Fact(
        more.pop("id", f"{table[:-1]}:{row[f'{table[:-1]}_id']}"), day, who, account.get("owner_id"), own=own, **more
    )


def completeness(data: Data, span: Span, tables: tuple[str, ...]) -> list[Fact]:
    """Filled fields over expected ones, per record."""
    found = []
    for row, table in records(data, span.state, tables):
        name = row[f"{table[:-1]}_id"]
        each = data.once(("fields", table, name), lambda row=row, table=table: fields(row, table))
        found.append(_fact(data, row, table, span.state, id=name, num=sum(each.values()), den=len(each)))
    return found


def by_field(data: Data, span: Span) -> list[Fact]:
    """One fact per record and expected field."""
    return [
        _fact(data, row, table, span.state, id=f"{table[:-1]}:{row[f'{table[:-1]}_id']}:{name}", num=int(full), den=1,
              own={"field": name})
        for row, table in records(data, span.state)
        for name, full in data.once(
            ("fields", table, row[f"{table[:-1]}_id"]), lambda row=row, table=table: fields(row, table)
        ).items()
    ]  # fmt: skip


def quality(data: Data, span: Span, name: str) -> list[Fact]:
    """One dimension of each record, or the index; what can not be measured is left out."""
    found = []
    for row, table in records(data, span.state):
        marks = scores(data, row, table, span.state)
        num = index(marks) if name == "index" else marks[name]
        left = "" if num is not None else "missing" if name == "freshness" else "excluded"
        severity = urgent(data, row, table, span.state) if name == "index" else None
        found.append(
            _fact(
                data,
                row,
                table,
                span.state,
                num=num,
                den=1,
                left=left,
                severity=severity,
                code="nothing_dated" if left == "missing" else "",
                listed=marks,
                own={"created_quarter": quarter(row)} if name == "index" else {},
            )
        )
    return found


def quarter(row: dict) -> str | None:
    """The quarter that a record was created in."""
    day = day_of(row.get("created_at"))
    return day and f"{day.year}-Q{1 + (day.month - 1) // 3}"


def revenues(data: Data, day: dt.date) -> dict[str, Decimal]:
    """What each account ordered in the 12 months up to a day."""
    return data.once(("revenues", day), lambda: _revenues(data, day))


def _revenues(data: Data, day: dt.date) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in data.rows("orders"):
        if is_order(row) and row.get("account_id") is not None and _recent(row["order_date"], day):
            found[row["account_id"]] = found.get(row["account_id"], Decimal(0)) + (row["amount"] or 0)
    return found


def reachable(data: Data, account_id: str, day: dt.date) -> bool:
    """Whether somebody of the account can be written to or called, and has not opted out."""
    return any(
        existed(row, day) and not row.get("opted_out")
        and ((filled(row.get("email")) and email_ok(row["email"]))
             or any(filled(row.get(name)) and phone_ok(row[name]) for name in ("phone", "mobile")))
        for row in data.by("contacts", "account_id").get(account_id, [])
    )  # fmt: skip


def big_ones(data: Data, day: dt.date, one_in: int = 5) -> set[str]:
    """The accounts in the top part by revenue, ties included, before any filter."""
    return top({who: size for who, size in revenues(data, day).items() if size > 0}, one_in)


def top(sizes: dict[str, Decimal], one_in: int) -> set[str]:
    """The first of every ``one_in``, the largest first, ties included."""
    if not sizes:
        return set()
    least = sorted(sizes.values(), reverse=True)[-(-len(sizes) // one_in) - 1]
    return {who for who, size in sizes.items() if size >= least}


def urgent(data: Data, row: dict, table: str, day: dt.date) -> str | None:
    """P1: a big account that nobody can reach, in a source that knows people."""
    if not data.rows("contacts"):
        return None
    big = data.once(("big", day), lambda: big_ones(data, day))
    lost = table == "accounts" and row["account_id"] in big and not reachable(data, row["account_id"], day)
    return "P1" if lost else None


_STOCK: dict[str, Any] = {"kind": "stock", "ratio": True, "undated": True, "table": "accounts", "needs": ("accounts",)}
HELPS = {
    "contact_completeness": ("accounts", "contacts.job_title", "contacts.department", "contacts.email"),
    "account_completeness": (
        "accounts.owner_id", "accounts.industry", "accounts.street", "accounts.registration_no",
    ),
    "data_quality_index": ("contacts", "activities.done_at"),
    "quality_freshness": ("contacts", "activities.done_at"),
}  # fmt: skip
FACTS: dict[str, Callable[[Data, Span], list[Fact]]] = {
    "contact_completeness": lambda d, s: completeness(d, s, ("contacts",)),
    "account_completeness": lambda d, s: completeness(d, s, ("accounts",)),
    "field_completeness": by_field,
    "data_quality_index": lambda d, s: quality(d, s, "index"),
} | {f"quality_{name}": lambda d, s, name=name: quality(d, s, name) for name in WEIGHTS}
SPECS = {name: Spec(name, facts=facts, helps=HELPS.get(name, ("contacts",)), **_STOCK) for name, facts in FACTS.items()}
SPECS["contact_completeness"] = replace(
    SPECS["contact_completeness"], table="contacts", needs=("contacts",),
    dated=("created_at", "updated_at", "last_verified_at"),
)  # fmt: skip
