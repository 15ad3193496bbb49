"""A chart on the page: its title, its words, its picture, its numbers, what its figures mean; why it is empty where it is."""

from __future__ import annotations

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.charts.base import Chart
from crmkpi.dashboard.markup import Html, tag
from crmkpi.dashboard.tiles import why


def card(ask: Asker, chart: Chart, name: str, meaning: Html) -> Html:
    """A chart with its title, its words, its numbers and the ``meaning`` of its figures; why it is empty, if it is."""
    return tag(
        "figure",
        tag(
            "figcaption",
            tag("h3", chart.title),
            tag("p", chart.note, class_="ck-note") if chart.note else None,
            tag("p", chart.more, class_="ck-note") if chart.more else None,
        ),
        tag("div", Html(chart.svg), class_="ck-picture", data_dim=chart.filters, data_name=name)
        if chart.svg
        else tag("p", chart.why or _empty(ask, name)),
        tag(
            "div",
            _numbers(ask, chart) if chart.rows and chart.svg else None,
            meaning,
            _files(ask, chart.title) if chart.svg else None,
            class_="ck-foot",
        ),
        class_="ck-card ck-chart",
    )


def _empty(ask: Asker, name: str) -> str:
    result = ask.kpi(name)
    return ask.say("empty_chart") if result.status != "unavailable" else ask.pair(ask.say("unavailable"), why(result))


def _files(ask: Asker, title: str) -> Html:
    """The picture as a file: the browser has it already, in the colours of the day."""
    said = ask.say("download")
    buttons = [
        tag(
            "button",
            kind.upper(),
            type="button",
            data_save=kind,
            class_="ck-link",
            aria_label=f"{said} {kind.upper()}, {title}",
        )
        for kind in ("svg", "png")
    ]
    return tag("p", *buttons, class_="ck-live ck-files")


def _numbers(ask: Asker, chart: Chart) -> Html:
    head = [tag("th", each, scope="col", class_="ck-num" if place else "") for place, each in enumerate(chart.columns)]
    rows = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", each, class_="ck-num") for each in row[1:]))
            for row in chart.rows]  # fmt: skip
    body = tag(
        "table", tag("caption", chart.title, class_="ck-hidden"), tag("thead", tag("tr", *head)), tag("tbody", *rows)
    )
    return tag("details", tag("summary", ask.say("numbers")), tag("div", body, class_="ck-scroll"), _queries(ask, chart),
               class_="ck-numbers", data_key=f"numbers-{chart.title}")  # fmt: skip


def _queries(ask: Asker, chart: Chart) -> Html | None:
    """The SQL of a picture of more than its figure: what makes a gap."""
    if not chart.sql:
        return None
    queries = [tag("pre", tag("code", text), tabindex="0") for text in dict.fromkeys(chart.sql)]
    return tag("details", tag("summary", ask.say("sql")), *queries, data_key=f"sql-{chart.title}")
