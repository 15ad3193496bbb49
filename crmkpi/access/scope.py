"""What somebody may see: the company, some business units, teams or reps, the customers that some reps own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

PLACES = ("business_unit", "team", "rep", "customers_of")
"""What a scope can name, beside the whole company, as the access file does."""
_WORDS = {
    "business_unit": ("business unit", "business unit"),
    "team": ("équipe", "team"),
    "rep": ("commercial", "rep"),
    "customers_of": ("clients de", "customers of"),
}


@dataclass(frozen=True)
class Scope:
    """What somebody may see. Nothing, unless something is named.

    ``team``, ``business_unit`` and ``rep`` admit the documents of those (the document's own team where the source books
    one, else its owner's of today) and the customers that their reps own, with all that concerns these. ``customers_of``
    admits the customers that these reps (ids, or names that one rep alone bears) own, and all their documents, whoever's.
    """

    company: bool = False
    business_unit: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    rep: tuple[str, ...] = ()
    customers_of: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether it admits no row at all.

        >>> Scope().nothing, Scope(team=("Sud",)).nothing
        (True, False)
        """
        return not (self.company or any(getattr(self, place) for place in PLACES))

    @property
    def key(self) -> str:
        """A text that two scopes share only if they admit the same: for whatever is kept per scope.

        >>> Scope(team=("Sud", "Nord")).key, Scope(company=True, team=("Sud",)).key == COMPANY.key
        ('{"team": ["Nord", "Sud"]}', True)
        """
        if self.company:
            return "company"
        named = {place: sorted(set(getattr(self, place))) for place in PLACES if getattr(self, place)}
        return json.dumps(named, ensure_ascii=False) if named else "nothing"

    @property
    def short(self) -> str:
        """The key as a few letters and digits: part of a file's name."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]

    def __or__(self, other: Scope) -> Scope:
        """What one or the other admits.

        >>> (Scope(team=("Sud",)) | Scope(team=("Nord",), rep=("u1",))).key
        '{"team": ["Nord", "Sud"], "rep": ["u1"]}'
        """
        places = {place: _joined(getattr(self, place), getattr(other, place)) for place in PLACES}
        return Scope(self.company or other.company, **places)

    def words(self, lang: str, names: Mapping[str, str] | None = None) -> str:
        """What it is, for its owner to read; ``names`` are those of the reps, by id.

        >>> Scope(team=("Nord", "Sud"), rep=("u1",)).words("fr"), COMPANY.words("en")
        ('équipe Nord, Sud ; commercial u1', 'the company')
        """
        called, french = names or {}, lang == "fr"
        if self.company:
            return "l'entreprise" if french else "the company"
        said = [
            f"{_WORDS[place][not french]} {', '.join(called.get(each, each) for each in getattr(self, place))}"
            for place in PLACES
            if getattr(self, place)
        ]
        return (" ; " if french else "; ").join(said) or ("rien" if french else "nothing")


def _joined(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*one, *other}))


COMPANY = Scope(company=True)
NOTHING = Scope()
assert [field.name for field in fields(Scope)] == ["company", *PLACES]  # noqa: S101 - the two lists are one
