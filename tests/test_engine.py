"""What the engine gives a figure beside the tables: money once per customer, working days, a period's two ends, months back.

Each is a figure of a few lines dropped into a folder, over frames small enough to count by hand.
"""

import datetime as dt
import tempfile
from pathlib import Path

import pandas as pd
import pytest

import crmkpi
from crmkpi.engine import duck
from crmkpi.errors import TooLargeError
from crmkpi.facts import measure

HEADER = """-- no: {no}
-- fr: {name} (fr)
-- en: {name} (en)
-- unit: {unit}
-- better: none
{more}-- definition_fr: Une figure de test.
-- definition_en: A figure of a test.
"""


def figure(folder, name, sql, unit="count", needs="activities", more=""):
    more = (f"-- needs: {needs}\n" if needs else "") + more
    (folder / "indicators").mkdir(exist_ok=True)
    text = HEADER.format(no="9.1", name=name, unit=unit, more=more) + sql
    (folder / "indicators" / f"{name}.sql").write_text(text, encoding="utf-8")


def visits(*rows):
    columns = ("activity_id", "type", "account_id", "owner_id", "planned_at", "done_at", "status")
    return pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows])


USERS = pd.DataFrame({"user_id": ["u1", "u2"], "name": ["Ana", "Bob"], "team": ["Nord", "Nord"]})
STOCK = "select d.as_of as day, a.account_id, a.owner_id, a.activity_id as id,"
ONCE = """select d.as_of as day, a.account_id, a.owner_id, a.activity_id as id, 1 as num,
  (case when a.owner_id = 'u2' then 960 else 1000 end)::decimal(18,2) as amount, a.account_id as once
  from activities a join dates d on a.planned_at::date < d.as_of"""


@pytest.fixture
def late():
    """Two reps late at the same customer, one of them also at a second one; one late visit has no customer."""
    rows = [("v1", "c1", "u1"), ("v2", "c1", "u2"), ("v3", "c2", "u1"), ("v4", None, "u2")]
    return visits(*((name, "visit", account, owner, "2026-10-01", None, "planned") for name, account, owner in rows))


def test_money_of_a_customer_counts_once_in_any_group(tmp_path, late):
    figure(tmp_path, "late_here", ONCE)
    crm = crmkpi.open({"activities": late, "users": USERS}, as_of="2026-10-15", indicators=tmp_path)
    result = crm.kpi("late_here", by="rep")
    assert dict(zip(result.frame["rep_id"], result.frame["amount"], strict=True)) == {"u1": 2000, "u2": 1920}
    assert (result.value, result.row["amount"]) == (4, 1000 + 1000 + 960)  # c1 at its largest, c2, and the one without
    assert crm.kpi("late_here", where={"rep": "u2"}).row["amount"] == 1920
    assert crm.kpi("late_here").row["amount"] == 2960


def test_an_answer_says_that_its_groups_overlap(tmp_path, late):
    figure(tmp_path, "late_here", ONCE)
    crm = crmkpi.open({"activities": late, "users": USERS}, as_of="2026-10-15", indicators=tmp_path)
    assert "once" in crm.kpi("late_here", by="rep", lang="en").note
    assert "une fois" in crm.kpi("late_here", by="rep", lang="fr").note
    assert crm.kpi("late_here").note == ""
    assert "once" in crm.kpi("late_here", by="rep").to_dict()["note"]


def test_lateness_in_working_days(tmp_path):
    text = """select d.as_of as day, a.account_id, a.owner_id, a.activity_id as id, c.n - p.n as num from activities a
    join dates d on a.planned_at::date < d.as_of join calendar c on c.day = d.as_of join calendar p on p.day = a.planned_at::date"""
    figure(tmp_path, "days_late", text)
    planned = visits(
        ("v1", "visit", "c1", "u1", "2026-10-30 09:00", None, "planned")
    )  # a Friday, then All Saints' Sunday
    crm = crmkpi.open({"activities": planned}, as_of="2026-11-12", indicators=tmp_path)
    asked = {day: crm.kpi("days_late", as_of=day).value for day in ("2026-10-31", "2026-11-02", "2026-11-12")}
    assert asked == {"2026-10-31": 0, "2026-11-02": 1, "2026-11-12": 8}  # 11 November is a holiday
    assert crm.kpi("days_late", as_of="2026-11-12", settings={"country": "GB"}).value == 9
    with pytest.raises(crmkpi.CrmkpiError, match="XX"):
        crm.kpi("days_late", settings={"country": "XX"})


COHORT = """select a.planned_at::date as day, a.account_id, a.owner_id, a.activity_id as id, p.period,
  case when a.done_at::date <= p.{until} then 1 else 0 end as num, 1 as den from activities a
  join periods p on a.planned_at::date >= p.start and a.planned_at::date < p.stop"""


@pytest.fixture
def done_late():
    """Planned in September, one done in time, one on 20 October; planned in October: one done on 2 November, one on 30."""
    rows = [("09-10", "2026-09-10"), ("09-20", "2026-10-20"), ("10-10", "2026-11-02"), ("10-20", "2026-11-30")]
    return visits(
        *((f"v{n}", "visit", "c1", "u1", f"2026-{planned}", done, "done") for n, (planned, done) in enumerate(rows))
    )


def test_a_period_is_seen_from_the_day_of_the_question_or_from_its_own_end(tmp_path, done_late):
    figure(tmp_path, "done_by_now", COHORT.format(until="seen"), "rate", more="-- revises: yes\n")
    figure(tmp_path, "done_by_end", COHORT.format(until="as_of"), "rate")
    crm = crmkpi.open({"activities": done_late}, as_of="2026-11-23", indicators=tmp_path)
    assert crm.kpi("done_by_now", period="2026-10").value == 0.5
    assert crm.kpi("done_by_end", period="2026-10").value == 0
    assert crm.kpi("done_by_end", period="2026-09").value == 0.5
    trend = crm.trend("done_by_now", periods=3, period="2026-11")
    assert list(trend["value"].dropna()) == [1, 0.5]
    assert crm.figures["done_by_now"].kind == "change"


@pytest.mark.parametrize(("day", "before"), [("2026-11-19", 0.5), ("2026-11-20", 1.0)])
def test_a_finished_period_compares_at_equal_age(tmp_path, done_late, day, before):
    """October seen 20 days after its end compares with September seen 20 days after its own: on 20 October."""
    figure(tmp_path, "done_by_now", COHORT.format(until="seen"), "rate", more="-- revises: yes\n")
    crm = crmkpi.open({"activities": done_late}, as_of="2026-11-23", indicators=tmp_path)
    assert crm.kpi("done_by_now", period="2026-10", as_of=day, compare="previous").row["previous"] == before


def test_who_was_there_at_the_opening(tmp_path):
    view = """-- definition_fr: Qui est là.
-- definition_en: Who is there.
select d.as_of, a.account_id, a.created_at from accounts a join dates d on a.created_at::date <= d.as_of"""
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "there.sql").write_text(view, encoding="utf-8")
    text = """select p.as_of as day, t.account_id, cast(null as varchar) as owner_id, t.account_id as id, p.period, 1 as num
    from periods p join there t on t.as_of = p.opening"""
    figure(tmp_path, "there_before", text, needs="accounts")
    accounts = pd.DataFrame({"account_id": ["a", "b", "c"], "name": ["A", "B", "C"], "type": "customer",
                             "created_at": ["2026-09-30", "2026-10-01", "2026-10-31"]})  # fmt: skip
    crm = crmkpi.open({"accounts": accounts}, as_of="2026-11-23", indicators=tmp_path)
    assert [crm.kpi("there_before", period=p).value for p in ("2026-10", "2026-11", "2026-Q4")] == [1, 3, 1]
    assert crm.kpi("there_before", period="all").value == 0  # nobody was there before time began


def test_months_back(tmp_path):
    sold = "select o.order_date as day, o.account_id, o.owner_id, o.order_id as id, o.amount as num from orders o"
    figure(tmp_path, "sold_here", sold, "money", needs="orders")
    sql = "select period, grp, sum(value / days) as value from sold_here where value > 0 group by 1, 2"
    figure(tmp_path, "daily_sum", sql, "money", needs="", more="-- input: sold_here/3\n")
    orders = pd.DataFrame({"order_id": list("abcd"), "order_date": ["2026-11-05", "2026-10-05", "2026-09-05", "2026-08-05"],
                           "amount": [20.0, 310.0, 600.0, 9999.0], "status": "confirmed", "owner_id": list("1122")})  # fmt: skip
    crm = crmkpi.open({"orders": orders, "users": USERS}, as_of="2026-11-10", indicators=tmp_path)
    assert crm.kpi("daily_sum").value == pytest.approx(20 / 10 + 310 / 31 + 600 / 30)  # 10 days of November so far
    frame = crm.kpi("daily_sum", by="rep").frame
    assert dict(zip(frame["rep_id"], frame["value"], strict=True)) == pytest.approx({"1": 12, "2": 20})
    assert crm.kpi("daily_sum", as_of="2026-09-10").value == pytest.approx(
        600 / 10 + 9999 / 31
    )  # July: before the data


def test_the_data_s_own_day_is_a_parameter(tmp_path):
    text = f"{STOCK} date_diff('day', d.as_of, $data_day) as num from activities a join dates d on true"
    figure(tmp_path, "days_to_data", text)
    one = visits(("v1", "visit", "c1", "u1", "2026-10-01", "2026-10-01", "done"))
    crm = crmkpi.open({"activities": one}, as_of=dt.date(2026, 11, 23), indicators=tmp_path)
    assert crm.kpi("days_to_data", as_of="2026-11-20").value == 3


def test_a_past_that_a_table_dates_is_not_partial(tmp_path):
    text = f"{STOCK} 1 as num from activities a join dates d on a.done_at::date <= d.as_of"
    figure(tmp_path, "with_history", text, more="-- undated: non daté | not dated | payments\n")
    one = visits(("v1", "visit", "c1", "u1", "2026-10-01", "2026-10-01", "done"))
    paid = pd.DataFrame({"invoice_id": ["i"], "paid_at": ["2026-10-01"], "amount": [1.0]})
    for tables, status in (({}, "partial"), ({"payments": paid}, "ok")):
        crm = crmkpi.open({"activities": one} | tables, as_of="2026-11-23", indicators=tmp_path)
        assert crm.kpi("with_history", period="2026-10").status == status
        assert crm.kpi("with_history").status == "ok"


def test_what_was_made_at_import_is_used_only_while_its_text_is_the_same(sample_data, tmp_path):
    """After an update of the package, or under a view of one's own, older rows would be wrong or would not fit."""
    crm = crmkpi.open(sample_data)
    made = [view for view in crm.base.library.views.values() if view.materialised]
    assert {crm.base.library.stored_name(view) for view in made} == crm.base.engine.stored
    (tmp_path / "views").mkdir()
    for view in made:
        text = "-- definition_fr: La nôtre.\n-- definition_en: Ours.\n-- materialised: yes\n"
        (tmp_path / "views" / f"{view.name}.sql").write_text(text + view.sql + "\n-- changed", encoding="utf-8")
    ours = crmkpi.indicators.Library(tmp_path)
    assert not {ours.stored_name(ours.views[view.name]) for view in made} & crm.base.engine.stored
    user = next(f for f in crm.figures.values() if not f.inputs and made[0] in crm.base.library.steps(f.sql))
    assert f"view_{made[0].name}" in " ".join(crm.kpi(user.name).sql)


def test_a_query_that_does_not_fit_goes_on_in_a_private_folder(demo, monkeypatch, tmp_path):
    (tmp_path / "cwd").mkdir()
    monkeypatch.setattr(duck, "MEMORY", "64MB")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path / "cwd")
    engine = duck.open_folder(demo)
    engine.connection.execute("create table wide as select range as i, random() as r from range(10000000)")
    added = engine.tuples("select sum(i), count(*) from (select i from wide order by r)", {})
    assert added == [(49999995000000, 10000000)]
    [spill] = tmp_path.glob("crmkpi-*")
    assert spill.stat().st_mode & 0o777 == 0o700, "rows of customers are for the one who asks"
    assert [*spill.glob("*/*")], "nothing was written: the test proves nothing"
    assert not [*(tmp_path / "cwd").iterdir()], "DuckDB's own choice is the working folder"


@pytest.mark.parametrize("put", ["open folder", "file", "link"])
def test_a_spill_folder_of_somebody_else_is_not_used(put, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    theirs = Path(duck._spill()).parent
    theirs.rmdir()
    if put == "open folder":
        theirs.mkdir(mode=0o755)
    elif put == "file":
        theirs.write_text("")
    else:
        theirs.symlink_to(tmp_path)
    assert Path(duck._spill()).parent != theirs
    assert Path(duck._spill()).parent.stat().st_mode & 0o777 == 0o700


def test_a_question_that_is_too_large_is_asked_in_halves(sample_data, monkeypatch):
    """Each span is a world of its own: the halves are the whole. Here more than four at once are too many."""
    names = (
        "ordered_amount",
        "active_customers",
        "false_alarm_rate",
        "quotes_to_follow_up",
        "visit_to_order_ratio",
        "dso",
    )
    whole = {name: crmkpi.open(sample_data).trend(name, periods=13, by="team") for name in names}
    refused, halved = [], measure._in_halves

    def limited(ask, spans, most):
        def small(spans):
            if len(spans) > 4:
                refused.append(len(spans))
                raise TooLargeError("too large")
            return ask(spans)

        return halved(small, spans, most)

    monkeypatch.setattr(measure, "_in_halves", limited)
    for name in names:
        refused.clear()
        again = crmkpi.open(sample_data).trend(name, periods=13, by="team")
        left, right = (each.sort_values(["start", "team_id"], ignore_index=True) for each in (again, whole[name]))
        pd.testing.assert_frame_equal(left, right)
        assert refused, "nothing was refused: the test proves nothing"
        assert name != "ordered_amount" or refused == [13, 6], "what was too large once is not tried again"


def test_what_no_memory_is_enough_for_says_what_to_do(demo, monkeypatch):
    monkeypatch.setattr(duck, "MEMORY", "64MB")
    engine = duck.open_folder(demo)
    engine.connection.execute("set max_temp_directory_size = '1MB'")
    with pytest.raises(TooLargeError, match="more memory than 64MB: set CRMKPI_MEMORY"):
        engine.arrays(
            "select r from (select random() as r from range(20000000)) order by r limit 10 offset 19000000", {}
        )


def test_a_view_that_does_not_fit_the_memory_of_a_question_is_made_with_the_machines(demo, monkeypatch, tmp_path):
    monkeypatch.setattr(duck, "MEMORY", "64MB")
    engine = duck.open_folder(demo)
    large = "select list(range) as all_of_them from range(20000000)"
    with pytest.raises(TooLargeError):
        engine.tuples(f"select len(all_of_them) from ({large})", {})
    engine.materialise("large", f"select len(all_of_them) as n from ({large})", tmp_path)
    assert engine.tuples(f"select n from '{tmp_path}/view_large.parquet'", {}) == [(20000000,)]
    assert engine.tuples("select current_setting('memory_limit')", {}) == [("61.0 MiB",)], "for that view only"
