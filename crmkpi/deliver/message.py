"""What a message says: the answer of each page in words, the first things to do; as text and as HTML that mail programs show.

The same sentences as the pages, so a reader need not open anything to know. Below it: crmkpi.dashboard's markup and words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmkpi.dashboard.markup import Html, join, tag

WORDS = {
    "todo": ("À faire d'abord", "To do first"),
    "attached": ("En pièces jointes", "Attached"),
    "too_large": ("Trop lourds pour un courriel", "Too large for mail"),
    "open": ("Ouvrir les rapports", "Open the reports"),
    "why": (
        "Envoyé automatiquement par crmkpi, programmation « {name} ». Pour ne plus le recevoir, adressez-vous à votre administrateur.",
        "Sent by crmkpi by itself, schedule “{name}”. To receive it no longer, ask your administrator.",
    ),
}


@dataclass(frozen=True)
class Message:
    """A subject; parts, each a heading with its sentences; things to do; files by path with the name people see."""

    lang: str
    subject: str
    parts: Sequence[tuple[str, Sequence[str]]]
    todo: Sequence[tuple[str, str]] = ()
    data: str = ""
    schedule: str = ""
    url: str = ""
    files: Mapping[Path, str] = field(default_factory=dict)

    def say(self, key: str, **values: str) -> str:
        """Words of the message."""
        return WORDS[key][self.lang != "fr"].format(**values)

    def text(self, attached: Sequence[Path]) -> str:
        """The message as plain text."""
        blocks = [self.subject]
        for heading, sentences in self.parts:
            blocks.append("\n".join([heading, *(f"- {each}" for each in sentences)]))
        if self.todo:
            blocks.append(
                "\n".join([self.say("todo"), *(f"{n}. {who}\n   {what}" for n, (who, what) in enumerate(self.todo, 1))])
            )
        blocks += [f"{heading}{self._colon} {', '.join(names)}" for heading, names in self._files(attached)]
        blocks += [f"{self.say('open')}{self._colon} {self.url}"] if self.url else []
        blocks.append("\n".join(each for each in (self.data, self.say("why", name=self.schedule)) if each))
        return "\n\n".join(blocks) + "\n"

    def html(self, attached: Sequence[Path]) -> str:
        """The message as a page of one column: mail programs read styles on the elements only."""
        parts = [join([_heading(heading), _sentences(sentences)]) for heading, sentences in self.parts]
        if self.todo:
            lines = [tag("li", tag("strong", who), tag("br"), what, style="margin:0 0 10px") for who, what in self.todo]
            parts.append(join([_heading(self.say("todo")), tag("ol", *lines, style="margin:0;padding-left:22px")]))
        link = tag("a", self.say("open"), href=self.url, style=_BUTTON) if self.url else None
        notes = [f"{heading}{self._colon} {', '.join(names)}" for heading, names in self._files(attached)]
        small = [tag("p", each, style="margin:6px 0;font-size:13px;opacity:.75") for each in
                 (*notes, self.data, self.say("why", name=self.schedule)) if each]  # fmt: skip
        body = tag("div", tag("h1", self.subject, style="font-size:20px;line-height:1.3;margin:0 0 4px"), *parts,
                   tag("p", link, style="margin:20px 0") if link else None,
                   tag("hr", style="border:0;border-top:1px solid #8884;margin:20px 0 10px"), *small,
                   style=_COLUMN)  # fmt: skip
        head = (
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark">'
        )
        return f'<!DOCTYPE html>\n<html lang="{self.lang}"><head>{head}</head><body style="margin:0">{body}</body></html>\n'

    @property
    def _colon(self) -> str:
        return "\u00a0:" if self.lang == "fr" else ":"

    def _files(self, attached: Sequence[Path]) -> list[tuple[str, list[str]]]:
        """Those that come with the message, and those that are too large for it."""
        found = [(self.say(key), [name for path, name in self.files.items() if (path in attached) == with_it])
                 for key, with_it in (("attached", True), ("too_large", False))]  # fmt: skip
        return [(heading, names) for heading, names in found if names and attached]


_COLUMN = "max-width:600px;margin:0 auto;padding:16px;font:16px/1.45 system-ui,-apple-system,'Segoe UI',sans-serif"
_BUTTON = (
    "display:inline-block;padding:10px 16px;border-radius:8px;background:#0f6b5c;color:#ffffff;text-decoration:none"
)


def _heading(text: str) -> Html:
    return tag("h2", text, style="font-size:16px;margin:20px 0 4px")


def _sentences(sentences: Sequence[str]) -> Html:
    first, *more = sentences or [""]
    points = tag(
        "ul", *(tag("li", each, style="margin:0 0 6px") for each in more), style="margin:6px 0;padding-left:22px"
    )
    return join([tag("p", first, style="margin:0"), points if more else None])
