"""Family 3 by hand, new prospects: accounts and leads that are new, known before by nothing, and not imported in bulk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.all_by_pandas.base import DAY, SPANS, Files, day_of, facts, flow, looked_up, told
from benchmarks.all_by_pandas.commercial import orders
from benchmarks.all_by_pandas.records import EMAIL, filled, matches, name_key

PUBLIC = (
    "(gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|icloud|me|mac|aol|gmx|protonmail|mail)[.]com|(gmx|laposte)[.]net"
    "|(outlook|hotmail|live|yahoo|gmx|orange|wanadoo|free|sfr|neuf|bbox|numericable|club-internet|aliceadsl)[.]fr"
    "|proton[.]me|skynet[.]be|bluewin[.]ch|(web|t-online)[.]de"
)
BULK, CONVERSION = 50, 90


def _companies(files: Files) -> pd.DataFrame:
    """Accounts and leads, in the order of their creation; ``aside``: linked to an account, or of another type."""
    accounts = files.read("accounts", "account_id", "type", "name", "email", "postal_code", "vat_no", "registration_no", "source",
                          "created_by", "created_at")  # fmt: skip
    leads = files.read("leads", "lead_id", "account_id", "company", "email", "source", "created_by", "created_at")
    leads = leads.assign(
        aside=leads["account_id"].isin(accounts["account_id"]), id="lead:" + leads["lead_id"], lead=True
    )
    accounts = accounts.assign(aside=accounts["type"].isin(["other"]), id=accounts["account_id"], lead=False)
    leads = leads.drop(columns=["lead_id", "account_id"]).rename(columns={"company": "name"})
    rows = pd.concat([accounts.drop(columns="type"), leads], ignore_index=True)
    return rows.sort_values(["created_at", "id"], na_position="first", ignore_index=True)


def _known(rows: pd.DataFrame) -> pd.Series:
    """The companies that another one, created earlier, was already."""
    texts = {
        name: rows[name].str.replace("[^0-9A-Za-z]", "", regex=True).str.upper()
        for name in ("registration_no", "vat_no")
    }
    texts = {name: text.mask(matches(text, "0*|NA|TEST")) for name, text in texts.items()}
    number, email = texts["registration_no"], rows["email"].str.strip().str.lower()
    number = number.mask(matches(number, "[0-9]{9,}"), number.str.slice(0, 9))
    domain = email.where(matches(email, EMAIL)).str.replace("^.*@", "", regex=True)
    names = name_key(rows["name"])
    keys = [
        number,
        texts["vat_no"],
        domain.mask(matches(domain, PUBLIC)),
        names + " " + filled(rows["postal_code"]).str.upper(),
    ]
    found = pd.Series(False, rows.index)
    for key in keys:
        key = key[~rows["aside"] & key.notna()]
        found[key.index[key.duplicated()]] = True
    names = names[~rows["aside"] & names.notna()]
    leads = rows.loc[names.index, "lead"].astype("int64").groupby(names).cumsum() > 0
    found[names.index[names.duplicated() & leads]] = True
    return found


def _together(rows: pd.DataFrame) -> pd.Series:
    """How many were created in the same minute by the same person, or from the same source."""
    minute, counts = rows["created_at"].dt.floor("min"), []
    for name in ("created_by", "source"):
        dated = rows[rows[name].notna() & minute.notna()]
        counts.append(dated.groupby([name, minute])["created_at"].transform("size").reindex(rows.index, fill_value=0))
    return np.maximum(*counts)


def _prospects(files: Files) -> pd.DataFrame:
    """New prospects with the day of their creation and of their first order."""
    rows = _companies(files)
    created = day_of(rows["created_at"])
    sold, bills = orders(files, "account_id"), files.read("invoices", "account_id", "status", "invoice_date")
    first = sold.dropna(subset="account_id").groupby("account_id")["order_date"].min()
    billed = (
        bills[bills["status"].isin(["posted"]) & bills["account_id"].notna()]
        .groupby("account_id")["invoice_date"]
        .min()
    )
    ordered = looked_up(rows["account_id"], first)
    sale = np.fmin(ordered, looked_up(rows["account_id"], billed))
    out = (sale <= created) | rows["aside"] | _known(rows) | (_together(rows) > BULK)
    return pd.DataFrame({"day": created, "ordered": ordered})[~out]


def _new(files: Files) -> dict[str, Any]:
    rows = files.once(_prospects)
    return told(flow(facts(rows, num=1.0), rows["day"]))


def _pace(files: Files) -> dict[str, Any]:
    """New prospects of the month against as many days of the twelve months before."""
    rows = files.once(_prospects)
    sums, values, used = flow(facts(rows, num=1.0), rows["day"]), [], []
    daily = rows.groupby("day").size()
    for number, span in enumerate(SPANS):
        start = span.start - pd.DateOffset(years=1)
        past, days = daily.loc[start : span.start - DAY].sum(), (span.start - start).days
        values.append(sums["num"][number] / (past / days * ((span.day - span.start).days + 1)) if past else np.nan)
        used.append(past + sums["n"][number])
    return told(pd.DataFrame({"n": used}), values)


def _conversion(files: Files) -> dict[str, Any]:
    rows = files.once(_prospects)
    due = rows["day"] + CONVERSION * DAY
    return told(flow(facts(rows, num=rows["ordered"] <= due, den=1.0), due))


QUESTIONS: dict[str, Callable[[Files], dict[str, Any]]] = {
    "new_prospects": _new,
    "new_prospects_pace": _pace,
    "prospect_conversion_rate": _conversion,
}
