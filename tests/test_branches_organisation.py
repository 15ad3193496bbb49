"""Family 2 where a source lacks something, and what the golden company's examples can not ask: lists, ties, group alerts."""

import datetime as dt

import pandas as pd
import pytest

import crmkpi

SEEN = dt.date(2026, 11, 23)


def day(text):
    return dt.date.fromisoformat(f"2026-{text}") if text else None


def moment(text):
    return dt.datetime.combine(day(text), dt.time(10)) if text else None


def company(**tables):
    return crmkpi.open({name: pd.DataFrame(rows) for name, rows in tables.items()}, as_of=SEEN, currency="EUR")


def visit(n, planned="11-02", status="planned", **more):
    sound = {"type": "visit", "account_id": "a", "owner_id": "u", "planned_at": moment(planned), "status": status}
    return {"activity_id": f"v{n}", "done_at": None, **sound, **more}


def quote(n, issued="11-20", status="sent", amount=100.0, **more):
    sound = {"account_id": "a", "issued_at": moment(issued), "status": status, "amount": amount}
    return {"quote_id": f"q{n}", "opportunity_id": None, "valid_until": None, "decided_at": None, **sound, **more}


def order(n, ordered="11-02", status="confirmed", amount=100.0, **more):
    sound = {"account_id": "a", "order_date": day(ordered), "status": status, "amount": amount}
    return {"order_id": f"o{n}", "delivered_at": None, "requested_delivery_date": None, **sound, **more}


def invoice(n, dated="10-01", due="10-31", amount=120.0, left=120.0, paid=None, **more):
    sound = {"account_id": "a", "type": "invoice", "status": "posted", "amount": 100.0, "amount_with_tax": amount}
    days = {"invoice_date": day(dated), "due_date": day(due), "paid_at": moment(paid)}
    return {"invoice_id": f"i{n}", "open_amount": left, **sound, **days, **more}


# --- visits -------------------------------------------------------------------------------------------------------


def test_a_source_that_records_no_done_visit_has_no_overdue_ones():
    """Nothing says that they are late, so 0 would be false; one visit done anywhere, and they are set apart."""
    meetings = [visit(1, status="unknown"), visit(2, status="unknown", planned="11-23")]
    silent = company(activities=meetings)
    for name in ("overdue_visits", "overdue_visit_rate"):
        result = silent.kpi(name)
        assert (result.value, result.status) == (None, "unavailable")
        assert "does not record which visits were done" in result.reason
    assert silent.kpi("unknown_visits").value == 1
    spoken = company(activities=[*meetings, visit(3, status="done", done_at=moment("11-03"))])
    assert spoken.kpi("overdue_visits").value == 0
    assert spoken.kpi("overdue_visits").left_out == {"unknown_outcome": 1}
    assert spoken.kpi("overdue_visit_rate").value == 0
    calls = company(activities=[*meetings, visit(3, status="done", done_at=moment("11-03"), type="call")])
    assert calls.kpi("overdue_visits").status == "unavailable"


def test_what_a_source_records_is_told_by_type():
    """Its visits say whether they were done, its meetings do not."""
    done = visit(3, status="done", done_at=moment("11-03"))
    crm = company(activities=[visit(1, status="unknown", type="meeting"), visit(2, status="unknown"), visit(4), done])
    result = crm.kpi("overdue_visits")
    assert (result.value, result.coverage, result.left_out) == (1, 0.5, {"unknown_outcome": 1, "no_done_flag": 1})
    assert list(result.left_out) == ["no_done_flag", "unknown_outcome"], (
        "the most first, then by name: not as the engine gives them"
    )


def test_a_visit_with_its_day_and_no_status_was_done_or_cancelled():
    """So its source records visits of that type; and one cancelled since was late until then."""
    crm = company(activities=[visit(1, status="unknown"), visit(2, status=None, done_at=moment("11-03"))])
    assert (crm.kpi("overdue_visits").value, crm.kpi("overdue_visits").left_out) == (0, {"unknown_outcome": 1})
    gone = company(activities=[visit(1, status=None, cancelled_at=moment("11-20"), late_reason=" ")])
    assert [gone.kpi("overdue_visits", as_of=f"2026-11-{n}").value for n in (19, 20)] == [1, 0]
    assert gone.facts("overdue_visits", as_of="2026-11-19")["late_reason"].isna().all()  # a blank is no reason


def test_a_visit_of_unknown_outcome_that_was_done_was_done():
    crm = company(activities=[visit(1, status="unknown", done_at=moment("11-05")), visit(2)])
    assert crm.kpi("overdue_visits").value == 1
    assert crm.kpi("unknown_visits").value == 0
    assert crm.kpi("overdue_visit_rate").value == 0.5


@pytest.mark.parametrize(
    ("contact", "phone"),
    [("k1", "06 01"), ("k2", "03 01"), ("k3", "03 00"), (None, "03 00"), ("nobody", "03 00")],
    ids=["mobile", "no mobile", "no phone", "no contact", "unknown contact"],
)
def test_whom_to_call(contact, phone):
    crm = company(
        activities=[visit(1, contact_id=contact, late_reason=" grève ")],
        accounts=[{"account_id": "a", "name": "Aubier", "phone": " 03 00 "}],
        contacts=[
            {"contact_id": "k1", "first_name": "Anne", "last_name": "Roux", "mobile": "06 01", "phone": "03 01"},
            {"contact_id": "k2", "first_name": None, "last_name": "Vidal", "mobile": " ", "phone": "03 01"},
            {"contact_id": "k3", "first_name": None, "last_name": None, "mobile": None, "phone": None},
        ],
    )
    (row,) = crm.facts("overdue_visits").to_dict("records")
    assert (row["phone"], row["late_reason"], row["days_late"]) == (phone, "grève", 14)  # the 11th is a holiday
    names = {"k1": "Anne Roux", "k2": "Vidal", "k3": ""}
    assert row["contact"] == names[contact] if contact in names else pd.isna(row["contact"])


def test_the_largest_document_at_risk_is_named():
    sound = {"account_id": "a", "status": "open", "probability": 0.5}
    deals = [{**sound, "opportunity_id": "p1", "name": "Atelier", "amount": 900.0}]
    visits = [visit(1), visit(2, account_id="b")]
    quotes = [quote(1, number="D1"), quote(2, amount=300.0, number="D2"), quote(3, account_id="b", number="D3")]
    rows = (
        company(activities=visits, quotes=quotes, opportunities=deals)
        .facts("overdue_visits")
        .set_index("id")
        .sort_index()
    )
    assert rows[["at_risk", "amount"]].values.tolist() == [["Atelier", 850.0], ["D3", 100.0]]


@pytest.mark.parametrize(("amounts", "named"), [((1.0, 0.0), "D0"), ((7.0, 7.0), "D0"), ((0.0, 0.0), None)])
def test_no_document_is_named_that_puts_nothing_at_risk(amounts, named):
    """Of two as large the first by its number; a document of 0 is none."""
    quotes = [quote(9 - n, amount=amount, number=f"D{n}") for n, amount in enumerate(amounts)]
    (row,) = company(activities=[visit(1)], quotes=quotes).facts("overdue_visits").to_dict("records")
    assert (row["at_risk"] if named else pd.isna(row["at_risk"])) == (named or True)


@pytest.mark.parametrize(("link", "left"), [("quote_id", 100 + 7), ("opportunity_id", 100 + 50)])
def test_a_quote_and_an_opportunity_of_the_same_id_are_two_documents(link, left):
    """Sources number each table from 1: an order of the one is none of the other."""
    deal = {"opportunity_id": "1", "account_id": "a", "status": "open", "amount": 7.0, "probability": 1.0}
    orders = [order(1, **{link: "1"}), order(2, status="delivered", amount=1.0)]
    crm = company(
        activities=[visit(1)], quotes=[quote(1, quote_id="1", amount=50.0)], opportunities=[deal], orders=orders
    )
    assert crm.kpi("overdue_visits").row["amount"] == left


def test_on_the_day_an_order_is_cancelled_the_quote_of_its_opportunity_counts_again():
    gone = order(1, amount=30.0, status="cancelled", opportunity_id="p", cancelled_at=moment("11-23"))
    orders = [gone, order(2, delivered_at=moment("11-03"), opportunity_id=None, cancelled_at=None)]
    crm = company(activities=[visit(1)], quotes=[quote(1, opportunity_id="p")], orders=orders)
    assert [crm.kpi("overdue_visits", as_of=f"2026-11-{n}").row["amount"] for n in (22, 23)] == [30, 100]


def test_a_quote_of_an_opportunity_with_the_id_of_an_ordered_quote():
    quotes = [quote(1, quote_id="1", amount=50.0, opportunity_id="2"), quote(2, quote_id="2", amount=9.0)]
    orders = [order(1, quote_id="2"), order(2, status="delivered", amount=1.0)]
    assert company(activities=[visit(1)], quotes=quotes, orders=orders).kpi("overdue_visits").row["amount"] == 150


def test_a_document_without_a_number_is_named_by_its_id():
    deal = {"opportunity_id": "p1", "account_id": "b", "status": "open", "amount": 1.0, "probability": 1.0}
    visits = [visit(n, account_id=who) for n, who in enumerate("abc")]
    orders = [order(1, account_id="c"), order(2, status="delivered")]
    crm = company(activities=visits, quotes=[quote(1)], opportunities=[deal], orders=orders)
    assert crm.facts("overdue_visits").set_index("id")["at_risk"].to_dict() == {"v0": "q1", "v1": "p1", "v2": "o1"}


def test_an_order_of_unknown_status_is_no_document_at_risk():
    orders = [order(1, status=None, amount=900.0, number="C1"), order(2, number="C2"), order(3, status="delivered")]
    (row,) = company(activities=[visit(1)], orders=orders).facts("overdue_visits").to_dict("records")
    assert (row["at_risk"], row["amount"]) == ("C2", 100.0)


def test_a_visit_on_a_day_of_no_calendar_is_late_all_the_same():
    """The working days are known from 2008 to 2099: beyond, late by nobody knows how many."""
    crm = company(activities=[visit(1, planned_at=dt.datetime(1998, 5, 4, 10)), visit(2)])
    assert [crm.kpi("overdue_visits", as_of=day).value for day in ("2026-11-23", "2100-01-04")] == [2, 2]
    assert crm.facts("overdue_visits").set_index("id")["days_late"].dropna().to_dict() == {"v2": 14}


def test_several_offers_of_one_opportunity_each_count_and_it_does_not():
    deals = [{"opportunity_id": "p1", "account_id": "a", "status": "open", "amount": 900.0, "probability": 0.5}]
    offers = [quote(n, opportunity_id="p1") for n in (1, 2)]
    assert company(activities=[visit(1)], quotes=offers, opportunities=deals).kpi("overdue_visits").row["amount"] == 200
    gone = [{**each, "valid_until": day("11-22")} for each in offers]
    assert company(activities=[visit(1)], quotes=gone, opportunities=deals).kpi("overdue_visits").row["amount"] == 450


def test_customers_with_as_much_at_risk_are_alerted_alike():
    visits = [visit(n, account_id=f"a{n}") for n in range(11)]
    amounts = [50.0, 40.0, 40.0, *range(1, 9)]
    quotes = [quote(n, account_id=f"a{n}", amount=float(amount)) for n, amount in enumerate(amounts)]
    alerts = company(activities=visits, quotes=quotes).alerts(["overdue_visits"])
    assert sorted(alerts.loc[alerts["severity"] == "P1", "amount"]) == [40, 40, 50]  # one in ten of 11 are 2, and a tie


def test_a_rep_with_many_overdue_visits():
    done = [visit(n, status="done", done_at=moment("11-02")) for n in range(4)]
    crm = company(activities=[*done, visit(9)], users=[{"user_id": "u", "name": "Alice"}])
    assert crm.alerts(["overdue_visit_rate"]).empty  # 1 in 5 is not above 20 %
    (alert,) = company(activities=[*done, visit(8), visit(9)]).alerts(["overdue_visit_rate"]).to_dict("records")
    assert (alert["severity"], alert["dimension"], alert["reason"]) == (
        "P3", "rep", "more than 20 % of the planned visits are not done",
    )  # fmt: skip


# --- quotes -------------------------------------------------------------------------------------------------------


def test_a_quote_issued_nobody_knows_when():
    """It is open, and only its validity can say that it is to follow up."""
    crm = company(quotes=[quote(1, issued=None), quote(2, issued=None, valid_until=day("11-25")), quote(3)])
    assert crm.kpi("open_quotes").value == 3
    assert (crm.kpi("quotes_to_follow_up").value, crm.kpi("quotes_to_follow_up").left_out) == (1, {"recent": 2})
    call = {"activity_id": "e1", "quote_id": "q1", "type": "call", "status": "done", "done_at": moment("11-02")}
    assert company(quotes=[quote(1, issued=None)], activities=[call]).kpi("quotes_to_follow_up").value == 1


def test_an_offer_of_the_day_before_the_decision_of_an_import():
    """Accepted "before" its issue: not in the usual time, else every quote would be older than usual."""
    imported = quote(1, issued="11-10", status="accepted", decided_at=moment("10-01"))
    assert company(quotes=[imported, quote(2)]).kpi("quotes_to_follow_up").value == 0
    signed = quote(3, issued="11-10", status="accepted", decided_at=moment("11-12"))
    assert company(quotes=[imported, signed, quote(2)]).kpi("quotes_to_follow_up").value == 1


def test_when_a_quote_is_due():
    """At the end of its validity, else a cadence after the last follow-up, else after the issue."""
    old = quote(0, issued="10-01", status="accepted", decided_at=moment("10-02"))
    crm = company(quotes=[old, quote(1, issued="11-01"), quote(2, issued="11-02", last_follow_up_at=moment("11-04")),
                          quote(3, issued="11-03", valid_until=day("12-24"))])  # fmt: skip
    due = crm.facts("quotes_to_follow_up").set_index("id")["due"].astype(str).str[:10]
    assert due.to_dict() == {"q1": "2026-11-08", "q2": "2026-11-11", "q3": "2026-12-24"}


# --- orders and deliveries ----------------------------------------------------------------------------------------


def test_a_source_that_says_nothing_of_deliveries_has_no_backlog():
    for orders in ([order(1)], [order(1, status="delivered")]):
        for name in ("order_backlog", "late_deliveries"):
            result = company(orders=orders).kpi(name)
            assert (result.value, result.status) == (None, "unavailable")
            assert "the source does not say what is delivered (1 order)" in result.reason


def test_without_deliveries_an_order_is_delivered_whole():
    sent = order(2, status="delivered", delivered_at=moment("11-20"))
    crm = company(orders=[order(1, requested_delivery_date=day("11-22")), sent])
    backlog = crm.kpi("order_backlog")
    assert (backlog.value, backlog.row["amount"], backlog.status) == (1, 100, "partial")
    assert "no deliveries" in backlog.reason
    assert crm.kpi("late_deliveries").value == 1
    assert crm.kpi("order_backlog", as_of="2026-11-19").value == 2


def test_orders_of_two_statuses_say_what_is_delivered():
    assert company(orders=[order(1), order(2, status="delivered")]).kpi("order_backlog").value == 1


def test_one_row_is_enough_to_say_what_is_delivered():
    """One delivery, or one order with its day of delivery."""
    awaited = [{"delivery_id": "l1", "order_id": "o1", "status": "pending", "delivered_at": None}]
    for tables in ({"deliveries": awaited}, {"orders": [order(1), order(2, delivered_at=moment("11-20"))]}):
        assert company(**{"orders": [order(1)], **tables}).kpi("order_backlog").value == 1


def test_a_delivery_before_its_order_and_one_of_no_order():
    deliveries = [
        {"delivery_id": "l1", "order_id": "o1", "status": "delivered", "delivered_at": moment("11-01"), "amount": 30.0},
        {"delivery_id": "l2", "order_id": None, "status": "pending", "delivered_at": None, "amount": 30.0},
    ]
    crm = company(orders=[order(1), order(2, ordered=None)], deliveries=deliveries)
    assert (crm.kpi("order_backlog").value, crm.kpi("order_backlog").row["amount"]) == (2, 170)
    assert crm.kpi("order_backlog", as_of="2026-11-01").row["amount"] == 100  # dated nobody knows when: always there


# --- what customers owe -------------------------------------------------------------------------------------------


def test_without_payments_a_past_day_counts_the_whole_until_it_is_paid():
    rows = [
        invoice(1, left=20.0),  # paid in part, nobody knows when
        invoice(2, left=0.0, paid="11-10"),
        invoice(3, left=0.0),  # paid, nobody knows when
        invoice(4, left=None, paid="11-12"),
        invoice(5, left=60.0, dated="11-11"),
    ]
    crm = company(invoices=rows)
    assert crm.kpi("receivables").value == 80
    found = {seen: crm.kpi("receivables", as_of=f"2026-{seen}").value for seen in ("11-09", "11-10", "11-11", "11-12")}
    assert found == {"11-09": 360, "11-10": 240, "11-11": 360, "11-12": 240}
    assert crm.kpi("receivables", as_of="2026-11-09").status == "partial"
    assert crm.kpi("overdue_receivables", as_of="2026-10-31").value == 0
    assert crm.kpi("overdue_receivables", as_of="2026-11-01").value == 360


def test_a_document_of_unknown_amount_is_missing_until_it_is_paid():
    crm = company(invoices=[invoice(1), invoice(2, amount=None, left=0.0, paid="11-12")])
    reasons = [crm.kpi("receivables", as_of=f"2026-11-{n}").reason for n in (11, 12)]
    assert ["1 document without a known open amount" in reason for reason in reasons] == [True, False]


def test_with_payments_a_past_day_is_complete():
    payments = [{"invoice_id": "i1", "paid_at": moment("11-10"), "amount": 100.0}]
    crm = company(invoices=[invoice(1, left=20.0)], payments=payments)
    assert [crm.kpi("receivables", as_of=f"2026-11-{n}").value for n in ("09", "10")] == [120, 20]
    assert crm.kpi("receivables", as_of="2026-11-09").status == "ok"


def test_a_document_without_a_status_is_missing():
    crm = company(invoices=[invoice(1), invoice(2, status=None, left=5.0)])
    for seen in ("2026-11-23", "2026-11-22"):
        result = crm.kpi("receivables", as_of=seen)
        assert (result.value, "1 document without a status or type" in result.reason) == (120, True)


def test_a_document_without_any_date_may_be_overdue_or_not():
    crm = company(invoices=[invoice(1), invoice(2, dated=None, due=None, left=5.0)])
    assert crm.kpi("receivables").value == 125
    for name, value in (("overdue_receivables", 120), ("overdue_share", 1)):
        result = crm.kpi(name)
        assert (result.value, result.reason) == (value, "1 document without a due date or a date")


def test_customers_of_whom_too_much_is_overdue():
    """By customer, whatever the number of documents: it is money, not a rate of small numbers."""
    on_time = {"due": "12-31"}
    rows = [invoice(1, left=31.0), invoice(2, left=69.0, **on_time), invoice(3, left=30.0, account_id="b"),
            invoice(4, left=70.0, account_id="b", **on_time)]  # fmt: skip
    crm = company(
        invoices=rows, accounts=[{"account_id": "a", "name": "Aubier"}, {"account_id": "b", "name": "Brunel"}]
    )
    (alert,) = crm.alerts(["overdue_receivables"]).to_dict("records")
    assert (alert["severity"], alert["customer"], alert["amount"]) == ("P2", "Aubier", 31)
    assert alert["reason"] == "more than 30 % of the customer's balance is overdue"


def test_credit_limits():
    accounts = [{"account_id": name, "name": name, "credit_limit": limit, "owner_id": "u"}
                for name, limit in (("a", 100.0), ("b", 0.0), ("c", None))]  # fmt: skip
    rows = [invoice(n, left=120.0, account_id=name) for n, name in enumerate(["a", "b", "c", "orphan", None])]
    crm = company(invoices=rows, accounts=accounts)
    result = crm.kpi("over_credit_limit")
    assert (result.value, result.row["amount"], result.left_out) == (2, 140, {"no_limit": 1})
    one = company(invoices=[invoice(1), invoice(2, left=1.0, account_id="c")], accounts=[accounts[0], accounts[2]])
    assert one.kpi("over_credit_limit").left_out == {"no_limit": 1}  # one limit is enough
    none = company(
        invoices=[invoice(1, left=0.0), invoice(2, left=-5.0)], accounts=[{**accounts[2], "account_id": "a"}]
    )
    found = none.kpi("over_credit_limit")
    assert (found.value, found.reason) == (None, "the source has no credit limits (1 customer invoiced)")


def test_days_outstanding_are_not_said_where_the_balance_is_unknown():
    result = company(invoices=[invoice(1, left=None)]).kpi("dso")
    assert (result.value, result.status) == (None, "unavailable")
    assert "without a known open amount" in result.reason
    assert "nothing billed" not in result.reason
