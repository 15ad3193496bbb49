"""A scope is applied before any sum: every figure equals that of tables filtered row by row, in plain Python."""

from datetime import date

import pytest
from frames import frames_of
from oracles import company
from oracles.scope import Filter

import crmkpi
from crmkpi.access import COMPANY, Scope

SEEDS = (5, 11)
COLUMNS = ("value", "num", "den", "amount", "n", "status", "reason", "coverage", "target", "attainment", "previous")


def open_frames(tables, **more):
    return crmkpi.open(company.frames(tables), as_of=company.AS_OF, currency="EUR", **more)


def same_source(crm, whole, begin):
    """What a source supplies is the company's affair: whoever has no order does not lack orders."""
    engine, source = crm.base.engine, whole.base.engine
    engine.supplied = {
        name: [c for c, n in source.filled[name].items() if n] * bool(source.rows[name]) for name in source.rows
    }
    for figure in whole.figures.values():  # and the day its tables begin
        if not figure.inputs:
            day = begin.get(figure.needs[0])
            crm.base.cache["first_day", figure.name] = day and date.fromisoformat(day)
    return crm


@pytest.fixture(scope="module")
def tables():
    return company.batch(SEEDS, busy=True)


@pytest.fixture(scope="module")
def whole(tables):
    return open_frames(tables)


def scopes(tables):
    """Scopes of each kind, those with the most orders; and one that mixes kinds."""
    users = {user["user_id"]: user for user in tables["users"]}
    owners = [
        row["owner_id"] for row in tables["orders"] if row["owner_id"] in users and users[row["owner_id"]]["team"]
    ]
    rep, other = sorted(set(owners), key=owners.count)[-2:]
    keepers = [row["owner_id"] for row in tables["accounts"] if row["owner_id"] in users]
    keeper = max(set(keepers), key=keepers.count)
    return {
        "team": Scope(team=(users[rep]["team"],)),
        "business_unit": Scope(business_unit=(users[other]["business_unit"],)),
        "rep": Scope(rep=(rep,)),
        "customers_of": Scope(customers_of=(keeper,)),
        "mixed": Scope(rep=(rep,), customers_of=(keeper,), team=(users[other]["team"],)),
    }


@pytest.fixture(scope="module", params=["team", "business_unit", "rep", "customers_of", "mixed"])
def case(request, tables, whole):
    """A scope, the data opened with it, and the data filtered in plain Python."""
    scope = scopes(tables)[request.param]
    places = {place: set(getattr(scope, place)) for place in ("team", "business_unit", "rep", "customers_of")}
    plain = Filter(tables, places)
    crm = open_frames(tables, scope=scope)
    begin = crm.manifest["scope"]["begin"]
    return scope, crm, same_source(open_frames(plain.tables_left()), whole, begin), plain


def where_of(scope, plain):
    """The filter that counts what a scope of one kind counts; None for one of several."""
    given = {place: list(getattr(scope, place)) for place in ("team", "business_unit", "rep", "customers_of")}
    kinds = {place: names for place, names in given.items() if names}
    if len(kinds) > 1:
        return None
    return {"customer": sorted(plain.own)} if "customers_of" in kinds else kinds


def row_of(result):
    found = {name: result.row.get(name) for name in COLUMNS}
    return {k: None if v is None or v != v else round(v, 6) if isinstance(v, float) else v for k, v in found.items()}


def test_every_figure_equals_that_of_filtered_tables(case):
    scope, crm, plain_crm, plain = case
    where = where_of(scope, plain)
    if where is None:
        pytest.skip("a mixture of places is no filter: its lists are compared below")
    for name in crm.figures:
        asked = {"period": "2026-11", "compare": ["target", "previous"]}
        found, wanted = crm.kpi(name, **asked), plain_crm.kpi(name, where=where, **asked)
        assert row_of(found) == row_of(wanted), name


def test_the_lists_are_those_of_filtered_tables(case):
    _, crm, plain_crm, plain = case
    for name, figure in crm.figures.items():
        if figure.inputs:
            continue
        found, every = (each.facts(name, period="all") for each in (crm, plain_crm))
        kept = every[[counts(row, name, crm, plain) for row in every.to_dict("records")]] if len(every) else every
        shown = [column for column in ("id", "num", "den", "amount", "customer", "rep", "team") if column in found]
        lines = [sorted(map(str, frame[shown].itertuples(index=False))) for frame in (found, kept)]
        assert lines[0] == lines[1], name


def counts(row, name, crm, plain):
    """Whether a fact is the scope's own: by its owner, its team or unit, or the owner of its customer."""
    places = plain.places
    by_place = row["team"] in places["team"] or row["business_unit"] in places["business_unit"]
    return by_place or row["owner_id"] in places["rep"] or row["account_id"] in plain.own


def test_alerts_and_groups_are_those_of_filtered_tables(case):
    scope, crm, plain_crm, plain = case
    where = where_of(scope, plain)
    if where is None or "customer" in where:
        pytest.skip("not a filter by place")
    shown = ["severity", "figure", "kind", "who_id", "id", "reason", "amount"]
    found, wanted = (sorted(map(str, each[shown].itertuples(index=False)))
                     for each in (crm.alerts(), plain_crm.alerts(where=where)))  # fmt: skip
    assert found == wanted
    for name in ("ordered_amount", "overdue_visits", "new_prospects"):
        asked = {"by": ["rep"], "period": "2026", "compare": "target"}
        one, other = crm.kpi(name, **asked).frame, plain_crm.kpi(name, where=where, **asked).frame
        columns = ["rep_id", "rep", "value", "target"]
        assert str(one[columns].values.tolist()) == str(other[columns].values.tolist()), name


def test_values_of_filters_are_those_of_filtered_tables(case):
    _, crm, plain_crm, _ = case
    for name in ("rep", "team", "business_unit", "customer", "segment", "industry"):
        assert sorted(crm.values(name)["id"]) == sorted(plain_crm.values(name)["id"]), name


def test_a_team_sees_what_the_company_sees_of_it(tables, whole):
    """Sums of documents: to the cent what the company's page shows under the filter."""
    scope = scopes(tables)["team"]
    crm, where = open_frames(tables, scope=scope), {"team": list(scope.team)}
    for name in ("invoiced_revenue", "ordered_amount", "average_basket", "weighted_pipeline", "receivables", "visits_done",
                 "open_requests", "over_credit_limit", "win_rate", "qualified_leads"):  # fmt: skip
        one, other = (each.kpi(name, period="2026", compare="target", **more)
                      for each, more in ((crm, {}), (whole, {"where": where})))  # fmt: skip
        for column in ("value", "target", "n"):
            assert (row_of(one)[column] or 0) == (row_of(other)[column] or 0), (name, column)


def test_a_folder_says_what_frames_say(sample_data):
    """Files of their own, written once; nothing of the others in them, in the manifest or in what is made of them."""
    company_ = crmkpi.open(sample_data)
    scope = Scope(team=("Sud",))
    crm, again = (crmkpi.open(sample_data, scope=scope) for _ in range(2))
    frames = crmkpi.open(frames_of(sample_data), as_of=crm.as_of, currency="EUR", lang=crm.language, scope=scope)
    for name in ("invoiced_revenue", "inactive_customers", "data_quality_index", "quotes_to_follow_up"):
        assert row_of(crm.kpi(name)) == row_of(frames.kpi(name)) == row_of(again.kpi(name)), name
    held, counted = crm.manifest["scope"], "select count(*) from accounts where type = 'customer'"
    assert (held["customers"], held["of"]) == tuple(
        each.base.engine.tuples(counted, {})[0][0] for each in (crm, company_)
    )
    assert held["customers"] < held["of"]
    assert crm.manifest["version"] != company_.manifest["version"]
    assert crm.base.engine.stored == company_.base.engine.stored  # what was made at import is made again, of these rows


def test_nobody_and_everybody(tables, whole, sample_data):
    nothing = open_frames(tables, scope=Scope(rep=("nobody",)))
    assert not nothing.kpi("ordered_amount", period="all").row["num"]
    assert not len(nothing.alerts())
    assert not len(nothing.values("customer"))
    assert not len(crmkpi.open(sample_data, scope=Scope()).values("customer"))
    assert crmkpi.open(sample_data, scope=COMPANY).manifest == crmkpi.open(sample_data).manifest


def test_a_name_that_two_bear_is_nobody(tables):
    named = open_frames(tables, scope=Scope(rep=("Anne Martin",)))
    assert named.manifest["scope"]["rep"] == []
