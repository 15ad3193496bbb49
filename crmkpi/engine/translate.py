"""DuckDB's texts in Spark's words: by sqlglot, and by hand where sqlglot would change a number in silence.

What has no sure translation is refused with the wording to use instead. Below it: :mod:`crmkpi.errors`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any, ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark

from crmkpi.errors import DataError


class _Spark(Spark):
    """Spark as it is since version 3: a step may have steps of its own (sqlglot would mix their names up)."""

    class Generator(Spark.Generator):  # type: ignore[misc, valid-type]
        EXPRESSIONS_WITHOUT_NESTED_CTES: ClassVar[set[Any]] = set()


_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))


@functools.lru_cache(maxsize=2000)
def to_spark(
    sql: str, tables: frozenset[str] = frozenset(), prefix: str = "", dates: frozenset[str] = frozenset()
) -> str:
    """The text for Spark, ``tables`` being called by their names behind ``prefix``; parameters become ``:name``.

    A list that is bound arrives as one JSON text, which costs Spark a tenth of a thousand literals; the parameters
    named in ``dates`` as ISO texts, since PySpark can not bind the year 1.

    >>> to_spark("select unnest($days::date[]) as day")
    "SELECT INLINE(ARRAYS_ZIP(FROM_JSON(:days, 'array<date>'))) AS (`day`)"
    >>> to_spark("select $day as day", dates=frozenset({"day"}))
    'SELECT CAST(:day AS DATE) AS day'
    >>> to_spark("select median(x::double) from orders where y = $z", frozenset({"orders"}), "mine_")
    'SELECT PERCENTILE(CAST(x AS DOUBLE), 0.5) FROM mine_orders AS orders WHERE y = :z'
    """
    try:
        parsed = sqlglot.parse_one(sql, read="duckdb")
        _rename(parsed, tables, prefix)
        for node in reversed(list(parsed.walk())):  # what is inside first
            _reword(node)
            if isinstance(node, exp.Placeholder) and node.name in dates:
                node.replace(exp.cast(node.copy(), "date"))
        return parsed.sql(dialect=_Spark, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.SqlglotError as error:
        raise DataError(f"the text can not be translated for Spark: {str(error).splitlines()[0]}") from error


def _rename(parsed: Any, tables: Collection[str], prefix: str) -> None:
    """Call the tables by their names in the session; a step of the text's own that has a table's name stays."""
    steps = {step.alias for step in parsed.find_all(exp.CTE)}
    for table in parsed.find_all(exp.Table):
        if table.name in tables and table.name not in steps:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(f"{prefix}{table.name}"))


def _reword(node: Any) -> None:
    words = _OTHERWISE.get(type(node))
    other = words(node) if words else node
    if other is not node:
        node.replace(other)


def _select(node: Any) -> Any:
    """``select unnest(a) as x, unnest(b) as y``: lists side by side are one relation."""
    columns = node.expressions
    lists = [each.this.this for each in columns if _is_list(each)]
    if not lists or len(lists) < len(columns):
        return node
    zipped = exp.Anonymous(this="INLINE", expressions=[exp.Anonymous(this="ARRAYS_ZIP", expressions=lists)])
    names = [exp.to_identifier(each.alias, quoted=True) for each in columns]
    node.set("expressions", [exp.Aliases(this=zipped, expressions=names)])
    return node


def _is_list(column: Any) -> bool:
    return isinstance(column, exp.Alias) and isinstance(column.this, exp.Explode)


def _cast(node: Any) -> Any:
    """A bound list, ``$x::date[]``."""
    if isinstance(node.this, exp.Placeholder) and node.to.this == exp.DataType.Type.ARRAY:
        kind = node.to.sql(dialect="spark").lower()
        return exp.Anonymous(this="FROM_JSON", expressions=[node.this, exp.Literal.string(kind)])
    return node


def _within_group(node: Any) -> Any:
    """``percentile_cont``: Spark's ``percentile`` is the exact one, sqlglot would write the approximate one."""
    if isinstance(node.this, exp.PercentileCont):
        return exp.Anonymous(this="PERCENTILE", expressions=[node.expression.expressions[0].this, node.this.this])
    return node


def _median(node: Any) -> Any:
    """Spark has no median over what came so far; its percentile can, and is the same."""
    return exp.Anonymous(this="PERCENTILE", expressions=[node.this, exp.Literal.number("0.5")])


def _percentile(node: Any) -> Any:
    return node if isinstance(node.parent, exp.WithinGroup) else _refused(node)


def _refused(node: Any) -> Any:
    raise DataError(f"{node.sql(dialect='duckdb')}: not the same in Spark; write {_INSTEAD[type(node)]}")


def _extract(node: Any) -> Any:
    return node if node.name.upper() in ("YEAR", "QUARTER", "MONTH", "DAY") else _refused(node)


def _day_of_week(node: Any) -> Any:
    """Monday is 1 (sqlglot has it as 3)."""
    return exp.paren(exp.Anonymous(this="WEEKDAY", expressions=[node.this]) + 1)


def _logarithm(node: Any) -> Any:
    return node if node.expression else _refused(node)


def _date_diff(node: Any) -> Any:
    """Days between two dates; of moments Spark would count full days of 24 hours, DuckDB counts midnights."""
    if str(node.args.get("unit")).upper() != "DAY":
        _refused(node)
    sides = [exp.cast(each, "date") for each in (node.this, node.expression)]
    return exp.Anonymous(this="DATEDIFF", expressions=sides)


def _average(node: Any) -> Any:
    """Of decimals, Spark's mean has four decimals more than they have."""
    inner = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    inner.replace(exp.cast(inner.copy(), "double"))
    return node


def _division(node: Any) -> Any:
    """DuckDB divides as doubles whatever it is given; Spark divides decimals as decimals."""
    node.set("this", exp.cast(node.this, "double"))
    return node


def _regexp_replace(node: Any) -> Any:
    """Spark replaces every match: the same where all are meant, or where the pattern begins with the text."""
    pattern = re.sub(r"^\(\?\w+\)", "", node.expression.name)
    once = pattern.startswith("^") and "|" not in re.sub(r"\([^()]*\)", "", pattern)
    if not once and "g" not in str(node.args.get("modifiers") or ""):
        _refused(node)
    return node


def _anonymous(node: Any) -> Any:
    if node.name.lower() == "strip_accents":
        marked, plain = _accents()
        letters = [exp.Literal.string(marked), exp.Literal.string(plain)]
        return exp.Anonymous(this="TRANSLATE", expressions=[*node.expressions, *letters])
    return node


@functools.cache
def _accents() -> tuple[str, str]:
    """Latin letters with a mark, and the same without."""
    pairs = [(chr(code), unicodedata.normalize("NFD", chr(code))[0]) for code in _LATIN]
    kept = [(marked, plain) for marked, plain in pairs if marked != plain]
    return "".join(marked for marked, _ in kept), "".join(plain for _, plain in kept)


_SHARE = "percentile_cont(share) within group (order by value::double)"
_INSTEAD = {
    exp.ApproxQuantile: _SHARE,
    exp.PercentileCont: _SHARE,
    exp.PercentileDisc: _SHARE,
    exp.Quantile: _SHARE,
    exp.DateDiff: "date_diff('day', from, to)",
    exp.DayOfWeek: "isodow(day), which begins on Monday",
    exp.Extract: "year, quarter, month or day; isodow(day) for a day of the week",
    exp.Log: "ln(x) or log10(x)",
    exp.RegexpReplace: "regexp_replace(text, pattern, new, 'g'), which replaces every match",
}
_OTHERWISE: dict[type[Any], Callable[[Any], Any]] = {
    exp.Select: _select,
    exp.Cast: _cast,
    exp.Median: _median,
    exp.WithinGroup: _within_group,
    exp.PercentileCont: _percentile,
    exp.PercentileDisc: _refused,
    exp.Quantile: _refused,
    exp.ApproxQuantile: _refused,
    exp.DateDiff: _date_diff,
    exp.DayOfWeek: _refused,
    exp.DayOfWeekIso: _day_of_week,
    exp.Extract: _extract,
    exp.Log: _logarithm,
    exp.Avg: _average,
    exp.Div: _division,
    exp.RegexpReplace: _regexp_replace,
    exp.Anonymous: _anonymous,
}
