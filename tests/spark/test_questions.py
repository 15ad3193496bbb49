"""Spark asked otherwise: filters, trends, alerts, frames of several kinds; what is wrong is said, nothing is left."""

import datetime as dt
import re

import pandas as pd
import pyarrow as pa
import pytest
from frames import frames_of

import crmkpi
from crmkpi import DataError, UsageError
from crmkpi.indicators import Library

# The first figure of each kind: what differs between kinds is the text around their SELECT.
KINDS = {figure.kind: figure.name for figure in reversed(Library().figures.values())}
pytestmark = pytest.mark.spark


def ordered(frame, *keys):
    return frame.sort_values(list(keys), na_position="first", ignore_index=True)


@pytest.mark.parametrize("name", KINDS.values(), ids=KINDS)
def test_filters_and_trends(twice, name):
    where = {"team": ["Nord", "Sud", ""], "segment": ["PME"]}
    answers = [crm.kpi(name, period="2026", by="customer,quarter", where=where).frame for crm in twice("sample")]
    pd.testing.assert_frame_equal(*(ordered(each, "customer_id", "quarter_id") for each in answers), rtol=1e-9)
    trends = [crm.trend(name, periods=4, by="segment", compare="previous") for crm in twice("sample")]
    pd.testing.assert_frame_equal(*(ordered(each, "segment_id", "start") for each in trends), rtol=1e-9)


def test_the_door_gives_the_same(twice):
    """Alerts of rows and of groups, what is left out, the values of dimensions, names of filters."""
    name = KINDS["flow"]
    here, there = twice("commercial")
    alerts = [ordered(crm.alerts(KINDS.values()), "figure", "who_id", "id", "reason") for crm in (here, there)]
    pd.testing.assert_frame_equal(*alerts, rtol=1e-9)
    assert here.left_out(name) == there.left_out(name)
    for dimension in ("rep", "team", "customer"):
        pd.testing.assert_frame_equal(here.values(dimension), there.values(dimension))
    label = here.values("customer")["label"].iloc[0]
    assert (
        here.kpi(name, period="all", where={"customer": label}).row
        == there.kpi(name, period="all", where={"customer": label}).row
    )
    with pytest.raises(UsageError, match="did you mean"):
        there.kpi(name, where={"team": "Suud"})


@pytest.fixture(scope="module")
def tables(demo):
    return frames_of(demo)


def sent(spark, frame):
    return spark.createDataFrame(pa.Table.from_pandas(frame, preserve_index=False))


def test_dataframes_of_a_session(spark, demo, tables):
    """As an analyst has them: float money, moments of the session's zone; and a pandas frame of targets among them."""
    folder = crmkpi.open(demo)
    given = {name: sent(spark, frame) for name, frame in tables.items() if name in ("orders", "accounts", "users")}
    given["opportunities"] = sent(spark, tables["opportunities"]).selectExpr("*", "cast(created_at as timestamp) as at")
    given["opportunities"] = given["opportunities"].drop("created_at").withColumnRenamed("at", "created_at")
    few = {name: tables[name] for name in ("orders", "accounts", "users", "opportunities", "targets")}
    here = crmkpi.open(few, as_of=folder.as_of, currency="EUR")
    there = crmkpi.open(given | {"targets": tables["targets"]}, as_of=folder.as_of, currency="EUR")
    for known in ("rows", "deleted", "filled"):
        assert getattr(here.base.engine, known) == getattr(there.base.engine, known)
    for name in (KINDS["flow"], KINDS["stock"], "ordered_amount"):
        answers = [crm.kpi(name, by="team", compare=["previous", "target"]).frame for crm in (here, there)]
        pd.testing.assert_frame_equal(*(ordered(each, "team_id") for each in answers), rtol=1e-9)


def test_the_newest_date_of_dataframes_is_theirs(spark, tables):
    assert (
        crmkpi.open({"orders": sent(spark, tables["orders"])}).as_of == crmkpi.open({"orders": tables["orders"]}).as_of
    )


WRONG = {
    "odd status": lambda orders: orders.assign(status="odd"),
    "odd date": lambda orders: orders.assign(order_date="13/13/2026"),
    "finer than a cent": lambda orders: orders.assign(amount=1.234),
    "twice": lambda orders: pd.concat([orders.head(1), orders.head(1)]),
    "misspelt": lambda orders: orders.rename(columns={"amount": "amuont"}),
    "without its key": lambda orders: orders.drop(columns="order_id"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_said_as_for_pandas(spark, tables, wrong):
    orders = wrong(tables["orders"].drop(columns="is_deleted"))
    said = []
    for frame in (orders, sent(spark, orders)):
        with pytest.raises(DataError) as refused:
            crmkpi.open({"orders": frame})
        said.append(str(refused.value).replace("'", "").split(":")[0].split("(")[0])
    assert said[0] == said[1]


def test_an_unknown_table_is_refused(spark, tables):
    with pytest.raises(DataError, match="did you mean 'orders'"):
        crmkpi.open({"order": sent(spark, tables["orders"])})


def test_a_text_that_spark_refuses_is_said_in_one_line(twice):
    with pytest.raises(DataError, match="failed in Spark") as refused:
        twice("commercial")[1].base.engine.tuples("select amount from orders where order_id = 1 / $zero", {"zero": 0})
    assert "\n" not in str(refused.value)


def test_the_session_is_left_as_it_was(spark, twice):
    """No setting is changed, and no table has a name that a user's could have."""
    twice("commercial")
    assert all(each.tableName.startswith("crmkpi_") for each in spark.sql("show tables").collect())
    assert spark.conf.get("spark.sql.session.timeZone") == "Europe/Paris"


def test_days_and_money_have_duckdb_types(twice):
    sql = "select order_date, amount, delivered_at, order_id, null::date as none from orders where order_id < $last"
    here, there = (crm.base.engine.query(sql, {"last": "z"}) for crm in twice("commercial"))
    assert here.dtypes.to_dict() == there.dtypes.to_dict()
    rows = [
        crm.base.engine.tuples("select unnest($days::date[]) as day", {"days": [dt.date(2026, 3, 29)]})
        for crm in twice("commercial")
    ]
    assert rows[0] == rows[1] == [(dt.date(2026, 3, 29),)]


def test_the_examples_of_the_page_on_spark(spark, demo, tables, root, tmp_path, monkeypatch):
    """docs/spark.md as it stands, over a lake with other names and a data folder."""
    sent(spark, tables["orders"]).selectExpr(
        "order_id as id", "account_id as customer", "owner_id as seller", "order_date as day", "amount as net"
    ).where("net is not null").write.parquet(f"file://{tmp_path}/lake/so_header")
    sent(spark, tables["accounts"]).selectExpr("account_id as id", "name", "segment").write.parquet(
        f"file://{tmp_path}/lake/customers"
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine").symlink_to(demo)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (root / "docs" / "spark.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    names = {}
    for block in blocks:
        exec(block.replace('"lake/', f'"file://{tmp_path}/lake/'), names)
    assert (
        names["crm"].kpi("weighted_pipeline", by="team").row
        == crmkpi.open(demo).kpi("weighted_pipeline", by="team").row
    )
