"""Family 2 against its oracles: 200 random companies in one data set, and some alone, every number of every row.

A failure names the figure and the question; ``differences(crm, data, spec, asked)`` shows it again.
"""

import pytest
from oracles import company, organisation, portfolio
from oracles.answers import Data
from oracles.comparing import Asked, differences, keys_of, listed, question, same
from oracles.maker import AS_OF

import crmkpi

SPECS = organisation.specs(AS_OF) | portfolio.specs(AS_OF)
QUESTIONS = 12
DAYS = [("2026-11", AS_OF), ("2026-09", AS_OF), ("2026", AS_OF.replace(month=10))]
EACH = ("business_unit",)  # one answer for each company


def opened(tables):
    """The tables as the engine sees them and as the oracles do."""
    return crmkpi.open(company.frames(tables), as_of=AS_OF, currency="EUR"), Data(tables)


@pytest.fixture(scope="module", params=["payments", "no payments"])
def many(request):
    return opened(company.batch(range(200), without=["payments"] if request.param == "no payments" else []))


def own(crm, name):
    return tuple(crm.figures[name].dimensions)


def days_outstanding(crm, data, asked):
    """The groups whose days of sales outstanding are not the oracle's."""
    frame = crm.kpi("dso", by=list(asked.by), **asked.words).frame
    wanted = portfolio.dso(data, asked.question(crm.as_of))
    rows = zip(keys_of(frame, asked.by), frame.to_dict("records"), strict=True)
    got = {key if asked.by else (): row for key, row in rows}
    found = [f"{key}: no such row" for key in {each for each in wanted if wanted[each] is not None} - set(got)]
    for key, row in got.items():
        if not same(row["value"], wanted.get(key)) or (row["status"] == "unavailable") != (wanted.get(key) is None):
            found.append(f"{key}: got {row['value']} {row['status']} {row['reason']}, wanted {wanted.get(key)}")
    return found


@pytest.mark.parametrize(("text", "seen"), DAYS, ids=[f"{text} at {seen}" for text, seen in DAYS])
@pytest.mark.parametrize("name", SPECS)
def test_each_of_200_companies(many, name, text, seen):
    crm, data = many
    for by in ((), EACH):
        assert differences(crm, data, SPECS[name], Asked(name, text, seen, by)) == [], by


@pytest.mark.parametrize("name", SPECS)
def test_any_question_of_200_companies(many, name):
    crm, data = many
    for seed in range(QUESTIONS):
        asked = question(seed, data, SPECS[name], AS_OF, own(crm, name))
        assert differences(crm, data, SPECS[name], asked) == [], asked


@pytest.mark.parametrize("name", SPECS)
def test_every_row_of_the_lists(many, name):
    crm, data = many
    for asked in (Asked(name, "2026-11", AS_OF), question(99, data, SPECS[name], AS_OF, own(crm, name))):
        assert listed(crm, data, SPECS[name], asked) == [], asked


@pytest.mark.parametrize(("text", "seen"), DAYS, ids=[f"{text} at {seen}" for text, seen in DAYS])
def test_days_of_sales_outstanding_of_200_companies(many, text, seen):
    crm, data = many
    for by in ((), EACH, ("rep",), ("customer",)):
        assert days_outstanding(crm, data, Asked("dso", text, seen, by)) == [], by


@pytest.mark.parametrize("seed", range(1000, 1024))
def test_companies_alone(seed):
    crm, data = opened(company.company(seed, booked=seed % 3 == 0))
    for n, name in enumerate(SPECS):
        if (n + seed) % 2:
            asked = question(seed, data, SPECS[name], AS_OF, own(crm, name))
            assert differences(crm, data, SPECS[name], asked) == [], asked
            assert listed(crm, data, SPECS[name], Asked(name, "2026-11", AS_OF)) == [], name
    assert days_outstanding(crm, data, Asked("dso", "2026-11", AS_OF)) == []
