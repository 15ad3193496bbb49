"""Small Odoo databases for what the demo has not: deposits, archived records, other currencies, missing modules, clashes."""

import datetime as dt
from decimal import Decimal

import duckdb

COMPANY = {
    "res_company": "id | name | partner_id | currency_id \n 1 | Us | 1 | 10",
    "res_currency": "id | name \n 10 | EUR \n 20 | USD",
    "res_users": "id | login | active | share | partner_id | company_id \n 6 | rep | t | f | 5 | 1",
    "res_partner": """
        id | name        | commercial_partner_id | parent_id | type    | active | write_date
        1  | Us          | 1                     |           |         | t      | 2026-03-10 08:00:00
        2  | Dupont SA   | 2                     |           |         | t      |
        3  | Jean Dupont | 2                     | 2         | contact | t      |
        5  | Rep One     | 5                     |           |         | t      |""",
}
TWO_COMPANIES = {"res_company": "id | name | partner_id | currency_id \n 1 | Us | 1 | 10 \n 2 | Us Inc | 1 | 20"}


def order(number, **more):
    return {
        "id": number, "name": f"S{number}", "state": "sale", "partner_id": 3, "user_id": 6, "company_id": 1, "currency_id": 10,
        "currency_rate": "1.0", "amount_untaxed": "100.00", "date_order": "2026-03-05 10:00:00",
        "create_date": "2026-03-01 10:00:00", "write_date": "2026-03-05 10:00:00",
    } | more  # fmt: skip


def move(number, **more):
    return {
        "id": number, "name": f"INV/{number}", "move_type": "out_invoice", "state": "posted", "partner_id": 3,
        "commercial_partner_id": 2, "company_id": 1, "invoice_date": "2026-03-06", "invoice_date_due": "2026-04-05",
        "amount_untaxed_signed": "100.00", "amount_total_signed": "120.00", "amount_residual_signed": "120.00",
        "write_date": "2026-03-06 10:00:00",
    } | more  # fmt: skip


def lead(number, **more):
    return {
        "id": number, "type": "opportunity", "name": f"Deal {number}", "active": "t", "partner_id": 3, "user_id": 6,
        "stage_id": 1, "probability": 40, "automated_probability": 40, "expected_revenue": 1000,
        "create_date": "2026-02-01 09:00:00", "date_closed": "2026-03-02 09:00:00", "write_date": "2026-03-02 09:00:00",
    } | more  # fmt: skip


def test_states_of_sale_orders(source, imported):
    states = ["draft", "sent", "sale", "done", "cancel"]
    crm = imported(source(COMPANY | {"sale_order": [order(i, state=s) for i, s in enumerate(states, 1)]}))
    assert crm.rows("select quote_id, status, issued_at::date, decided_at::date from quotes order by 1") == [
        ("1", "draft", dt.date(2026, 3, 5), None),
        ("2", "sent", dt.date(2026, 3, 5), None),
        ("3", "accepted", dt.date(2026, 3, 1), dt.date(2026, 3, 5)),
        ("4", "accepted", dt.date(2026, 3, 1), dt.date(2026, 3, 5)),
        ("5", "cancelled", dt.date(2026, 3, 1), None),
    ]
    assert crm.rows("select order_id, account_id, business_unit from orders order by 1") == [
        ("3", "2", "Us"),
        ("4", "2", "Us"),
    ]
    assert crm.manifest["currency"] == "EUR"


def test_an_order_at_night_is_of_the_next_day_here(source, imported):
    folder = source(COMPANY | {"sale_order": [order(1, date_order="2026-03-31 22:30:00")]})
    assert imported(folder).one("select order_date from orders") == dt.date(2026, 4, 1)
    assert imported(folder, zone="UTC").one("select order_date from orders") == dt.date(2026, 3, 31)


def test_foreign_currency(source, imported):
    orders = [
        order(1, currency_id=20, currency_rate="1.25", amount_untaxed="250.00"),
        order(2, currency_id=20, currency_rate="", amount_untaxed="250.00"),
        order(3, currency_rate=""),
    ]
    lines = """
        id | order_id | product_id | name | product_uom_qty | price_unit | price_subtotal | purchase_price
        1  | 1        | 9          | Desk | 2               | 125        | 250            | 50"""
    crm = imported(source(COMPANY | {"sale_order": orders, "sale_order_line": lines}))
    assert crm.rows("select order_id, amount, list_amount, cost_amount from orders order by 1") == [
        ("1", 200, 200, 80),
        ("2", None, None, None),
        ("3", 100, None, None),
    ]
    assert crm.reported("no_rate") == 1


def test_a_company_with_other_books(source, imported):
    tables = {"account_move": [move(1), move(2, company_id=2)], "sale_order": [order(1, company_id=2, currency_id=20)]}
    crm = imported(source(COMPANY | TWO_COMPANIES | tables))
    assert crm.rows("select invoice_id, business_unit, amount from invoices order by 1") == [
        ("1", "Us", 100),
        ("2", "Us Inc", None),
    ]
    assert crm.one("select amount from orders") is None
    assert crm.reported("foreign_company") == 1


def test_deposits(source, imported):
    """30 in advance on an order of 100, then a final invoice of 100 - 30: the month is worth 100, once."""
    order_lines = """
        id | order_id | product_id | name    | product_uom_qty | price_unit | price_subtotal | is_downpayment
        1  | 1        | 9          | Desk    | 1               | 100        | 100            |
        2  | 1        | 8          | Deposit | 0               | 30         | 0              | t"""
    moves = [
        move(1, amount_untaxed_signed="30.00"),
        move(2, amount_untaxed_signed="70.00", invoice_origin="S1"),
        move(3, move_type="in_invoice", amount_untaxed_signed="-55.00"),
        move(4, move_type="entry", amount_untaxed_signed="0"),
        move(5, move_type="out_refund", amount_untaxed_signed="-20.00"),
        move(6, state="draft", name="/", invoice_date="", date="2026-03-09"),
    ]
    move_lines = """
        id | move_id | display_type | balance | is_downpayment
        1  | 1       | product      | -30.00  | t
        2  | 1       | payment_term | 36.00   |
        3  | 2       | product      | -100.00 |
        4  | 2       | product      | 30.00   | t
        5  | 5       | product      | 20.00   |"""
    tables = {
        "sale_order": [order(1)],
        "sale_order_line": order_lines,
        "account_move": moves,
        "account_move_line": move_lines,
        "sale_order_line_invoice_rel": "invoice_line_id | order_line_id \n 1 | 2",
    }
    crm = imported(source(COMPANY | tables))
    assert crm.rows("select invoice_id, type, status, amount, order_id, number from invoices order by 1") == [
        ("1", "deposit", "posted", 30, "1", "INV/1"),
        ("2", "invoice", "posted", 100, "1", "INV/2"),
        ("5", "credit_note", "posted", -20, None, "INV/5"),
        ("6", "invoice", "draft", 100, None, None),
    ]
    assert crm.one("select list_amount from orders") == 100


def test_deposits_before_odoo_marked_their_lines(source, imported):
    """Only the order's line says that it is a deposit; tax lines are marked instead of product lines."""
    tables = {
        "sale_order": [order(1)],
        "sale_order_line": "id | order_id | product_id | name | is_downpayment \n 2 | 1 | 8 | Deposit | t",
        "account_move": [move(1, amount_untaxed_signed="30.00")],
        "account_move_line": """
            id | move_id | exclude_from_invoice_tab | balance
            1  | 1       | f                        | -30.00
            2  | 1       | t                        | -6.00""",
        "sale_order_line_invoice_rel": "invoice_line_id | order_line_id \n 1 | 2",
    }
    crm = imported(source(COMPANY | tables))
    assert crm.one("select type, amount, order_id from invoices") == ("deposit", 30, "1")


def test_archived_records(source, imported):
    records = [
        lead(1),
        lead(2, active="f", probability=0),
        lead(3, active="f", lost_reason_id=7, probability=20),
        lead(4, active="f"),
        lead(5, stage_id=2, probability=100),
        lead(6, stage_id=2, probability=100, active="f"),
        lead(7, probability=""),
        lead(8, type="lead", active="f", probability="", lost_reason_id=7),
        lead(9, date_conversion="2026-02-20 10:00:00"),
        lead(10, type="lead", active="f"),
    ]
    tables = {
        "crm_stage": "id | name | sequence | is_won \n 1 | Nouveau | 1 | \n 2 | Gagné | 9 | t",
        "crm_lost_reason": 'id | name \n 7 | {"fr_FR": "Trop cher"}',
        "crm_lead": records,
    }
    crm = imported(source(COMPANY | tables))
    assert crm.rows(
        """select opportunity_id, status, coalesce(is_deleted, false), lost_reason, closed_at is not null
        from opportunities order by opportunity_id::int"""
    ) == [
        ("1", "open", False, None, False),
        ("2", "lost", False, None, True),
        ("3", "lost", False, "Trop cher", True),
        ("4", "open", True, None, False),
        ("5", "won", False, None, True),
        ("6", "won", False, None, True),
        ("7", "open", False, None, False),
        ("9", "open", False, None, False),
    ]
    chance = crm.one("select probability, probability_source from opportunities where opportunity_id = '7'")
    assert chance == (None, "none")
    assert crm.rows(
        "select lead_id, status, coalesce(is_deleted, false), opportunity_id from leads order by lead_id::int"
    ) == [
        ("8", "disqualified", False, None),
        ("9", "converted", False, "9"),
        ("10", "working", True, None),
    ]
    assert crm.reported("archived_not_lost") == 2


def test_modules_that_are_not_installed(source, imported):
    """Sales alone, without margins, stock, projects or accounting."""
    rows = [{k: v for k, v in order(1).items() if k not in ("currency_rate", "currency_id")}]
    crm = imported(source({"sale_order": rows, "res_partner": COMPANY["res_partner"]}))
    assert crm.tables == {"quotes", "orders", "accounts", "contacts"}
    amounts = crm.one("select amount, cost_amount, list_amount, team, business_unit, owner_id from orders")
    assert amounts == (100, None, None, None, "company 1", "6")
    assert crm.one("select type from accounts where account_id = '2'") == "customer"


def test_names_that_clash(source, imported):
    """Two teams of one name, in two companies, stay two; names are English, else whatever there is."""
    teams = """
        id | name                                   | company_id | active | invoiced_target | write_date
        1  | {"en_US": "Sales"}                     | 1          | t      | 10              | 2026-03-05 10:00:00
        2  | {"fr_FR": "Ventes", "en_US": "Sales"}  | 2          | t      | 20              |
        3  | Export                                 |            | f      | 30              |
        4  | {"fr_FR": "Grands comptes"}            |            | t      | 0               |"""
    orders = [order(number, team_id=number) for number in range(1, 5)]
    crm = imported(source(COMPANY | TWO_COMPANIES | {"crm_team": teams, "sale_order": orders}))
    assert crm.rows("select team from orders order by 1") == [
        ("Export",),
        ("Grands comptes",),
        ("Sales (Us Inc)",),
        ("Sales (Us)",),
    ]
    assert crm.rows("select scope_id, value from targets order by 2") == [("Sales (Us)", 10), ("Sales (Us Inc)", 20)]


def test_a_database_without_targets_supplies_none(source, imported):
    teams = "id | name | active | invoiced_target \n 1 | Sales | t | 0"
    assert "targets" not in imported(source(COMPANY | {"crm_team": teams, "sale_order": [order(1)]})).tables


def test_deliveries(source, imported):
    transfers = """
        id | picking_type_id | state    | partner_id | sale_id | scheduled_date      | date_done
        1  | 2               | done     | 3          | 1       | 2026-03-09 08:00:00 | 2026-03-08 23:30:00
        2  | 2               | assigned | 3          | 1       | 2026-03-09 08:00:00 |
        3  | 2               | cancel   | 3          | 1       | 2026-03-09 08:00:00 |
        4  | 1               | done     | 3          | 1       | 2026-03-09 08:00:00 |
        5  | 3               | done     | 3          | 1       | 2026-03-09 08:00:00 |"""
    moves = """
        picking_id | product_id | sale_line_id | state    | product_uom_qty | quantity
        1          | 9          | 1            | done     | 4               | 3
        2          | 9          | 1            | assigned | 1               | 0
        2          | 99         | 1            | assigned | 7               | 0"""
    tables = {
        "sale_order": [order(1, delivery_status="partial")],
        "sale_order_line": """
            id | order_id | product_id | name | product_uom_qty | price_unit | price_subtotal
            1  | 1        | 9          | Desk | 4               | 25         | 100""",
        "stock_picking_type": "id | code \n 1 | incoming \n 2 | outgoing \n 3 | internal",
        "stock_picking": transfers,
        "stock_move": moves,
    }
    crm = imported(source(COMPANY | tables))
    assert crm.rows(
        "select delivery_id, status, amount, order_id, account_id, delivered_at::date from deliveries order by 1"
    ) == [
        ("1", "delivered", 75, "1", "2", dt.date(2026, 3, 9)),
        ("2", "pending", 25, "1", "2", None),
        ("3", "cancelled", None, "1", "2", None),
    ]


def test_activities(source, imported):
    """A kept done activity is done; a meeting and the activity that stands for it are one."""
    activities = """
        id | activity_type_id | active | date_done  | calendar_event_id | res_model   | res_id | user_id | date_deadline
        1  | 1                | f      | 2026-03-05 |                   | res.partner | 3      | 6       | 2026-03-04
        2  | 2                | t      |            |                   | res.partner | 3      | 6       | 2026-03-04
        3  | 3                | f      | 2026-03-06 | 1                 | res.partner | 3      | 6       | 2026-03-04"""
    events = """
        id | name    | user_id | start               | start_date | allday | active | description
        1  | Demo    | 6       | 2026-03-06 09:00:00 |            |        | t      | <p>Well&nbsp;received</p>
        2  | Later   | 6       | 2026-03-30 09:00:00 |            |        | t      |
        3  | All day | 6       | 2026-03-02 00:00:00 | 2026-03-02 | t      | t      |"""
    tables = {
        "mail_activity_type": 'id | name | category \n 1 | Visite | default \n 2 | {"en_US": "Call"} | phonecall \n 3 | M | meeting',
        "mail_activity": activities,
        "calendar_event": events,
        "calendar_event_res_partner_rel": "calendar_event_id | res_partner_id \n 3 | 5 \n 3 | 3",
    }
    crm = imported(source(COMPANY | tables))
    found = crm.rows(
        "select activity_id, type, status, account_id, contact_id, planned_at, report from activities order by 1"
    )
    assert found == [
        ("activity/1", "visit", "done", "2", "3", dt.datetime(2026, 3, 4), None),
        ("activity/2", "call", "planned", "2", "3", dt.datetime(2026, 3, 4), None),
        ("event/1", "meeting", "done", "2", None, dt.datetime(2026, 3, 6, 10), "Well received"),
        ("event/2", "meeting", "planned", None, None, dt.datetime(2026, 3, 30, 11), None),
        ("event/3", "meeting", "unknown", "2", "3", dt.datetime(2026, 3, 2), None),
    ]


def test_a_meeting_whose_activity_is_open_is_late(source, imported):
    """Odoo lists it as late until somebody says that it is done, or cancels it."""
    activities = """
        id | active | date_done  | calendar_event_id | res_model   | res_id
        1  | t      |            | 1                 | res.partner | 3
        2  |        |            | 2                 | res.partner | 3
        3  | f      |            | 3                 | res.partner | 3
        4  | t      | 2026-03-03 | 4                 | res.partner | 3"""
    events = """
        id | name  | start               | active
        1  | Open  | 2026-03-02 09:00:00 | t
        2  | Old   | 2026-03-02 09:00:00 | t
        3  | Shut  | 2026-03-02 09:00:00 | t
        4  | Done  | 2026-03-02 09:00:00 | t
        5  | Alone | 2026-03-02 09:00:00 | t
        6  | Off   | 2026-03-02 09:00:00 | f"""
    crm = imported(source(COMPANY | {"mail_activity": activities, "calendar_event": events}))
    assert crm.rows("select subject, status from activities order by activity_id") == [
        ("Open", "planned"),
        ("Old", "planned"),
        ("Shut", "unknown"),
        ("Done", "done"),
        ("Alone", "unknown"),
        ("Off", "cancelled"),
    ]


def test_the_cards_that_odoo_adds_to_a_meeting_are_no_report(source, imported):
    card = "<strong>{}</strong><br>Rep One<br><a href='mailto:r@us.example'>r@us.example</a><br><a href='tel:01'>01</a>"
    other = "<br><br><strong>{}</strong><br>Jean Dupont"
    said = {
        1: "<div>Wants two<br>{}{}</div>",
        2: "<div>{}{}</div>",
        3: "<div>{}{}</div><p>Written <strong>below</strong></p>",
        4: "<p><strong>Next step</strong><br>Call</p>",
    }
    titles = {1: ("Organized by", "Contact Details"), 2: ("Organisé par", "Détails du contact")}
    events = [
        {"id": n, "name": "M", "start": "2026-03-02 09:00:00", "active": "t",
         "description": text.format(card.format(titles.get(n, titles[1])[0]), other.format(titles.get(n, titles[1])[1]))}
        for n, text in said.items()
    ]  # fmt: skip
    crm = imported(source(COMPANY | {"calendar_event": events}))
    assert [text for (text,) in crm.rows("select report from activities order by activity_id")] == [
        "Wants two",
        None,
        "Written below",
        "Next step Call",
    ]


def test_what_was_paid_and_when(source, imported):
    """By what was reconciled: in parts, a credit note against an invoice, and what is still open."""
    invoices = [
        move(1, amount_residual_signed="20.00"),
        move(2, move_type="out_refund", amount_untaxed_signed="-50.00", amount_total_signed="-60.00", amount_residual_signed="0.00"),
        move(3),
        move(4, move_type="entry"),
    ]  # fmt: skip
    tables = {
        "account_move": invoices,
        "account_move_line": """
            id | move_id | display_type | balance
            10 | 1       | payment_term | 120
            20 | 2       | payment_term | -60
            30 | 3       | payment_term | 120
            40 | 4       |              | -40""",
        "account_partial_reconcile": """
            debit_move_id | credit_move_id | amount | max_date
            10            | 40             | 40.00  | 2026-03-08
            10            | 20             | 60.00  | 2026-03-09""",
    }
    crm = imported(source(COMPANY | tables))
    assert crm.rows("select invoice_id, paid_at::date, amount from payments order by 1, 2") == [
        ("1", dt.date(2026, 3, 8), 40),
        ("1", dt.date(2026, 3, 9), 60),
        ("2", dt.date(2026, 3, 9), -60),
    ]


def test_a_database_without_what_was_reconciled_supplies_no_payments(source, imported):
    lines = "id | move_id | display_type | balance \n 10 | 1 | payment_term | 120"
    assert "payments" not in imported(source(COMPANY | {"account_move": [move(1)], "account_move_line": lines})).tables


def test_an_order_is_delivered_with_its_last_transfer(source, imported):
    done = {"state": "sale", "delivery_status": "full", "effective_date": "2026-03-07 09:00:00"}
    tables = {
        "sale_order": [order(1, **done), order(2, **done), order(3, **done | {"delivery_status": "partial"})],
        "stock_picking_type": "id | code \n 1 | incoming \n 2 | outgoing",
        "stock_picking": """
            id | picking_type_id | state  | partner_id | sale_id | scheduled_date      | date_done
            1  | 2               | done   | 3          | 1       | 2026-03-09 08:00:00 | 2026-03-07 09:00:00
            2  | 2               | done   | 3          | 1       | 2026-03-09 08:00:00 | 2026-03-09 09:00:00
            3  | 1               | done   | 3          | 1       | 2026-03-09 08:00:00 | 2026-03-10 09:00:00
            4  | 2               | cancel | 3          | 1       | 2026-03-09 08:00:00 | 2026-03-10 09:00:00""",
    }
    crm = imported(source(COMPANY | tables))
    assert crm.rows("select order_id, delivered_at::date from orders order by 1") == [
        ("1", dt.date(2026, 3, 9)),
        ("2", dt.date(2026, 3, 7)),
        ("3", None),
    ]


def test_what_was_a_lead_is_an_opportunity_from_its_conversion(source, imported):
    crm = imported(source(COMPANY | {"crm_lead": [lead(1), lead(2, date_conversion="2026-02-20 09:00:00")]}))
    assert crm.rows("select opportunity_id, created_at::date from opportunities order by 1") == [
        ("1", dt.date(2026, 2, 1)),
        ("2", dt.date(2026, 2, 20)),
    ]


def test_a_team_that_was_put_away_makes_nobody_sell(source, imported):
    tables = {"crm_team_member": "id | crm_team_id | user_id | active \n 1 | 1 | 6 | t"}
    for active, sells in (("t", True), ("f", False), ("", True)):
        team = {"crm_team": f"id | name | active \n 1 | Sales | {active}"}
        assert imported(source(COMPANY | tables | team)).one("select is_sales from users") is sells


def test_who_left_a_team_is_not_of_it_however_it_is_written(source, imported):
    team = {"crm_team": "id | name \n 1 | Sales"}
    for active, name in (("t", "Sales"), ("f", None), ("False", None), ("0", None)):
        member = {"crm_team_member": f"id | crm_team_id | user_id | active \n 1 | 1 | 6 | {active}"}
        assert imported(source(COMPANY | team | member)).one("select team from users") == name


def test_zeros_that_odoo_writes_for_nothing_are_said(source, imported):
    tables = {
        "sale_order": [order(1)],
        "sale_order_line": """
            id | order_id | product_id | name | product_uom_qty | price_unit | price_subtotal | purchase_price
            1  | 1        | 9          | Desk | 1               | 60         | 60             | 0.0
            2  | 1        | 9          | Lamp | 1               | 40         | 40             | 25.0""",
        "crm_lead": [lead(1, expected_revenue=0), lead(2), lead(3, expected_revenue=0, active="f", probability=0)],
    }
    crm = imported(source(COMPANY | tables))
    assert (crm.reported("cost_of_nothing"), crm.reported("deal_of_nothing")) == (1, 1)
    assert crm.one("select cost_amount from orders") == 25


def test_history_of_opportunities(source, imported):
    """What changed is dated; what did not is carried forward; before its first change it was what it changed from."""
    tables = {
        "crm_lead": [lead(1)],
        "ir_model_fields": "id | name \n 1 | stage_id \n 2 | expected_revenue \n 3 | user_id",
        "mail_message": """
            id | model    | res_id | date
            1  | crm.lead | 1      | 2026-02-02 10:00:00
            2  | crm.lead | 1      | 2026-02-09 10:00:00""",
        "mail_tracking_value": """
            field_id | mail_message_id | old_value_char | new_value_char | old_value_float | new_value_float
            1        | 1               | New            | Qualified      |                 |
            2        | 1               |                |                | 300.0           | 500.0
            2        | 2               |                |                | 500.0           | 1000.0
            3        | 2               | Nobody         | Somebody       |                 |""",
    }
    crm = imported(source(COMPANY | tables))
    assert crm.rows('select "at"::date, stage, amount from opportunity_history order by 1') == [
        (dt.date(2026, 2, 1), "New", 300),
        (dt.date(2026, 2, 2), "Qualified", 500),
        (dt.date(2026, 2, 9), "Qualified", 1000),
    ]


def test_parquet_tables_with_their_own_types(source, imported, tmp_path):
    """The same tables as typed Parquet files, ids as integers, give the same."""
    folder = source(COMPANY | {"sale_order": [order(1)], "account_move": [move(1)]})
    typed = tmp_path / "typed"
    typed.mkdir()
    for path in folder.glob("*.csv"):
        duckdb.execute(f"copy (from read_csv('{path}')) to '{typed / path.stem}.parquet'")
    ours, theirs = imported(folder), imported(typed)
    for table in ("orders", "invoices", "accounts", "quotes", "users"):
        assert theirs.rows(f"from {table} order by all") == ours.rows(f"from {table} order by all")


def test_prices_that_include_tax(source, imported):
    line = """
        id | order_id | product_id | name | product_uom_qty | price_unit | price_subtotal | discount
        1  | 1        | 9          | Desk | 1               | 120        | 90.00          | 10"""
    crm = imported(source(COMPANY | {"sale_order": [order(1, amount_untaxed="90.00")], "sale_order_line": line}))
    assert crm.one("select list_amount, amount from orders") == (100, 90)


def test_columns_of_other_modules_do_no_harm(source, imported):
    """Custom fields called as something the mapping computes."""
    custom = {
        "rate": "9",
        "outcome": "x",
        "account_id": "77",
        "cost": "5",
        "company": "z",
        "potential": "3",
        "is_lost": "t",
    }
    records = {"sale_order": [order(1, **custom)], "crm_lead": [lead(1, **custom)]}
    crm = imported(source(COMPANY | records))
    assert crm.one("select account_id, amount from orders") == ("2", 100)
    assert crm.one("select account_id, amount, status from opportunities") == ("2", Decimal(1000), "open")


def test_orders_alone(source, imported):
    """Without partners, teams and stages their ids stand for them, and nothing is lost."""
    orders = [order(1, team_id=4, opportunity_id=1)]
    crm = imported(source({"sale_order": orders, "crm_lead": [lead(1), lead(2, probability=100)]}))
    assert crm.one("select account_id, team, business_unit from orders") == ("3", "team 4", "company 1")
    assert crm.rows("select stage, status, account_id from opportunities order by opportunity_id") == [
        ("stage 1", "open", "3"),
        ("stage 1", "won", "3"),
    ]
    assert crm.tables == {"quotes", "orders", "leads", "opportunities"}
