"""What was sold by product (indicators.md 1.2): the lines of confirmed orders, and how often they are sold against a year before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from . import calendar
from .answers import Data, Fact, Span, Spec, day_of
from .calendar import DAY
from .portfolio import ORDERS

MONTHS = 6
FALL = Decimal("0.25")
ORDER = ("product_id", "product", "product_family", "amount")


def _last(value: Any) -> tuple:
    """Sorts what is not known last."""
    return (value is None, 0 if value is None else value)


def _lines(data: Data) -> dict[str | None, list[dict]]:
    """The lines of each order, in the order that numbers them."""
    return {
        order: sorted(lines, key=lambda line: [_last(line.get(name)) for name in ORDER])
        for order, lines in data.by("order_lines", "order_id").items()
    }


def product(data: Data, line: dict) -> str | None:
    """A reference with its last name in the alphabet; a name without a reference as it is."""
    if line.get("product_id") is None:
        return line.get("product")
    same = data.by("order_lines", "product_id")[line["product_id"]]
    names = [each["product"] for each in same if each.get("product") is not None]
    return " ".join([line["product_id"], max(names)]) if names else line["product_id"]


def _id(*parts: Any) -> str:
    """An order and the place of a line in it, as far as there are any."""
    return ":".join(str(part) for part in parts if part is not None)


def _fact(data: Data, order: dict, line: dict | None, number: int | None = None) -> Fact:
    """A line of an order, or an order without lines."""
    status, line_ = order.get("status"), line or {}
    left, code = "", ""
    if status in ("draft", "cancelled"):
        left, code = "excluded", status
    elif status is None:
        left, code = "missing", "no_status"
    elif line is None:
        left, code = "missing", "no_lines"
    elif line.get("amount") is None:
        left, code = "missing", "no_line_amount"
    amount = line_.get("amount")
    own = {"product_family": line_.get("product_family"), "product": product(data, line_)}
    own |= {name: order[name] for name in ("team", "business_unit") if name in order}
    return Fact(_id(order["order_id"], number), day_of(order["order_date"]), order["account_id"], order["owner_id"], amount,
                amount=amount, left=left, code=code, weight=order["amount"] if line is None else amount, own=own)  # fmt: skip


def product_sales(data: Data, span: Span) -> list[Fact]:
    """One per line of an order, one per order without lines, and the lines of no order."""
    lines, orders = _lines(data), data.by("orders", "order_id")
    found = [_fact(data, row, None) for row in data.rows("orders") if row["order_id"] not in lines]
    for order, each in lines.items():
        for number, line in enumerate(each, 1):
            if order in orders:
                found.append(_fact(data, orders[order][0], line, number))
            else:
                own = {"product_family": line.get("product_family"), "product": product(data, line), "team": None}
                found.append(Fact(_id(order, number), None, None, None, left="excluded", code="no_order",
                                  own=own | {"business_unit": None}))  # fmt: skip
    return found


def stretches(day: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The last whole months at a day, and the same a year before."""
    end = (day + DAY).year * 12 + (day + DAY).month - 1
    return [(calendar.first_of(end - back - MONTHS), calendar.first_of(end - back)) for back in (0, 12)]


def product_lines_growth(data: Data, span: Span) -> list[Fact]:
    """One per line of either stretch."""
    now, before = stretches(span.state)
    found = []
    for fact in product_sales(data, span):
        if fact.day is None:
            continue
        late, early = (start <= fact.day < stop for start, stop in (now, before))
        if late or early:
            money = None if fact.amount is None else fact.amount * (late - early)
            found.append(Fact(fact.id, span.state, fact.account_id, fact.owner_id, int(late), int(early), money,
                              fact.left, fact.code, own=fact.own))  # fmt: skip
    return found


def specs() -> dict[str, Spec]:
    """The figures."""
    needs = ("orders", "order_lines")
    found = (
        Spec("product_sales", "flow", product_sales, "orders", in_money=True, needs=needs),
        Spec("product_lines_growth", "stock", product_lines_growth, "orders", ORDERS, ratio=True, needs=needs),
    )
    return {spec.name: spec for spec in found}
