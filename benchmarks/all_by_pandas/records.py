"""Family 3 by hand, the records: what is filled, right, single, fresh and consistent in contacts and accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.all_by_pandas.base import ALWAYS, DAY, SPANS, YEAR, Files, day_of, facts, stock, told
from benchmarks.all_by_pandas.commercial import orders

EMPTY = r"[-.]*|0+|n/a|test"
EMAIL, PHONE = r"[^@ ]+@[^@ ]+[.][^@ .]{2,}", r"[+]?[0-9]{6,15}"
CONTACT, ACCOUNT = 6, 5
"""How many fields are expected of a contact and of an account."""


# texts -----------------------------------------------------------------------------------------------
def filled(texts: pd.Series) -> pd.Series:
    """Trimmed texts, missing where they say nothing."""
    texts = texts.str.strip()
    return texts.mask(matches(texts, EMPTY, case=False))


def matches(texts: pd.Series, pattern: str, case: bool = True) -> pd.Series:
    """Whether whole texts match; a missing one does not."""
    return texts.str.fullmatch(pattern, case=case).fillna(False).astype(bool)


def name_key(names: pd.Series) -> pd.Series:
    """Names as they are compared: lower case, without accents, letters and digits only."""
    plain = filled(names).str.lower().str.replace("œ", "oe").str.replace("æ", "ae").str.normalize("NFKD")
    plain = plain.str.replace("[^a-z0-9]", "", regex=True)
    return plain.mask((plain == "").fillna(False).astype(bool))


def _phones(texts: pd.Series) -> pd.Series:
    return filled(texts).str.replace("[-\u00a0\u202f ./()]", "", regex=True)


def _share(checks: list[tuple[pd.Series, pd.Series]]) -> pd.Series:
    """The share of a record's fields that are right, of those that can be checked: pairs of checkable and right."""
    checkable = sum(can.astype("int64") for can, _ in checks)
    return sum((can & right).astype("int64") for can, right in checks) / checkable.where(checkable > 0)


def _surplus(rows: pd.DataFrame, key: pd.Series, identity: str) -> pd.Series:
    """The records that are not the first created of their key."""
    order = rows.assign(key=key)[["key", "created_at", identity]].dropna(subset="key")
    order = order.sort_values(["created_at", identity], na_position="first")
    return order["key"].duplicated().reindex(rows.index, fill_value=False)


# records ---------------------------------------------------------------------------------------------
def _contacts(files: Files, cards: pd.DataFrame) -> pd.DataFrame:
    rows = files.read("contacts", "contact_id", "account_id", "last_name", "first_name", "email", "phone", "mobile", "job_title",
                      "department", "created_at")  # fmt: skip
    email, last = filled(rows["email"].str.lower()), filled(rows["last_name"])
    phone, mobile = _phones(rows["phone"]), _phones(rows["mobile"])
    fields = [
        last,
        filled(rows["job_title"]),
        filled(rows["department"]),
        email,
        phone.fillna(mobile),
        rows["account_id"],
    ]
    named = rows[email.isna() & last.notna() & rows["account_id"].notna()]
    names = name_key(named["last_name"] + filled(named["first_name"]).fillna(""))
    key = email.fillna((names + " " + named["account_id"]).reindex(rows.index))
    home = cards["is_active"].reindex(pd.Index(rows["account_id"]))
    there = pd.Index(rows["account_id"]).isin(cards.index) & rows["account_id"].notna().to_numpy()
    checks = [
        (email.notna(), matches(email, EMAIL)),
        (phone.notna(), matches(phone, PHONE)),
        (mobile.notna(), matches(mobile, PHONE)),
    ]
    return pd.DataFrame({
        "id": rows["contact_id"], "contact": True, "since": day_of(rows["created_at"]).fillna(ALWAYS),
        "filled": sum(each.notna().astype("int64") for each in fields), "expected": CONTACT, "valid": _share(checks),
        "unique": 1.0 - _surplus(rows, key, "contact_id"),
        "consistent": (there & ~(home.isin([False]).to_numpy())).astype("float64"),
    })  # fmt: skip


def _luhn(texts: pd.Series) -> pd.Series:
    """Whether SIREN or SIRET numbers have a right checksum (La Poste has one of its own)."""
    whole = matches(texts, "[0-9]{9}|[0-9]{14}")
    numbers = texts.where(whole, "0").fillna("0").astype("int64[pyarrow]").astype("int64")
    total, plain = 0, 0
    for place in range(14):
        digit = numbers // 10**place % 10
        plain = plain + digit
        total = total + (digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4))
    return whole & ((total % 10 == 0) | ((numbers // 10**5 == 356000000) & (plain % 5 == 0)))


def _accounts(files: Files) -> pd.DataFrame:
    rows = files.read("accounts", "account_id", "type", "parent_account_id", "owner_id", "name", "industry", "country", "street", "city",
                      "postal_code", "email", "phone", "registration_no", "vat_no", "created_at")  # fmt: skip
    everyone, users = rows["account_id"], files.read("users", "user_id")["user_id"]
    rows = rows[~rows["type"].isin(["other"])]
    email, phone, place = filled(rows["email"].str.lower()), _phones(rows["phone"]), filled(rows["postal_code"])
    vat = filled(rows["vat_no"].str.replace("[-\u00a0\u202f .]", "", regex=True)).str.upper()
    number = filled(rows["registration_no"].str.replace("[^0-9A-Za-z/]", "", regex=True)).str.upper()
    country = filled(rows["country"]).str.upper()
    french = country.isna() | country.isin(["FR", "FRA", "FRANCE"])
    address = rows["street"].where(filled(rows["street"]).notna() & filled(rows["city"]).notna())
    fields = [filled(rows["name"]), rows["owner_id"], filled(rows["industry"]), address, number]
    rightly = {
        "place": matches(place, "[0-9]{5}").where(french, matches(place, "[A-Za-z0-9][A-Za-z0-9 -]{1,9}")),
        "vat": matches(vat, "FR[0-9A-Z]{2}[0-9]{9}").where(french, matches(vat, "[A-Z]{2}[0-9A-Z]{2,12}")),
    }
    checks = [(email.notna(), matches(email, EMAIL)), (phone.notna(), matches(phone, PHONE)), (place.notna(), rightly["place"]),
              (vat.notna(), rightly["vat"]), (number.notna() & french, _luhn(number))]  # fmt: skip
    unnumbered = rows[number.isna()]
    key = number.fillna((name_key(unnumbered["name"]) + " " + place.str.upper()).reindex(rows.index))
    stray = (rows["parent_account_id"].notna() & ~rows["parent_account_id"].isin(everyone)) | (
        rows["owner_id"].notna() & ~rows["owner_id"].isin(users)
    )
    return pd.DataFrame({
        "id": rows["account_id"], "contact": False, "since": day_of(rows["created_at"]).fillna(ALWAYS),
        "filled": sum(each.notna().astype("int64") for each in fields), "expected": ACCOUNT, "valid": _share(checks),
        "unique": 1.0 - _surplus(rows, key, "account_id"), "consistent": 1.0 - stray,
    })  # fmt: skip


def records(files: Files) -> pd.DataFrame:
    """Contacts and accounts with their scores."""
    cards = files.read("accounts", "account_id", "is_active").set_index("account_id")
    rows = pd.concat([_contacts(files, cards), _accounts(files)], ignore_index=True)
    return rows.assign(complete=rows["filled"] / rows["expected"])


# freshness -------------------------------------------------------------------------------------------
def _proofs(files: Files) -> tuple[np.ndarray, np.ndarray]:
    """Proofs of life: the place of the record and the day."""
    rows = files.once(records)
    people, firms = (pd.Index(rows.loc[rows["contact"] == who, "id"]) for who in (True, False))
    cards = files.read("contacts", "contact_id", "updated_at", "last_verified_at")
    acts = files.read("activities", "contact_id", "account_id", "done_at")
    acts = acts[acts["done_at"].notna()]
    sold, bills = orders(files, "account_id"), files.read("invoices", "account_id", "status", "invoice_date")
    bills = bills[bills["status"].isin(["posted"])]
    changed = day_of(cards["updated_at"])
    found = [(people, 0, cards["contact_id"], cards["last_verified_at"]), (people, 0, acts["contact_id"], acts["done_at"]),
             (firms, len(people), acts["account_id"], acts["done_at"]), (firms, len(people), sold["account_id"], sold["order_date"]),
             (firms, len(people), bills["account_id"], bills["invoice_date"])]  # fmt: skip
    if changed.notna().any() and changed.value_counts().iloc[0] < 0.95 * changed.notna().sum():
        found.append((people, 0, cards["contact_id"], changed))
    places, days = [], []
    for index, first, ids, day in found:
        place = index.get_indexer(pd.Index(ids))
        known = (place >= 0) & day.notna().to_numpy()
        places.append((place[known] + first).astype("int32"))
        days.append(day.to_numpy()[known].astype("datetime64[D]"))
    return np.concatenate(places), np.concatenate(days)


def fresh(files: Files) -> list[np.ndarray]:
    """The records with a proof of life in the 12 months up to the last day of each stretch."""
    places, days = _proofs(files)
    found = []
    for span in SPANS:
        mark = np.zeros(len(files.once(records)))
        mark[places[(days <= np.datetime64(span.day)) & (days >= np.datetime64(span.day + DAY - YEAR))]] = 1.0
        found.append(mark)
    return found


# the figures -----------------------------------------------------------------------------------------
def _mean(name: str) -> Callable[[Files], dict[str, Any]]:
    def figure(files: Files) -> dict[str, Any]:
        rows = files.once(records).dropna(subset=name)
        return told(stock(facts(rows, num=rows[name], den=1.0), rows["since"]))

    return figure


def _fields(kept: Callable[[pd.DataFrame], Any], each: bool = False) -> Callable[[Files], dict[str, Any]]:
    def figure(files: Files) -> dict[str, Any]:
        rows = files.once(records)
        rows = rows[kept(rows)]
        sums = stock(facts(rows, num=rows["filled"], den=rows["expected"]), rows["since"])
        return told(sums.assign(n=sums["den"]) if each else sums)

    return figure


def _over_time(files: Files, score: Callable[[np.ndarray], np.ndarray]) -> dict[str, Any]:
    """The mean of scores that depend on which records are fresh at the day."""
    since, sums = files.once(records)["since"].to_numpy(), []
    for span, mark in zip(SPANS, files.once(fresh), strict=True):
        here = since <= np.datetime64(span.day)
        sums.append((score(mark)[here].sum(), here.sum()))
    frame = pd.DataFrame(sums, columns=["num", "den"]).astype("float64")
    return told(frame.assign(n=frame["den"]))


def _index(files: Files) -> dict[str, Any]:
    rows = files.once(records)
    points = (
        40 * rows["complete"] + 20 * rows["valid"].fillna(0) + 15 * rows["unique"] + 10 * rows["consistent"]
    ).to_numpy()
    possible = np.where(rows["valid"].isna(), 80.0, 100.0)
    return _over_time(files, lambda mark: 100 * (points + 15 * mark) / possible)


QUESTIONS: dict[str, Callable[[Files], dict[str, Any]]] = {
    "data_quality_index": _index,
    "contact_completeness": _fields(lambda rows: rows["contact"]),
    "account_completeness": _fields(lambda rows: ~rows["contact"]),
    "field_completeness": _fields(lambda rows: rows["expected"] > 0, each=True),
    "quality_completeness": _mean("complete"),
    "quality_validity": _mean("valid"),
    "quality_uniqueness": _mean("unique"),
    "quality_freshness": lambda files: _over_time(files, lambda mark: mark),
    "quality_consistency": _mean("consistent"),
}
