"""DuckDB's texts in Spark's words: what sqlglot alone would get wrong, without an error. Nothing here runs Spark."""

import re
import sys
from types import SimpleNamespace

import duckdb
import pytest

from crmkpi import DataError, UsageError
from crmkpi.engine import Spark, open_frames
from crmkpi.engine.translate import to_spark
from crmkpi.indicators import Library

LIBRARY = Library()
TABLES = frozenset({"orders", "calendar_fr"})


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # sqlglot writes PERCENTILE_APPROX
        ("percentile_cont($p) within group (order by x::double)", "PERCENTILE(CAST(x AS DOUBLE), :p)"),
        # Spark refuses a median with an order, as it is needed over what came so far
        ("median(x) over (order by d)", "PERCENTILE(x, 0.5) OVER (ORDER BY d NULLS LAST)"),
        # Spark counts days of 24 hours between two moments
        ("date_diff('day', a, b)", "DATEDIFF(CAST(b AS DATE), CAST(a AS DATE))"),
        # Spark's mean of decimals has four decimals more than they have, its division of decimals a few
        ("avg(case when x then 1.0 else 0 end)", "AVG(CAST(CASE WHEN x THEN 1.0 ELSE 0 END AS DOUBLE))"),
        ("avg(distinct x)", "AVG(DISTINCT CAST(x AS DOUBLE))"),
        ("a / b", "CAST(a AS DOUBLE) / b"),
        # Spark replaces every match
        ("regexp_replace(x, '[ .]', '', 'g')", "REGEXP_REPLACE(x, '[ .]', '')"),
        ("regexp_replace(x, '(?i)^(n/a|-)$', '')", "REGEXP_REPLACE(x, '(?i)^(n/a|-)$', '')"),
        # a list that is bound is one text
        ("$ids::integer[]", "FROM_JSON(:ids, 'array<int>')"),
        # sqlglot's Monday is 3
        ("isodow(d)", "(WEEKDAY(d) + 1)"),
        ("extract(year from d)", "EXTRACT(YEAR FROM d)"),
        ("log10(x)", "LOG(10, x)"),
        ("regexp_matches(x, '^\\d$')", "x RLIKE '^\\\\d$'"),
    ],
)
def test_an_expression(ours, theirs):
    assert to_spark(f"select {ours} as y from t") == f"SELECT {theirs} AS y FROM t"


@pytest.mark.parametrize(
    ("ours", "instead"),
    [
        ("date_diff('month', a, b)", "date_diff('day', from, to)"),
        ("percentile_disc(0.5) within group (order by x)", "percentile_cont(share) within group"),
        ("approx_quantile(x, 0.5)", "percentile_cont(share) within group"),
        ("dayofweek(d)", "isodow(day)"),
        ("extract(dow from d)", "isodow(day)"),
        ("log(x)", "log10(x)"),
        ("regexp_replace(x, '[ .]', '')", "'g'"),
        ("regexp_replace(x, '^a|b', '')", "'g'"),
        ("quantile_cont(x, 0.5)", "percentile_cont(share) within group"),
        ("quantile_disc(x, 0.5)", "percentile_cont(share) within group"),
    ],
)
def test_what_has_no_sure_translation_is_refused(ours, instead):
    with pytest.raises(DataError, match=re.escape(instead)):
        to_spark(f"select {ours} from t")


@pytest.mark.parametrize("item", [*LIBRARY.views.values(), *LIBRARY.figures.values()], ids=lambda item: item.name)
def test_every_text_is_translated(item):
    assert to_spark(item.sql)


def test_what_is_inside_is_translated_too():
    ours = "select date_diff('day', a, (select median(x) from t)) / 2 as y from t"
    assert "PERCENTILE(x, 0.5)" in to_spark(ours)


def test_accents_fall_and_letters_stay():
    text = to_spark("select strip_accents(x) from t")
    marked, plain = text.split("'")[1::2]
    words = "Élodie Façonnée, Œuvre à Saint-Étienne, Łódź, ñandú, straße"
    [(fallen,)] = duckdb.execute("select strip_accents($words)", {"words": words}).fetchall()
    assert words.translate(str.maketrans(marked, plain)) == fallen
    assert fallen.startswith("Elodie Faconnee, Œuvre a Saint-Etienne")


def test_lists_side_by_side_are_one_relation():
    ours = (
        "with span_days as (select unnest($d::date[]) as day, unnest($k::integer[]) as period) select * from span_days"
    )
    zipped = "INLINE(ARRAYS_ZIP(FROM_JSON(:d, 'array<date>'), FROM_JSON(:k, 'array<int>'))) AS (`day`, `period`)"
    assert to_spark(ours) == f"WITH span_days AS (SELECT {zipped}) SELECT * FROM span_days"


def test_tables_have_their_names_in_the_session_and_steps_their_own():
    assert to_spark("select o.x from orders o join calendar_fr on true", TABLES, "p_") == (
        "SELECT o.x FROM p_orders AS o JOIN p_calendar_fr AS calendar_fr ON TRUE"
    )
    step = "with orders as (select 1 as x) select * from orders"
    assert "p_" not in to_spark(step, TABLES, "p_")


def test_steps_inside_steps_keep_their_names():
    ours = "WITH a AS (WITH s AS (SELECT 1 AS x) SELECT * FROM s), b AS (WITH s AS (SELECT 2 AS x) SELECT * FROM s) SELECT 1"
    assert to_spark(ours) == ours


def test_a_text_that_is_none_says_so():
    with pytest.raises(DataError, match="can not be translated for Spark"):
        to_spark("select from where")


def test_without_sqlglot_the_error_says_what_to_install(monkeypatch):
    here = open_frames({})
    monkeypatch.delitem(sys.modules, "crmkpi.engine.translate")
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", SimpleNamespace(PySparkException=Exception))
    with pytest.raises(UsageError, match=r"needs sqlglot, .* pip install 'crmkpi\[spark\]'"):
        Spark(None, here.connection, here.manifest, "").tuples("select 1 as one", {})


def test_a_folder_is_not_imported_on_spark(tmp_path):
    here = open_frames({})
    with pytest.raises(UsageError, match="imported on DuckDB"):
        Spark(None, here.connection, here.manifest, "").materialise("order_days", "select 1 as one", tmp_path)
