"""The reference of the figures as a page of the server. Below it: crmkpi.reference, mistune."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from typing import Any

import mistune
import tornado.web
from jupyter_server.base.handlers import JupyterHandler

from crmkpi.facts import open_data
from crmkpi.reference import Reference

_STYLE = """
body { margin: 0; } main { max-width: 1000px; margin: 0 auto; padding: 16px 20px 64px; line-height: 1.5; }
main h2 { margin-top: 48px; } main p { margin: 8px 0; } main ul { padding-left: 22px; margin: 4px 0 12px; }
main h3 { margin: 48px 0 8px; font: 600 16px ui-monospace, monospace; scroll-margin-top: 16px; }
h3:target { border-left: 5px solid var(--ck-main); padding-left: 8px; }
.wide { overflow-x: auto; margin: 12px 0; } main table { border-collapse: collapse; font-size: 14px; }
td, th { border-bottom: 1px solid var(--ck-line); padding: 4px 10px 4px 0; text-align: left; vertical-align: top; }
pre { overflow-x: auto; font-size: 13px; } summary { cursor: pointer; } a { color: inherit; }
"""


class _Page(mistune.HTMLRenderer):
    """Headings that can be linked to, texts folded, and nothing of a file taken for HTML."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        name = re.sub(r"\W+", "_", text) if level == 3 else ""
        return f'<h{level} id="{name}">{text}</h{level}>\n' if name else f"<h{level}>{text}</h{level}>\n"

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<details><summary>SQL</summary><pre tabindex="0"><code>{html.escape(code)}</code></pre></details>\n'

    def block_html(self, html: str) -> str:
        return ""  # the fold marks and the comment of the Markdown page


def page(markdown: str, lang: str, home: str, css: str) -> str:
    """A page of the reference as HTML that needs nothing else.

    >>> [text in page("### landing", "en", "/", "") for text in ('<h3 id="landing">', "Dashboards")]
    [True, True]
    """
    render = mistune.create_markdown(renderer=_Page(escape=True), plugins=["table"])
    body = str(render(markdown)).replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    other = "en" if lang == "fr" else "fr"
    back, switch = ("Tableaux de bord", "English") if lang == "fr" else ("Dashboards", "Français")
    title = "Les chiffres" if lang == "fr" else "The figures"
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · crmkpi</title>'
        f'<style>{css}{_STYLE}</style></head><body class="ck"><main><p><a href="{home}">← {back}</a> · '
        f'<a href="{other}" lang="{other}">{switch}</a></p>{body}</main></body></html>'
    )


class ReferencePage(JupyterHandler):
    """``reference/fr`` and ``reference/en``: for those who may see the dashboards."""

    def initialize(self, data: Path, home: str, css: str) -> None:
        """The data folder, for its own figures; where the dashboards are; how they look."""
        self.data, self.home, self.look = data, home, css

    @tornado.web.authenticated
    def get(self, lang: str) -> None:
        """The page in a language."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(_made(self.data, lang, self.home, self.look))


@cache
def _made(data: Path, lang: str, home: str, css: str) -> str:
    return page(Reference(open_data(data).base.library, lang).page(), lang, home, css)
