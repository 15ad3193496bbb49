"""A mapping: what it may say, what it may see, and what it is told when it is wrong."""

import duckdb
import pytest
from written import codes, line, table, write

from crmkpi.errors import DataError
from crmkpi.sources import import_data, load_mapping

TOML = '''
name = "Shop"
currency = "USD"
zone = "UTC"
language = "en"
as_of = "2020-06-15"
[files]
sales = { path = "Sales*.csv", delimiter = "|" }
[tables]
orders = """select no as order_id, min("Client") as account_id, min(day) as order_date, 'confirmed' as status,
                   sum(try_cast(replace(amount, '$', '') as decimal(18, 2))) as amount
            from sales group by 1 order by 1"""
accounts = "select distinct \\"Client\\" as account_id, \\"Client\\" as name, 'customer' as type from sales;"
'''
SALES = "no|Client|day|amount\nS1|Ann|15 Apr, 2021 00:03:00|$1.50\nS1|Ann|15 Apr, 2021 00:03:00|$2.50\nS2||16 Apr, 2021 10:00:00|$4.00\n"


@pytest.fixture
def shop(tmp_path):
    """``shop(mapping text)`` imports the sales through it."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "Sales 2021.csv").write_text(SALES)

    def run(text, **options):
        mapping = tmp_path / "shop.toml"
        mapping.write_text(text, encoding="utf-8")
        return import_data(source, tmp_path / "data", mapping=mapping, **options)

    run.source = source
    return run


def test_a_mapping_turns_any_files_into_canonical_tables(shop):
    report = shop(TOML)
    assert table(report, "orders", "order_id, account_id, order_date::varchar, amount::varchar") == [
        ("S1", "Ann", "2021-04-15", "4.00"),
        ("S2", None, "2021-04-16", "4.00"),
    ]
    manifest = report.manifest
    assert [manifest[key] for key in ("preset", "currency", "zone", "language", "as_of")] == [
        "Shop",
        "USD",
        "UTC",
        "en",
        "2020-06-15",
    ]
    assert codes(report) == {"time_dropped", "no_key"}


def test_options_win_over_the_mapping(shop):
    manifest = shop(TOML, currency="EUR", zone="Europe/Paris", as_of="2021-01-01").manifest
    assert [manifest[key] for key in ("currency", "zone", "as_of")] == ["EUR", "Europe/Paris", "2021-01-01"]


def test_a_changed_mapping_is_a_new_version(shop):
    assert not shop(TOML).up_to_date
    assert shop(TOML).up_to_date
    assert not shop(TOML + "# seen again\n").up_to_date


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("orders =", "order =", "shop.toml: unknown canonical table 'order'; did you mean 'orders'?"),
        ("currency =", "curency =", "shop.toml: unknown key 'curency'; did you mean 'currency'?"),
        ('"USD"', "5", "shop.toml: currency must be a text, found 5"),
        ("[files]", "[files", "shop.toml: not valid TOML"),
        ("select no as", "selec no as", "shop.toml, table orders: the SQL does not parse: syntax error at or near"),
        (
            "from sales group by 1 order by 1",
            "from sales; select 2",
            "shop.toml, table orders: expected one SELECT, found 2 statements",
        ),
        (
            "from sales group",
            "from sale group",
            "mapping Shop, table orders: no file for relation 'sale'; did you mean 'sales'?",
        ),
        (
            'min("Client")',
            'min("Clent")',
            "mapping Shop, table orders: no column 'Clent' in Sales 2021.csv; did you mean 'Client'?",
        ),
        (
            "as amount",
            "as amout",
            "mapping Shop, table orders: 'amout' is not a column of orders; did you mean 'amount'?",
        ),
        (
            "no as order_id",
            "no as number",
            "mapping Shop, table orders: no column 'order_id', the key of orders; rename 'order_date'? found number",
        ),
        (
            "min(day) as order_date",
            "min(day)::date as order_date",
            "mapping Shop, table orders: invalid date field format",
        ),
        (
            '"Sales*.csv"',
            '"Sale.csv"',
            "mapping Shop: [files] sales: no file 'Sale.csv'; did you mean 'Sales 2021.csv'?",
        ),
        ('"Sales*.csv"', '"/etc/passwd"', "mapping Shop: [files] sales: '/etc/passwd' must be relative to the source"),
        ('"Sales*.csv"', '"../shop.toml"', "mapping Shop: [files] sales: shop.toml lies outside the source"),
        ('delimiter = "|"', 'separator = "|"', "shop.toml: [files] sales: unknown option 'separator'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(shop, tmp_path, old, new, message):
    assert old in TOML
    with pytest.raises(DataError) as caught:
        shop(TOML.replace(old, new, 1))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "select content as order_id from read_text('{secret}')",
        "select * from '{secret}'",
        "select column0 as order_id from read_csv('{secret}', header = false)",
        "select file as order_id from glob('{folder}/*')",
        "select 'x' as order_id from read_csv('https://example.org/x.csv')",
    ],
)
def test_a_mapping_sees_its_source_and_nothing_else(shop, tmp_path, sql):
    (tmp_path / "secret.csv").write_text("order_id\nsecret\n")
    text = sql.format(secret=tmp_path / "secret.csv", folder=tmp_path)
    with pytest.raises(DataError):
        shop(f'name = "Spy"\n[tables]\norders = """{text}"""\n')
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "sql", ["set threads = 1", "copy (select 1) to 'x.csv'", "attach 'x.db'", "install httpfs", "drop view sales"]
)
def test_setup_only_creates(shop, sql):
    with pytest.raises(DataError, match=r"setup: expected CREATE MACRO or CREATE VIEW only"):
        shop(TOML.replace("[files]", f'setup = "{sql}"\n[files]'))


def test_setup_shares_macros_and_views(shop):
    macro = "create macro client(x) as coalesce(nullif(x, ''), '?');"
    setup = f'"""{macro} create view named as select *, client("Client") as who from sales;"""'
    text = TOML.replace("[files]", f"setup = {setup}\n[files]").replace(
        'min("Client") as account_id', "min(who) as account_id"
    )
    report = shop(text.replace("from sales group", "from named group"))
    assert [row[0] for row in table(report, "orders", "account_id")] == ["Ann", "?"]


EXPECT = '''
name = "Parts"
currency_sql = "select 'CHF'"
as_of_sql = "select max(day) from stock"
skip_if_empty = ["targets"]
[expect]
"stock" = ["id", "Résumé|Summary", "day", "gone"]
other = ["id"]
[requires]
deliveries = ["other"]
tickets = ["stock|other"]
targets = ["stock"]
[tables]
orders = """select id as order_id, "Résumé" as number, gone as team, from_utc(day || ' 23:30:00') as order_date,
            data_currency() || data_zone() || data_day() as business_unit from stock"""
deliveries = "select id as delivery_id from other"
tickets = "select id as ticket_id from stock"
targets = "select 'team' as scope, 'x' as scope_id, 'order_count' as metric, day as period_start, day as period_end from stock where false"
[notes.no_archived_opportunities]
table = "opportunities"
when = "select count(*) from stock"
fr = "{n} manquent"
en = "{n} are missing"
[notes.never]
table = "orders"
when = "select false"
fr = "jamais"
en = "never"
[checks.odd]
table = "orders"
column = "number"
sql = "select id, \\"Résumé\\" as text from stock where id > '1'"
fr = "{rows} de trop"
en = "{rows} too many"
'''


def test_expected_columns_notes_checks_and_what_is_absent(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    cells = "select i::int as id, 'r' || i as \" summary\", date '2026-03-0' || i as day from range(1, 4) t(i)".replace(
        "date '2026-03-0' || i", "('2026-03-0' || i)::date"
    )
    duckdb.sql(f"copy ({cells}) to '{source}/stock.parquet'")
    (tmp_path / "m.toml").write_text(EXPECT, encoding="utf-8")
    report = import_data(source, tmp_path / "data", mapping=tmp_path / "m.toml", zone="Europe/Paris")
    assert table(report, "orders", "order_id, number, team, order_date::varchar, business_unit")[0] == (
        "1", "r1", None, "2026-03-02", "CHFEurope/Paris2026-03-03",
    )  # fmt: skip
    assert set(report.manifest["tables"]) == {"orders", "tickets"}
    assert report.manifest["notes"] == [
        {"code": "no_archived_opportunities", "table": "opportunities", "fr": "3 manquent", "en": "3 are missing"}
    ]
    found = line(report, "odd")
    assert (found.rows, found.cells, found.en, found.examples) == (
        2,
        0,
        "2 too many",
        ("id=2, text=r2", "id=3, text=r3"),
    )
    assert (line(report, "missing_source").table, line(report, "missing_source").en) == (
        "deliveries",
        "table not supplied: the source has no other",
    )
    assert report.manifest["as_of"] == "2026-03-03"


def test_a_mapping_folder_has_its_selects_beside_it(tmp_path):
    folder = tmp_path / "preset"
    folder.mkdir()
    (folder / "mapping.toml").write_text('name = "Beside"\n')
    (folder / "orders.sql").write_text("select no as order_id from s")
    (folder / "setup.sql").write_text("create macro nothing() as null;")
    assert list(load_mapping(folder).tables) == ["orders"]
    report = import_data(write(tmp_path / "source", s="no\nS1\n"), tmp_path / "data", mapping=folder)
    assert table(report, "orders", "order_id") == [("S1",)]


@pytest.mark.parametrize(
    "text",
    [
        'name = "x"\n',
        '[tables]\norders = ""\n',
        '[tables]\norders = "select $a"\n',
        "[tables]\norders = 5\n",
        '[tables]\norders = "delete from s"\n',
    ],
)
def test_a_mapping_without_selects_is_refused(tmp_path, text):
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(DataError, match=r"^m.toml"):
        load_mapping(tmp_path / "m.toml")


def test_a_mapping_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="no such mapping"):
        load_mapping(tmp_path / "m.toml")
