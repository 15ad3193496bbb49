"""The people of a random company: users, accounts, contacts, leads, with records that are empty, wrong or double."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .maker import Maker, siren, siret

EMPTY = (None, "", " - ", "n/a", "N/A", "test", "Test ", "0000000000")
"""What counts as empty."""


def _text(make: Maker, *values: str) -> str | None:
    """One of these words, or one that counts as empty."""
    return make.pick(EMPTY) if make.chance(make.dirt) else make.pick(values)


def _user(make: Maker, n: int, tables: dict[str, Any]) -> dict:
    team = make.pick(tables["teams"])
    return {
        "user_id": make.id("u", n), "name": make.pick(["Anne Martin", "Anne Martin", "Bo"]), "team": team,
        "business_unit": make.name("BU"), "is_sales": make.pick([True, True, True, None, False]), "is_deleted": None,
    }  # fmt: skip


def _domain(make: Maker) -> str:
    return make.name("dupont").replace(" ", "-").strip("-") + ".fr"


def _email(make: Maker) -> str | None:
    """Good, public, spoilt or empty; the same one comes again."""
    good = f"anne@{_domain(make)}"
    return _text(make, good, good.upper(), f" {good}", "bo@gmail.com", f"bo{make.random.randint(0, 3)}@{_domain(make)}",
                 "bo@orange.fr", "anne.dupont", "a b@x.fr", "a@x", "@x.fr")  # fmt: skip


def _phone(make: Maker) -> str | None:
    return _text(make, "01 02 03 04 05", "+33 (0)1.02.03.04.05", "0102030405", "12345", "123456", "+1234567890123456",
                 "voir fiche", "01-02-03-04-05", "01\u00a002\u00a003\u00a004\u00a005")  # fmt: skip


def _registration(make: Maker) -> str | None:
    """Right, wrong by one digit, a SIRET with spaces, or not a number; this company has only two right ones."""
    number = siren(type(make.random)(f"{make.tag}{make.pick('xy')}"))
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    long = siret(type(make.random)(number), number)
    return _text(make, number, number, wrong, long, f"{long[:3]} {long[3:6]} {long[6:9]} {long[9:]}", number[:8],
                 "356 000 000", "35600000000048", "HRB 1234")  # fmt: skip


def _account(make: Maker, n: int, tables: dict[str, Any]) -> dict:
    ids = tables["ids"]
    return {
        "account_id": make.id("a", n), "name": make.name(make.pick(["NA", "Dupont", "DUPONT.", "Dupônt", "Bois & Cie"])),
        "type": make.pick(["customer", "prospect", "other"], [5, 4, 1]),
        "parent_account_id": make.some(ids["a"], 0.8), "owner_id": make.some(ids["u"]),
        "segment": make.pick(["PME", "Grand compte", None]), "industry": _text(make, "Bois", "Métal"),
        "country": make.pick(["FR", "fr", "France", "DE", None], [4, 1, 1, 2, 2]), "city": _text(make, "Lyon"),
        "postal_code": _text(make, "69001", "69001", "6900", "SW1A 1AA", "69001 "), "street": _text(make, "1 rue Haute"),
        "phone": _phone(make), "email": _email(make), "registration_no": _registration(make),
        "vat_no": _text(make, "FR40303265045", "fr 40 303 265 045", "DE123456789", "FR123", "123456789"),
        "credit_limit": make.maybe(make.pick([Decimal(0), Decimal(1000), make.money()]), 0.4),
        "order_cycle_days": make.maybe(make.pick([1, 15, 30, 60]), 0.7), "source": make.maybe(make.name("salon"), 0.3),
        "created_by": make.maybe(make.name("import"), 0.3), "created_at": make.maybe(make.created(), 0.1),
        "is_active": make.pick([True, None, False], [6, 3, 1]), "is_deleted": make.deleted(),
    }  # fmt: skip


def _contact(make: Maker, n: int, tables: dict[str, Any]) -> dict:
    return {
        "contact_id": make.id("k", n), "account_id": make.some(tables["ids"]["a"]),
        "last_name": _text(make, "Martin", "MARTIN ", "Léger", "leger"), "first_name": _text(make, "Anne", "Bo"),
        "email": _email(make), "phone": _phone(make), "mobile": make.maybe(_phone(make), 0.5),
        "job_title": _text(make, "Acheteur"), "department": _text(make, "Achats"),
        "is_decision_maker": make.pick([True, False, None]), "opted_out": make.pick([True, False, None], [1, 5, 4]),
        "created_at": make.maybe(make.created(), 0.15), "updated_at": make.maybe(make.at(make.far()), 0.3),
        "last_verified_at": make.maybe(make.at(make.far()), 0.7), "is_deleted": make.deleted(),
    }  # fmt: skip


def _lead(make: Maker, n: int, tables: dict[str, Any]) -> dict:
    created = make.created()
    status = make.pick(["new", "working", "qualified", "converted", "disqualified"], [1, 2, 3, 3, 2])
    qualified = make.at(make.after(created, 40))
    lost = {"qualified": 0.1, "converted": 0.1, "disqualified": 0.6}.get(status, 1)
    return {
        "lead_id": make.id("l", n), "created_at": created, "status": status, "qualified_at": make.maybe(qualified, lost),
        "converted_at": make.maybe(make.at(make.after(qualified, 40)), 0.15) if status == "converted" else None,
        "disqualified_at": make.maybe(make.at(make.after(created, 40)), 0.15) if status == "disqualified" else None,
        "source": make.pick([make.name("salon"), make.name("web"), None]), "campaign": make.maybe("printemps", 0.5),
        "company": _text(make, make.name("Dupont"), make.name("Bois et Cie"), make.name("Neuf")),
        "email": _email(make), "phone": _phone(make), "owner_id": make.some(tables["ids"]["u"]),
        "created_by": make.maybe(make.name("import"), 0.3), "account_id": make.some(tables["ids"]["a"], 0.5),
        "product_interest": make.maybe(make.pick(["Filtre", "Pompe"]), 0.3),
        "potential_amount": make.maybe(make.money()), "disqualified_reason": None,
        "opportunity_id": make.some(tables["ids"]["p"], 0.4) if status == "converted" else None,
        "is_deleted": make.deleted(),
    }  # fmt: skip


ROWS = {"users": ("u", _user), "accounts": ("a", _account), "contacts": ("k", _contact), "leads": ("l", _lead)}
"""Each table with the letter of its ids and how a row is drawn."""
