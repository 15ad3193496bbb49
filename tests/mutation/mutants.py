"""The mutants of a text: an operator, a boundary, a constant, a condition, a branch or a join changed, one at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import sqlglot
from sqlglot import exp

from crmkpi.indicators import Figure, Setting, View

_SWAPS: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.EQ: exp.NEQ, exp.NEQ: exp.EQ, exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT,
    exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Mul: exp.Div, exp.Div: exp.Mul, exp.And: exp.Or, exp.Or: exp.And,
    exp.Min: exp.Max, exp.Max: exp.Min, exp.Greatest: exp.Least, exp.Least: exp.Greatest,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the change in words that stay the same over edits, and the item as it would be."""

    name: str
    change: str
    made: Callable[[], View] = field(repr=False, compare=False)

    @cached_property
    def item(self) -> View:
        """The item as it would be: written when it is asked for, since most are only counted."""
        return self.made()

    @property
    def key(self) -> str:
        """What the argued ones are filed under."""
        return f"{self.name}: {self.change}"


def mutants(item: View) -> list[Mutant]:
    """Every mutant of a figure or a view: of its SELECT, of its settings, of the conditions of its alerts."""
    found = [*_of_text(item.sql, lambda sql: replace(item, sql=sql)), *_of_settings(item)]
    for number, alert in enumerate(getattr(item, "alerts", ())):
        assert isinstance(item, Figure)
        found += _of_text(f"select {alert.condition}", _with_condition(item, number), "alert: ")
    seen: Counter[str] = Counter()
    numbered = []
    for change, made in found:
        seen[change] += 1
        numbered.append(Mutant(item.name, change + (f" #{seen[change]}" if seen[change] > 1 else ""), made))
    return numbered


def _with_condition(item: Figure, number: int) -> Callable[[str], View]:
    def changed(sql: str) -> View:
        alerts = list(item.alerts)
        alerts[number] = replace(alerts[number], condition=sql.partition(" ")[2])
        return replace(item, alerts=tuple(alerts))

    return changed


Found = Iterator[tuple[str, Callable[[], View]]]
"""Changes in words, each with what makes it."""


def _of_settings(item: View) -> Found:
    for number, setting in enumerate(item.settings):
        if isinstance(setting.default, bool) or not isinstance(setting.default, int | float):
            continue
        more = setting.default + 1 if isinstance(setting.default, int) else setting.default * 1.1
        settings: list[Setting] = list(item.settings)
        settings[number] = replace(setting, default=more)
        yield (
            f"setting {setting.name}={setting.default} -> {more:g}",
            partial(replace, item, settings=tuple(settings)),
        )


def _of_text(sql: str, made: Callable[[str], View], prefix: str = "") -> Found:
    tree = sqlglot.parse_one(sql, read="duckdb")
    for number, node in enumerate(tree.walk()):
        for words, change in _changes(node):
            yield f"{prefix}{words}", partial(_changed, tree, number, change, made)


def _changed(
    tree: exp.Expression, number: int, change: Callable[[Any], exp.Expression], made: Callable[[str], View]
) -> View:
    """The item with the node of that number changed."""
    again = tree.copy()
    there = next(each for at, each in enumerate(again.walk()) if at == number)
    new = change(there)
    if new is not there:
        there.replace(new)
    return made(again.sql(dialect="duckdb", copy=False))


Change = tuple[str, Callable[[Any], exp.Expression]]


def _changes(node: exp.Expression) -> Iterator[Change]:
    """What can be changed at a node, in words, and how."""
    for kind, change in _KINDS:
        if isinstance(node, kind):
            yield from change(node)


def _operator(node: exp.Expression) -> Iterator[Change]:
    other = _SWAPS[type(node)]
    yield f"{_short(node)} [{type(node).__name__} -> {other.__name__}]", lambda n: other(**n.args)


def _condition(node: exp.Expression) -> Iterator[Change]:
    yield f"{_short(node)} [only the left]", lambda n: n.this
    yield f"{_short(node)} [only the right]", lambda n: n.expression


def _first(node: exp.Expression) -> Iterator[Change]:
    words = "not dropped" if isinstance(node, exp.Not) else "only the first"
    yield f"{_short(node)} [{words}]", lambda n: n.this


def _null(node: exp.Expression) -> Iterator[Change]:
    if not isinstance(node.parent, exp.Not):
        yield f"{_short(node)} [negated]", lambda n: exp.Not(this=n.copy())


def _boolean(node: exp.Expression) -> Iterator[Change]:
    yield f"{_short(node)} in {_short(node.parent)} [flipped]", lambda n: exp.Boolean(this=not n.this)


def _left_join(node: exp.Expression) -> Iterator[Change]:
    if node.args.get("side") == "LEFT":
        yield f"{_short(node)} [inner]", _inner


def _branches(node: exp.Expression) -> Iterator[Change]:
    branches = node.args["ifs"]
    for number, branch in enumerate(branches if len(branches) > 1 else []):
        yield f"{_short(branch)} [branch dropped]", _without("ifs", number)


def _listed(node: exp.Expression) -> Iterator[Change]:
    values = node.args.get("expressions") or []
    for number, each in enumerate(values if len(values) > 1 else []):
        yield f"{_short(node)} [{each.sql()} dropped]", _without("expressions", number)


def _order(node: exp.Expression) -> Iterator[Change]:
    yield f"{_short(node)} in {_short(node.parent and node.parent.parent)} [turned]", _turned


def _distinct(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node.parent, exp.Select):
        yield f"{_short(node.parent)} [distinct dropped]", _dropped


def _filter(node: exp.Expression) -> Iterator[Change]:
    if not isinstance(node.this, exp.And):
        yield f"{_short(node)} [dropped]", lambda n: exp.Where(this=exp.true())


def _constant(node: exp.Expression) -> Iterator[Change]:
    if node.find_ancestor(exp.DataType) or node.arg_key == "modifiers":  # a type, the flags of a regular expression
        return
    about = _short(node.parent)
    if node.is_string:
        yield f"{node.sql()} in {about} [other text]", lambda n: exp.Literal.string(n.this + "_")
    else:
        yield (
            f"{node.sql()} in {about} [+ 1]",
            lambda n: exp.Literal.number(float(n.this) + 1 if "." in n.this else int(n.this) + 1),
        )


def _inner(node: exp.Join) -> exp.Expression:
    node.set("side", None)
    return node


def _turned(node: exp.Ordered) -> exp.Expression:
    node.set("desc", not node.args.get("desc"))
    return node


def _dropped(node: exp.Expression) -> exp.Expression:
    node.parent.set("distinct", None)
    return node


def _without(name: str, number: int) -> Callable[[Any], exp.Expression]:
    def changed(node: Any) -> exp.Expression:
        node.set(name, [each for at, each in enumerate(node.args[name]) if at != number])
        return node

    return changed


def _short(node: Any) -> str:
    text = " ".join(node.sql(dialect="duckdb").split())
    return text if len(text) <= 90 else text[:87] + "..."


_KINDS = (
    (tuple(_SWAPS), _operator), ((exp.And, exp.Or), _condition), ((exp.Not, exp.Coalesce), _first), (exp.Is, _null),
    (exp.Boolean, _boolean), (exp.Literal, _constant), (exp.Join, _left_join), (exp.Case, _branches), (exp.In, _listed),
    (exp.Ordered, _order), (exp.Distinct, _distinct), (exp.Where, _filter),
)  # fmt: skip
