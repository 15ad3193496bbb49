"""What a scope leaves of the tables: rows of their own, so that nothing of the others' is within reach.

A document is *mine* if its own place is in the scope: its team or business unit where the source books one, else its
owner's of today, or its owner (rule 6 of the figures). Kept are: documents that are mine; customers that my reps own, and
whatever hangs on these; of other customers that my documents name, the name and what sorts them, nothing else. What a
kept row says of a hidden one (an id) is emptied. What of this a figure counts is in :mod:`crmkpi.facts.scoped`.
Below it: crmkpi.access, crmkpi.schema.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmkpi.access import Scope
from crmkpi.schema import TABLES, Column, Table

DOCUMENTS = ("leads", "opportunities", "quotes", "orders", "invoices", "activities", "tickets", "action_plans")
_PARENTS = {"opportunity_history": "opportunities", "payments": "invoices", "action_plan_history": "action_plans",
            "order_lines": "orders"}  # fmt: skip
_NAMED = {"account_id", "name", "type", "segment", "industry", "country", "city", "is_active", "source_system",
          "is_deleted"}  # fmt: skip
"""What is kept of a customer of others that a document of mine names."""
_REPLACED = "(not shown)"
"""In place of the quote that replaced one of mine, if I may not see it: mine is replaced all the same."""
_IN = {"rep": "owner_id", "team": "team", "business_unit": "business_unit"}
_LIVE = "is_deleted is not true"


def keep(
    run: Callable[..., Any], scope: Scope, has: Callable[[str, str], bool], put: Callable[[str, str], None]
) -> dict[str, Any]:
    """Give ``put`` the name of each canonical table and the SELECT of its rows that a scope admits.

    ``run`` executes SQL where the schema ``raw`` has every table, rows marked deleted included; ``has`` says whether the
    source, in all its rows, fills a column. What is left: the scope's places by the ids of this data, and the customers
    that are shown, of how many.
    """
    run("create schema kept")
    run(f"create view kept.people as select * from raw.users where {_LIVE}")
    for place in (*_IN, "customers_of"):
        names = list(getattr(scope, place))
        run(f"create table kept.{place} as select unnest($names::varchar[]) as id", {"names": names})
        if place in ("rep", "customers_of"):
            _name(run, place)
    run("""create table kept.users as select user_id from kept.people where user_id in (from kept.rep)
        or user_id in (from kept.customers_of) or team in (from kept.team) or business_unit in (from kept.business_unit)""")
    run(f"create table kept.accounts as {_owned_by('users')}")
    run(f"create table kept.own as {_owned_by('customers_of')}")
    for name in DOCUMENTS:
        run(_document(TABLES[name], has))
    _dependants(run)
    for table in TABLES.values():
        put(table.name, _MAKE.get(table.name, _rows)(table))
    counts = run(f"""select count(*) filter (account_id in (from kept.accounts union from kept.named)), count(*) from raw.accounts
        where type = 'customer' and {_LIVE}""").fetchall()[0]
    places = {
        place: [row[0] for row in run(f"from kept.{place} order by 1").fetchall()] for place in (*_IN, "customers_of")
    }
    run("drop schema kept cascade")
    return places | {"customers": counts[0], "of": counts[1], "begin": _begin(run)}


def _begin(run: Callable[..., Any]) -> dict[str, str]:
    """The first day that each table of the source knows of: where I have no row, the data have begun all the same."""
    found: dict[str, str] = {}
    for table in TABLES.values():
        dated = [f'min("{column.name}"::date)' for column in table.columns if column.dated]
        [(first,)] = run(f"select least({', '.join(dated)}) from raw.{table.name}").fetchall() if dated else [(None,)]
        found |= {table.name: str(first)} if first else {}
    return found


def _name(run: Callable[..., Any], place: str) -> None:
    """The users that some ids or names mean, in place of these; a name that two bear means nobody."""
    run(f"""create or replace table kept.{place} as select u.user_id as id from kept.people u
        where u.user_id in (from kept.{place}) or (u.name in (from kept.{place})
              and u.name not in (select user_id from kept.people)
              and (select count(*) from kept.people n where n.name = u.name) = 1)""")


def _owned_by(users: str) -> str:
    return f"select account_id from raw.accounts where {_LIVE} and owner_id in (from kept.{users})"


def _document(table: Table, has: Callable[[str, str], bool]) -> str:
    """The keys of a table's kept rows; ``mine`` says that the document itself is in the scope, not only its customer."""
    names, tests = {column.name for column in table.columns}, []
    for place, column in _IN.items():
        if column in names and (place == "rep" or has(table.name, column)):
            tests.append(f"t.{column} in (from kept.{place})")
        else:
            tests.append(f"t.owner_id in (select user_id from kept.people where {column} in (from kept.{place}))")
    return f"""create table kept.{table.name} as select * from (
        select t.{table.key[0]} as key, t.account_id, t.owner_id, coalesce({" or ".join(tests)}, false) as mine
        from raw.{table.name} t) v
      where v.mine or v.account_id in (from kept.accounts)"""


def _dependants(run: Callable[..., Any]) -> None:
    """What hangs on customers and documents: contacts, deliveries; customers and users that my documents name."""
    run("""create table kept.contacts as select contact_id as key from raw.contacts
        where account_id in (from kept.accounts)""")
    run("""create table kept.deliveries as select delivery_id as key from raw.deliveries
        where account_id in (from kept.accounts) or order_id in (select key from kept.orders)""")
    mine = " union ".join(f"select account_id from kept.{name} where mine" for name in DOCUMENTS)
    run(f"create table kept.named as select account_id from ({mine}) v where account_id not in (from kept.accounts)")
    shown = " union ".join(f"select owner_id from kept.{name} k where {_SHOWN}" for name in DOCUMENTS)
    run(f"""create table kept.makers as select owner_id as user_id from ({shown}) v
        where owner_id is not null and owner_id not in (from kept.users)""")


_SHOWN = "(k.mine or k.account_id in (from kept.own))"
"""Of which kept documents it is shown whose they are: mine, and those of the customers of ``customers_of``."""


def _all(table: Table) -> str:
    return f"select * from raw.{table.name}"


def _users(table: Table) -> str:
    """My users whole; of others who made documents of mine, who they are, and that they do not sell here."""
    blank = {"manager_id": "null", "is_sales": "false", "active_from": "null", "active_to": "null"}
    return f"""select {_columns(table, {})} from raw.users t where t.user_id in (from kept.users)
        union all select {_columns(table, blank)} from raw.users t where t.user_id in (from kept.makers)"""


def _accounts(table: Table) -> str:
    blank = {column.name: "null" for column in table.columns if column.name not in _NAMED}
    return f"""select {_columns(table, {})} from raw.accounts t
        where t.account_id in (from kept.accounts) or (t.is_deleted and t.owner_id in (from kept.users))
        union all select {_columns(table, blank)} from raw.accounts t where t.account_id in (from kept.named)"""


def _targets(table: Table) -> str:
    """The targets of what is wholly in the scope: its places, and the teams and reps inside them."""
    return """select t.* from raw.targets t
        where (t.scope = 'business_unit' and t.scope_id in (from kept.business_unit))
           or (t.scope = 'team' and (t.scope_id in (from kept.team) or t.scope_id in (
                 select team from kept.people group by team
                 having bool_and(coalesce(business_unit in (from kept.business_unit), false)))))
           or (t.scope = 'rep' and t.scope_id in (
                 select user_id from kept.people where user_id in (from kept.rep) or team in (from kept.team)
                   or business_unit in (from kept.business_unit)))"""


def _rows(table: Table) -> str:
    """The kept rows of a table of documents, or of one that hangs on another."""
    if table.name in _PARENTS:
        parent = _PARENTS[table.name]
        return f"""select {_columns(table, {})} from raw.{table.name} t
            where t.{TABLES[parent].key[0]} in (select key from kept.{parent})"""
    hidden = {}
    if table.name in DOCUMENTS:
        hidden = {name: f"case when {_SHOWN} then t.{name} end" for name in _IN.values()}
    return f"""select {_columns(table, hidden)} from raw.{table.name} t
        join kept.{table.name} k on k.key = t.{table.key[0]}"""


_MAKE: dict[str, Callable[[Table], str]] = {
    "users": _users,
    "accounts": _accounts,
    "targets": _targets,
    "stages": _all,
}


def _columns(table: Table, instead: dict[str, str]) -> str:
    made = ((instead.get(column.name) or _reference(table, column), column) for column in table.columns)
    return ", ".join(f'({text})::{column.sql_type} as "{column.name}"' for text, column in made)


def _reference(table: Table, column: Column) -> str:
    """A column; an id of a row that exists and is hidden is emptied, that of a row which exists nowhere stays a finding."""
    name = f"t.{column.name}"
    if not column.refs or column.key or table.name in _PARENTS:
        return name
    instead = f"'{_REPLACED}'" if column.refs == table.name == "quotes" else "null"
    hidden = f"select {TABLES[column.refs].key[0]} from raw.{column.refs} except ({_shown(column.refs)})"
    return f"case when {name} in ({hidden}) then {instead} else {name} end"


def _shown(table: str) -> str:
    """The keys of the rows of a table that are shown."""
    twice = {"users": ("users", "makers"), "accounts": ("accounts", "named")}.get(table)
    return f"from kept.{twice[0]} union from kept.{twice[1]}" if twice else f"select key from kept.{table}"


def filled(run: Callable[..., Any], name: str, source: str) -> dict[str, Any]:
    """What a manifest says of a table whose rows are ``source``: rows, those marked deleted, values of each column."""
    columns = TABLES[name].columns
    counts = ", ".join(f'count("{column.name}") filter ({_LIVE})' for column in columns)
    rows, deleted, *values = run(f"select count(*), count(*) filter (is_deleted), {counts} from {source}").fetchall()[0]
    return {"rows": rows, "deleted": deleted, "columns": dict(zip((c.name for c in columns), values, strict=True))}
