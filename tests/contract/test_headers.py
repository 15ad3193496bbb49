"""Headers and texts: settings, words, names, languages; portable SQL and its translation."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from crmkpi.facts import gaps
from crmkpi.facts.base import BUILT_IN, GENERAL, known_settings
from crmkpi.indicators import Library
from crmkpi.indicators.header import parameters_of
from crmkpi.schema import TABLES

ROOT = Path(__file__).parents[2]
LIBRARY = Library()
FIGURES = LIBRARY.figures
ITEMS = [*LIBRARY.views.values(), *FIGURES.values()]
BY_NAME = {item.name: item for item in ITEMS}
KNOWN = known_settings(LIBRARY)
ENGINE = {"dates", "periods", "calendar"}
BOUND = {"data_day"}
LINES = {"id", "product_id", "product", "quantity", "amount"}


@pytest.fixture(params=list(BY_NAME))
def item(request):
    return BY_NAME[request.param]


@pytest.fixture
def parsed(item):
    return sqlglot.parse_one(item.sql, read="duckdb")


def select_of(name):
    return sqlglot.parse_one(BY_NAME[name].sql, read="duckdb")


# --- settings -----------------------------------------------------------------------------------------------------


def texts_with_settings(item):
    """Every text of a file in which a setting may be used: its SQL, its alerts' conditions, its words."""
    alerts = getattr(item, "alerts", ())
    words = [text for pair in item.words.values() for text in pair]
    said = [text for each in alerts for text in (each.fr, each.en, each.action_fr, each.action_en)]
    bound = set().union(*(parameters_of(text) for text in [item.sql, *(each.condition for each in alerts)]))
    return bound | {name for text in [*words, *said] for name in re.findall(r"\{(\w+)\}", text)} - {"n", "coverage"}


def test_every_parameter_is_a_declared_setting(item):
    assert texts_with_settings(item) - set(KNOWN) - BOUND == set()


def test_every_setting_is_declared_once():
    declared = [setting.name for item in ITEMS for setting in item.settings] + [setting.name for setting in GENERAL]
    assert sorted(declared) == sorted(set(declared))


def test_every_setting_is_used():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "crmkpi" / "facts").glob("*.py"))
    general = {setting.name for setting in GENERAL if re.search(rf'settings\["{setting.name}"\]', code)}
    assert set(KNOWN) - general - set().union(*map(texts_with_settings, ITEMS)) == set()


def test_settings_have_words_in_both_languages_and_a_default():
    for setting in KNOWN.values():
        assert setting.fr
        assert setting.en
        assert setting.fr != setting.en
        assert isinstance(setting.default, str | int | float)


# --- names --------------------------------------------------------------------------------------------------------


def test_only_known_tables_and_views_are_named(item, parsed):
    own = {cte.alias for cte in parsed.find_all(exp.CTE)}
    read = {table.name for table in parsed.find_all(exp.Table)}
    inputs = set(getattr(item, "input_names", ()))
    allowed = inputs if inputs else set(TABLES) | set(LIBRARY.views) | ENGINE
    assert read - own - allowed == set()


def test_what_a_header_names_exists(item):
    if item.name in LIBRARY.views:
        return
    assert set(item.needs) <= set(TABLES)
    assert {text[0].partition(".")[0] for text in item.helps} <= set(TABLES)
    assert set(item.input_names) <= set(FIGURES)
    metrics = re.findall(r"\w+", item.target.removesuffix(" whole"))
    assert set(metrics) <= set(FIGURES)
    for alert in item.alerts:
        others = set(re.findall(r"\b(\w+)\.\w+", alert.condition))
        assert others <= set(FIGURES)
        assert set(alert.dimensions) <= {
            "rep",
            "team",
            "business_unit",
            "customer",
            "segment",
            "industry",
            *item.dimensions,
        }


def test_the_notes_that_a_figure_heeds_are_noted_by_a_source():
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "crmkpi" / "sources").rglob("*.toml"))
    written += "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "crmkpi" / "sources").rglob("*.py"))
    heeded = {code for figure in FIGURES.values() for code in figure.heeds}
    assert {code for code in heeded if code not in written} == set()


def test_a_view_has_no_name_of_a_table_and_is_used():
    read = set().union(
        *(item.sources for item in ITEMS), {name for f in FIGURES.values() for name in (f.lines, *f.moves[:1])}
    )
    assert set(LIBRARY.views) & (set(TABLES) | ENGINE | set(FIGURES)) == set()
    assert set(LIBRARY.views) - read == set()


def test_lines_are_a_view_with_its_columns():
    for name in {figure.lines for figure in FIGURES.values() if figure.lines}:
        assert {each.alias_or_name for each in select_of(name).expressions} >= LINES
        assert not {step.name for step in LIBRARY.steps(f"from {name}")} & ENGINE


def test_what_is_materialised_knows_no_date_and_no_setting():
    for view in LIBRARY.views.values():
        if view.materialised:
            steps = [view, *LIBRARY.steps(view.sql)]
            assert not any(step.sources & ENGINE or parameters_of(step.sql) for step in steps)


# --- words --------------------------------------------------------------------------------------------------------

SPOKEN = ("excluded", "missing", "alert_reason", "action")


def codes_of(name, columns):
    """The codes that a text can give in some columns: literals, and the values a column is compared with."""
    found = set()
    for alias in select_of(name).find_all(exp.Alias):
        if alias.alias in columns:
            found |= literals(alias.this)
    return found


def literals(node):
    """What an expression may be worth, as far as the text says."""
    if isinstance(node, exp.Literal) and node.is_string:
        return {node.this}
    if isinstance(node, exp.Coalesce):
        return literals(node.this).union(*map(literals, node.expressions))
    if isinstance(node, exp.Case):
        found = literals(node.args["default"]) if node.args.get("default") else set()
        for branch in node.args["ifs"]:
            result = branch.args["true"]
            found |= compared_with(branch.this, result) if isinstance(result, exp.Column) else literals(result)
        return found
    return set()


def compared_with(condition, column):
    return {
        each.this
        for test in condition.find_all(exp.In, exp.EQ)
        if test.this.sql() == column.sql()
        for each in [*test.args.get("expressions", []), test.args.get("expression")]
        if isinstance(each, exp.Literal)
    }


def test_every_code_has_words_in_both_languages(item):
    figures = [item] if item.name in FIGURES else []
    words = set(item.words).union(BUILT_IN, *(figure.words for figure in figures))
    assert codes_of(item.name, SPOKEN) - words == set()
    for code, pair in item.words.items():
        assert all(pair), code
        assert pair[0] != pair[1], code


def test_no_words_for_a_code_that_is_never_given(item):
    """A word is said of a code that the file, or a view it uses, can give (a dimension's values have words too)."""
    own = select_of(item.name)
    given = {literal.this for literal in own.find_all(exp.Literal) if literal.is_string}
    steps = LIBRARY.steps(item.sql) if not getattr(item, "inputs", ()) else []
    for step in steps:
        given |= {literal.this for literal in select_of(step.name).find_all(exp.Literal) if literal.is_string}
    effects = {f"effect_{name}" for name in gaps.WORDS}  # what a gap's effects are called for this figure
    assert set(item.words) - given - effects - set(BUILT_IN) == set()  # one may say the engine's codes otherwise


def test_titles_and_definitions_in_both_languages():
    for figure in FIGURES.values():
        assert figure.fr
        assert figure.en
        assert figure.fr != figure.en
        for text in (figure.definition_fr, figure.definition_en):
            assert len(text) > 30, figure.name
            assert text.endswith("."), figure.name
        assert figure.definition_fr != figure.definition_en
        assert len({figure.fr, figure.en}) == 2
    assert len({figure.fr for figure in FIGURES.values()}) == len(FIGURES), "two figures have one title"
    assert len({figure.en for figure in FIGURES.values()}) == len(FIGURES), "two figures have one title"


def test_alerts_have_words_in_both_languages():
    for figure in FIGURES.values():
        for alert in figure.alerts:
            assert all((alert.fr, alert.en, alert.action_fr, alert.action_en)), figure.name
            assert alert.fr != alert.en
            assert alert.action_fr != alert.action_en


# --- portable SQL -------------------------------------------------------------------------------------------------


def test_portable(item, parsed):
    text = re.sub(r"--[^\n]*", "", item.sql).lower()
    assert not re.search(
        r"\bgroup by all\b|\basof\b|\bfilter\s*\(|\bqualify\b|\bexclude\b|\breplace\s*\(|\blateral\b", text
    )
    assert not list(parsed.find_all(exp.Order)) or all(
        order.find_ancestor(exp.Window, exp.WithinGroup) for order in parsed.find_all(exp.Order)
    ), "order by stands only in a window"
    for call in parsed.find_all(exp.TimestampTrunc, exp.DateTrunc):
        if call.text("unit").upper() == "MINUTE":
            continue  # a moment everywhere; a month is a date in one engine and a moment in another
        assert isinstance(call.parent, exp.Cast), "date_trunc(...)::date"
        assert call.parent.to.this == exp.DataType.Type.DATE
    assert "current_date" not in text
    assert "now()" not in text


def test_no_lateral_alias(parsed):
    """An alias is not used in the select list that makes it."""
    for select in parsed.find_all(exp.Select):
        made = {each.alias for each in select.expressions if isinstance(each, exp.Alias)}
        plain = {each.name for each in select.find_all(exp.Column) if not each.table and each.parent_select is select}
        assert not made & plain


def is_double(node):
    return any(cast.to.this == exp.DataType.Type.DOUBLE for cast in node.find_all(exp.Cast))


def test_a_division_is_of_doubles(item, parsed):
    """Integers and decimals divide otherwise in other engines. A composite reads values, which are doubles."""
    for division in parsed.find_all(exp.Div):
        assert getattr(item, "inputs", ()) or is_double(division.this) or is_double(division.expression), division.sql()


def test_a_median_is_of_doubles():
    """The median of decimals stays at cents in DuckDB, silently."""
    for item in ITEMS:
        for text in [item.sql, *(f"select {each.expression}" for each in getattr(item, "beside", ()))]:
            for call in sqlglot.parse_one(text, read="duckdb").find_all(exp.Median):
                assert is_double(call), item.name
            for call in sqlglot.parse_one(text, read="duckdb").find_all(exp.WithinGroup):
                assert is_double(call.expression), item.name


def test_moments_are_compared_as_days(parsed):
    """A moment is cast to its day before it is compared with one: `closed_at::date <= as_of`."""
    moments = {column.name for table in TABLES.values() for column in table.columns if column.type == "timestamp"}
    for test in parsed.find_all(exp.LT, exp.LTE, exp.GT, exp.GTE, exp.EQ):
        for side in (test.this, test.expression):
            assert not (isinstance(side, exp.Column) and side.name in moments), test.sql()


@pytest.fixture(scope="module")
def opened(demo):
    import crmkpi

    return crmkpi.open(demo)


@pytest.mark.parametrize("dialect", ["spark", "postgres"])
def test_every_text_that_runs_is_translated(opened, name, dialect):
    """What the engine composes for a breakdown parses in other dialects, without a word that they do not have."""
    result = opened.kpi(
        name, period="2026-10", by="team,rep", where={"team": ["Sud", ""]}, compare=["previous", "target"]
    )
    assert result.sql
    for text in result.sql:
        (there,) = sqlglot.transpile(text, read="duckdb", write=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)
        assert sqlglot.parse_one(there, read=dialect)
