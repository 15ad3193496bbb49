"""What somebody may see, row by row: the tables that a scope leaves, from docs/access.md alone.

``places`` is ``{"team": {...}, "business_unit": {...}, "rep": {...}, "customers_of": {...}}``, reps by their ids.
"""

from __future__ import annotations

from typing import Any

Tables = dict[str, list[dict[str, Any]]]
DOCUMENTS = {"leads": "lead_id", "opportunities": "opportunity_id", "quotes": "quote_id", "orders": "order_id",
             "invoices": "invoice_id", "activities": "activity_id", "tickets": "ticket_id",
             "action_plans": "plan_id"}  # fmt: skip
PARTS = {"opportunity_history": ("opportunities", "opportunity_id"), "payments": ("invoices", "invoice_id"),
         "action_plan_history": ("action_plans", "plan_id"), "order_lines": ("orders", "order_id")}  # fmt: skip
LINKS = {"contact_id": "contacts", "quote_id": "quotes", "lead_id": "leads", "opportunity_id": "opportunities",
         "order_id": "orders", "activity_id": "activities", "plan_id": "action_plans"}  # fmt: skip
KEYS = {**DOCUMENTS, "contacts": "contact_id", "deliveries": "delivery_id"}
SHOWN = {"account_id", "name", "type", "segment", "industry", "country", "city", "is_active", "is_deleted"}


class Filter:
    """One scope over one company."""

    def __init__(self, tables: Tables, places: dict[str, set[str]]) -> None:
        self.tables = {name: [row for row in rows if not row.get("is_deleted")] for name, rows in tables.items()}
        self.all = tables
        self.places = {place: set(places.get(place, ())) for place in ("team", "business_unit", "rep", "customers_of")}
        self.people = {user["user_id"]: user for user in self.tables.get("users", [])}
        inside = {who for who, user in self.people.items() if self._in_place(user, who)}
        self.sellers = inside
        self.users = inside | (self.places["customers_of"] & self.people.keys())
        self.accounts = {a["account_id"] for a in self._rows("accounts") if a.get("owner_id") in self.users}
        self.own = {a["account_id"] for a in self._rows("accounts") if a.get("owner_id") in self.places["customers_of"]}

    def _rows(self, name: str) -> list[dict[str, Any]]:
        return self.tables.get(name, [])

    def _in_place(self, row: dict[str, Any], owner: str | None) -> bool:
        by_row = any(row.get(place) in self.places[place] for place in ("team", "business_unit") if row.get(place))
        return by_row or owner in self.places["rep"]

    def _mine(self, name: str, row: dict[str, Any]) -> bool:
        """By the document's own team or unit where the source books it, else its owner's; by its owner."""
        owner = self.people.get(row.get("owner_id"), {})
        place = {
            each: row.get(each) if any(other.get(each) for other in self.all[name]) else owner.get(each)
            for each in ("team", "business_unit")
        }
        return self._in_place(place, row.get("owner_id"))

    def tables_left(self) -> Tables:
        """The rows that are left, of hidden ones nothing."""
        kept = {name: [row for row in self._rows(name) if self._mine(name, row) or row.get("account_id") in self.accounts]
                for name in DOCUMENTS}  # fmt: skip
        kept["contacts"] = [row for row in self._rows("contacts") if row.get("account_id") in self.accounts]
        orders = {row["order_id"] for row in kept["orders"]}
        kept["deliveries"] = [row for row in self._rows("deliveries")
                              if row.get("account_id") in self.accounts or row.get("order_id") in orders]  # fmt: skip
        shown = {name: [row for row in kept[name] if self._shown(name, row)] for name in DOCUMENTS}
        makers = {row.get("owner_id") for rows in shown.values() for row in rows} - self.users - {None}
        named = {row.get("account_id") for name in DOCUMENTS for row in kept[name] if self._mine(name, row)}
        keys = {name: {row[KEYS[name]] for row in rows} for name, rows in kept.items()}
        left = {name: [self._emptied(name, row, keys) for row in rows] for name, rows in kept.items()}
        for name, (parent, key) in PARTS.items():
            left[name] = [row for row in self._rows(name) if row.get(key) in keys[parent]]
        left["users"] = [
            {**user, "manager_id": None} if who in self.users
            else {**user, "manager_id": None, "is_sales": False, "active_from": None, "active_to": None}
            for who, user in self.people.items() if who in self.users | makers
        ]  # fmt: skip
        left["accounts"] = self._accounts(named)
        left["targets"] = [row for row in self._rows("targets") if self._targeted(row)]
        left["stages"] = self._rows("stages")
        return left

    def _shown(self, name: str, row: dict[str, Any]) -> bool:
        return self._mine(name, row) or row.get("account_id") in self.own

    def _emptied(self, name: str, row: dict[str, Any], keys: dict[str, set[str]]) -> dict[str, Any]:
        """A row that says nothing of hidden rows, nor whose it is where that is another's affair."""
        row = dict(row)
        if name in DOCUMENTS and not self._shown(name, row):
            row |= {each: None for each in ("owner_id", "team", "business_unit") if each in row}
        for link, table in LINKS.items():
            there = {each[KEYS[table]] for each in self.all.get(table, [])}
            if link in row and link != KEYS.get(name) and row[link] in there - keys[table]:
                row[link] = None
        if name == "quotes" and row.get("replaced_by") in {q["quote_id"] for q in self.all["quotes"]} - keys["quotes"]:
            row["replaced_by"] = "elsewhere"
        return row

    def _accounts(self, named: set[str]) -> list[dict[str, Any]]:
        mine = [dict(row) for row in self._rows("accounts") if row["account_id"] in self.accounts]
        theirs = [row for row in self._rows("accounts") if row["account_id"] in named - self.accounts]
        every = {row["account_id"] for row in self.all["accounts"]}
        for row in mine:
            if row.get("parent_account_id") in every - self.accounts - named:
                row["parent_account_id"] = None
        return mine + [{name: value if name in SHOWN else None for name, value in row.items()} for row in theirs]

    def _targeted(self, row: dict[str, Any]) -> bool:
        """A target of what is wholly in the scope."""
        scope, who = row["scope"], row["scope_id"]
        members = [user for user in self.people.values() if user.get("team") == who]
        whole = bool(members) and all(user.get("business_unit") in self.places["business_unit"] for user in members)
        return {"team": who in self.places["team"] or whole, "rep": who in self.sellers,
                "business_unit": who in self.places["business_unit"]}.get(scope, False)  # fmt: skip
