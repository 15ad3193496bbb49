"""The long way for a table that is not clean: cast by plan, set rows aside, write the rest, and say all of it.

The cells are read once as they are, beside what they become and the code of what is wrong with them; every file
and every line of the report comes from that one table. Below it: :mod:`crmkpi.sources.cast`, :mod:`crmkpi.sources.loaded`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crmkpi.schema import Column, Table
from crmkpi.sources.cast import Context, as_text, plan_column
from crmkpi.sources.loaded import PARQUET, Loaded, Supply, filled, missing_lines
from crmkpi.sources.plan import Plan, examples, stack
from crmkpi.sources.report import Line, line
from crmkpi.sources.sql import ident, literal, trimmed
from crmkpi.sources.words import KINDS


class LongWay:
    """The long way for one table: raw cells -> plans -> cells side by side -> rows set aside -> files and lines."""

    def __init__(self, con: Any, table: Table, supply: Supply, folder: Path, zone: str, instead: Path | None) -> None:
        self.con, self.table, self.supply, self.folder, self.zone, self.instead = (
            con,
            table,
            supply,
            folder,
            zone,
            instead,
        )
        self.columns = [column for column in table.columns if column.name in supply.columns]
        self.plans: dict[str, Plan] = {}
        self.lines: list[Line] = []

    def run(self) -> Loaded:
        """All of it; temporary tables are dropped whatever happens."""
        try:
            self._read()
            self._cast()
            aside = self._set_aside()
            loaded = self._write(aside)
        finally:
            for name in ("raw_cells", "cells", "aside"):
                self.con.execute(f"drop table if exists {name}")
        return loaded

    def _read(self) -> None:
        raw = ", ".join(f"{ident(self.supply.columns[c.name][0])} as {_raw(c)}" for c in self.columns)
        self.con.execute(f"create or replace temp table raw_cells as select {raw} from {self.supply.sql}")

    def _cast(self) -> None:
        context = Context(self.con, "raw_cells", self.zone, self.supply.excel)
        for place, column in enumerate(self.columns):
            type_ = self.supply.columns[column.name][1]
            self.plans[column.name] = plan_column(context, column, _raw(column), type_, f"l{place}")
        below = stack("(select rowid as row_no, * from raw_cells)", [each.layers for each in self.plans.values()])
        select = [
            f"{_raw(c)}, {self._fault(c)} as {_fault(c)}, {self.plans[c.name].value} as {_new(c)}" for c in self.columns
        ]
        differences = [
            f"case when {_has(p, 'rounded')} then ({p.difference})::double end as {ident('d_' + name)}"
            for name, p in self.plans.items() if p.difference
        ]  # fmt: skip
        self.con.execute(
            f"create or replace temp table cells as select row_no, {', '.join([*select, *differences])} from {below}"
        )
        self.con.execute("drop table raw_cells")
        for column in self.columns:
            self._notes(column)

    def _fault(self, column: Column) -> str:
        """The code of what is wrong with a cell: '' kept as it is, NULL blank."""
        plan = self.plans[column.name]
        whens = " ".join(f"when {condition} then '{code}'" for code, condition, _ in plan.faults)
        return f"case when {plan.blank} then null {whens} else '' end"

    def _notes(self, column: Column) -> None:
        for code, rows, what, shown in self.plans[column.name].notes:
            self.lines.append(line(code, self.table.name, column.name, rows=rows, what=what, examples=shown))

    def _set_aside(self) -> int:
        """Fill ``aside(row_no, reason)``: all blank, key missing or not valid, period reversed, duplicates."""
        self.con.execute("create or replace temp table aside(row_no bigint, reason varchar)")
        blank = " and ".join(f"{_fault(c)} is null" for c in self.columns)
        self._aside("empty_rows", blank)
        keys = [column for column in self.columns if column.key]
        for column in keys:
            self._aside(f"no_key:{column.name}", f"{_fault(column)} is null")
            self._aside(f"bad_key:{column.name}", f"{_new(column)} is null")
        if self.table.name == "targets":
            self._aside("bad_period", "new_period_end < new_period_start")
        if self.instead:
            same = " and ".join(f"t.{ident(c.name)} = {_new(c)}" for c in keys)
            there = f"exists (select 1 from read_parquet({literal(self.instead)}) t where {same})"
            self._aside("target_replaced", there)
        if keys:
            self._duplicates(", ".join(_new(column) for column in keys))
        return int(self._value("select count(*) from aside where reason <> 'empty_rows'"))

    def _aside(self, reason: str, condition: str) -> None:
        self.con.execute(
            f"insert into aside select row_no, {literal(reason)} from cells where ({condition}) "
            "and row_no not in (select row_no from aside)"
        )

    def _duplicates(self, key: str) -> None:
        """All rows of a key but the first: the same cells as the first, or not."""
        same = ", ".join(trimmed(as_text(_raw(c), self.supply.columns[c.name][1])) for c in self.columns)
        left = "(select * from cells where row_no not in (select row_no from aside))"
        self.con.execute(
            f"""insert into aside
            with twice as (select {key} from {left} group by all having count(*) > 1),
            rows as (select row_no, row_number() over w as place, row({same}) as this, first_value(row({same})) over w as first
                     from {left} join twice using ({key}) window w as (partition by {key} order by row_no))
            select row_no, case when this is not distinct from first then 'duplicate_row' else 'duplicate_key' end
            from rows where place > 1"""
        )

    def _value(self, sql: str) -> Any:
        return self.con.execute(sql).fetchone()[0]

    def _write(self, aside: int) -> Loaded:
        target = self.folder / f"{self.table.name}.parquet"
        any_aside = bool(self._value("select count(*) from aside"))
        kept = (
            "(select * from cells where row_no not in (select row_no from aside) order by row_no)"
            if any_aside
            else "cells"
        )
        names = {column.name for column in self.columns}
        select = ", ".join(
            f"{_new(c) if c.name in names else 'null'}::{c.sql_type} as {ident(c.name)}" for c in self.table.columns
        )
        self.con.execute(f"copy (select {select} from {kept}) to {literal(target)} {PARQUET}")
        if aside:
            self._write_rejected()
        cells = self._cell_lines(kept) + self._row_lines()
        rows = self._value(f"select count(*) from {kept}")
        return Loaded(rows, filled(self.con, target) if rows else dict.fromkeys((c.name for c in self.table.columns), 0),
                      cells, self.lines, aside)  # fmt: skip

    def _write_rejected(self) -> None:
        path = self.folder / "rejected" / f"{self.table.name}.parquet"
        path.parent.mkdir(exist_ok=True)
        select = ", ".join(
            f"{as_text(_raw(c), self.supply.columns[c.name][1])} as {ident(c.name)}" for c in self.columns
        )
        self.con.execute(
            f"copy (select {select}, reason, row_no + 1 as source_row from cells join aside using (row_no) "
            f"where reason <> 'empty_rows' order by row_no) to {literal(path)} {PARQUET}"
        )

    def _cell_lines(self, kept: str) -> int:
        """A line for each column and fault of the rows kept; the number of cells read in those rows."""
        read, empty = 0, {}
        for column in self.columns:
            found = dict(self.con.execute(f"select {_fault(column)}, count(*) from {kept} group by 1").fetchall())
            empty[column.name] = found.pop(None, 0)
            read += sum(found.values())
            found.pop("", None)
            for code, _, detail in self.plans[column.name].faults:
                if rows := found.pop(code, 0):
                    self.lines.append(self._cell_line(column, code, detail, rows, kept))
        self.lines += missing_lines(self.table, self.supply, self._value(f"select count(*) from {kept}"), empty)
        return read

    def _cell_line(self, column: Column, code: str, detail: str | tuple[str, str], rows: int, kept: str) -> Line:
        cell = as_text(_raw(column), self.supply.columns[column.name][1])
        shown = examples(self.con, kept, cell, f"{_fault(column)} = '{code}'")
        if code == "bad_value":
            detail = KINDS[str(detail)]
        if code == "rounded":
            total = self._value(f"select sum({ident('d_' + column.name)}) from {kept}") or 0.0
            fine = (detail, detail) if isinstance(detail, str) else detail
            total_text = f"{total:.6f}".rstrip("0").rstrip(".")
            detail = (
                f"{fine[0]} (écart total {total_text.replace('.', ',')})",
                f"{fine[1]} (total difference {total_text})",
            )
        return line(code, self.table.name, column.name, rows=rows, cells=rows, examples=shown, what=detail)

    def _row_lines(self) -> int:
        """A line for each reason rows were set aside; the number of cells in them."""
        filled_cells = " + ".join(f"case when {_fault(c)} is null then 0 else 1 end" for c in self.columns)
        found = self.con.execute(
            f"select reason, count(*), sum({filled_cells}) from cells join aside using (row_no) group by 1 order by 1"
        ).fetchall()
        for reason, rows, cells in found:
            code, _, name = reason.partition(":")
            shown = self._row_examples(reason, name)
            what: str | tuple[str, str] = name
            if code == "bad_key" and self.table.column(name).closed:
                what = next(str_or_pair for fault, _, str_or_pair in self.plans[name].faults if fault == "not_in_list")
            self.lines.append(line(code, self.table.name, name, rows=rows, cells=int(cells), examples=shown, what=what))
        return sum(int(cells) for _, _, cells in found)

    def _row_examples(self, reason: str, name: str) -> list[str]:
        shown = [name] if reason.startswith("bad_key") else [key for key in self.table.key if key in self.plans]
        if reason.startswith(("no_key", "empty")) or not shown:
            return []
        text = " || ' ' || ".join(f"coalesce({as_text('raw_' + n, self.supply.columns[n][1])}, '')" for n in shown)
        return examples(
            self.con, "(select * from cells join aside using (row_no))", text, f"reason = {literal(reason)}"
        )


def _raw(column: Column) -> str:
    return f"raw_{column.name}"


def _new(column: Column) -> str:
    return f"new_{column.name}"


def _fault(column: Column) -> str:
    return f"fault_{column.name}"


def _has(plan: Plan, code: str) -> str:
    """The condition of one of the plan's faults, false if it has no such fault."""
    return next((condition for each, condition, _ in plan.faults if each == code), "false")
