"""HTML from values: every value is escaped here, and nowhere else is a value put into a page.

Below it: nothing of crmkpi.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def esc(value: object) -> Html:
    """A value as HTML text: escaped, unless it is HTML already.

    >>> esc('<b title="x">'), esc(Html("<b>"))
    ('&lt;b title=&quot;x&quot;&gt;', '<b>')
    """
    return value if isinstance(value, Html) else Html(escape(str(value), quote=True))


def tag(name: str, *inside: object, **attributes: object) -> Html:
    """An element; ``class_`` is written class, ``data_do`` data-do; None and False leave an attribute out.

    >>> tag("a", "R & D", href="x", class_="k", hidden=True, title=None)
    '<a href="x" class="k" hidden>R &amp; D</a>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in ("input", "br", "hr"):
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(inside)}</{name}>")


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{esc(value)}"'


def join(parts: Iterable[object], between: str = "") -> Html:
    """The parts one after another, escaped; None is nothing."""
    return Html(between.join(esc(part) for part in parts if part is not None))


def table(
    head: Iterable[Html], rows: Iterable[Html], caption: str, foot: Html | None = None, **attributes: object
) -> Html:
    """A table that scrolls by itself when it is wider than the page."""
    inner = tag(
        "table",
        tag("caption", caption, class_="ck-hidden"),
        tag("thead", tag("tr", *head)),
        tag("tbody", *rows),
        tag("tfoot", foot) if foot else None,
        **attributes,
    )
    return tag("div", inner, class_="ck-scroll", tabindex="0", role="region", aria_label=caption)
