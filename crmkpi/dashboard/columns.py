"""The columns of a list: their titles, their kinds, which ones a person wants to see. Below it: crmkpi.schema.

A figure's facts bring columns that the schema knows by name; those it does not know keep their own.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmkpi.dashboard.words import WORDS, say
from crmkpi.schema import TABLES

_HIDDEN = {
    "account_id",
    "owner_id",
    "business_unit",
    "base",
    "period",
    "once",
    "severity",
    "excluded",
    "missing",
    "first_in_list",
}
_LAST = ("alert_reason", "due", "action")
_RATES = {
    *("realised", "declared", "completeness", "validity", "uniqueness", "freshness", "consistency"),
    *("planned", "effort", "result"),
}
_WORDS = {
    "alert_reason": ("Alerte", "Alert"),
    "probability_from": ("Probabilité donnée par", "Probability from"),
    "last_activity": ("Dernière activité", "Last activity"),
    "next_activity": ("Prochaine activité", "Next activity"),
    "signature": ("Mois de signature", "Signature month"),
    "margin": ("Marge", "Margin"),
    "name": ("Nom", "Name"),
    "name of opportunities": ("Affaire", "Deal"),
    "name of activities": ("Objet", "Subject"),
    "name of action_plans": ("Plan", "Plan"),
    "deal_amount": ("Montant de l'affaire", "Deal amount"),
    "net_amount": ("Montant net", "Net amount"),
    "closed_deals": ("Affaires closes", "Closed deals"),
    "closed_on": ("Close le", "Closed on"),
    "declared": ("Probabilité déclarée", "Declared probability"),
    "hit": ("Compte (oui = 1)", "Counts (yes = 1)"),
    "realised": ("Part réalisée", "Realised share"),
    # organisation
    "planned": ("Prévue le", "Planned"),
    "days_late": ("Jours ouvrés de retard", "Working days late"),
    "at_risk": ("En jeu", "At risk"),
    "at_stake": ("En jeu", "At stake"),
    "age": ("Âge (jours)", "Age (days)"),
    "last_follow_up": ("Dernière relance", "Last follow-up"),
    "promised": ("Promise le", "Promised"),
    "ageing": ("Ancienneté (jours)", "Ageing (days)"),
    "issued": ("Émis le", "Issued"),
    "usual_days": ("Délai habituel (jours)", "Usual time (days)"),
    "why": ("Raison", "Reason"),
    "decided": ("Décidé le", "Decided"),
    "quote_amount": ("Montant du devis", "Quote amount"),
    "ordered": ("Commandé", "Ordered"),
    "delivered": ("Livré", "Delivered"),
    "undelivered": ("Reste à livrer", "To deliver"),
    "delivery": ("Livraison", "Delivery"),
    "opened": ("Ouverte le", "Opened"),
    "days_open": ("Ouverte depuis (jours)", "Open for (days)"),
    "past_due": ("En retard (oui = 1)", "Past due (yes = 1)"),
    "side": ("Sens", "Owed by"),
    "days_overdue": ("Jours de retard", "Days overdue"),
    "balance": ("Solde dû", "Balance"),
    "contact": ("Contact", "Contact"),
    # customer data
    "record_id": ("Identifiant de la fiche", "Record id"),
    "record_type": ("Fiche", "Record"),
    "created_quarter": ("Trimestre de création", "Quarter created"),
    "field": ("Champ", "Field"),
    "missing_codes": ("À compléter", "To fill in"),
    "wrong_codes": ("À corriger", "To correct"),
    "same_as": ("Répète la fiche", "Repeats"),
    "completeness": ("Complétude", "Completeness"),
    "validity": ("Validité", "Validity"),
    "uniqueness": ("Unicité", "Uniqueness"),
    "freshness": ("Fraîcheur", "Freshness"),
    "consistency": ("Cohérence", "Consistency"),
    "prospect_type": ("Type de prospect", "Kind of prospect"),
    "last_action": ("Dernière action", "Last action"),
    "next_action": ("Prochaine action", "Next action"),
    "signature_date": ("Signature prévue", "Expected signature"),
    "last_order": ("Dernière commande", "Last order"),
    "first_order": ("Première commande", "First order"),
    "next_order": ("Commande suivante", "Next order"),
    "cycle": ("Cycle (jours)", "Cycle (days)"),
    "cycle_from": ("Cycle d'après", "Cycle from"),
    "cycles": ("Cycles dépassés", "Cycles passed"),
    "quiet": ("Jours de silence", "Days of silence"),
    "last_answer": ("Dernière réponse", "Last answer"),
    "revenue_12m": ("Commandé sur 12 mois", "Ordered in 12 months"),
    "revenue_before": ("Commandé les 12 mois d'avant", "Ordered in the 12 months before"),
    "gap": ("Écart (jours)", "Gap (days)"),
    # field
    "visit_day": ("Jour de la visite", "Day of the visit"),
    "reported_on": ("Compte rendu le", "Reported"),
    "orders": ("Commandes attribuées", "Credited orders"),
    "named": ("Dont nommant la visite", "Of which naming the visit"),
    "qualified": ("Qualifié le", "Qualified"),
    "created": ("Créé le", "Created"),
    "created_on": ("Créé le", "Created"),
    "first_contact": ("Premier contact", "First contact"),
    "converted": ("Converti le", "Converted"),
    "quadrant": ("Effort et résultat", "Effort and result"),
    "effort": ("Effort", "Effort"),
    "result": ("Résultat", "Result"),
    "planned rate": ("Part prévue à ce jour", "Planned by now"),
    "expected": ("Attendu à ce jour", "Expected by now"),
    "updated": ("Dernière mise à jour", "Last update"),
}
# The closed lists of the schema, in French (in English the code is a word).
_FRENCH = {
    "invoice": "facture", "credit_note": "avoir", "deposit": "acompte", "confirmed": "confirmée", "delivered": "livrée",
    "draft": "brouillon", "posted": "comptabilisée", "cancelled": "annulée", "open": "en cours", "won": "gagnée",
    "lost": "perdue", "record": "fiche",
    "visit": "visite", "call": "appel", "email": "e-mail", "meeting": "rendez-vous", "task": "tâche", "planned": "prévue",
    "sent": "envoyé", "accepted": "accepté", "refused": "refusé", "new": "nouveau", "working": "en cours",
    "qualified": "qualifié", "converted": "converti", "disqualified": "écarté", "pending": "en attente", "partial": "partielle",
    "closed": "fermée", "running": "en cours", "stopped": "arrêté", "unknown": "inconnue", "out": "sortant", "in": "entrant",
    "stage": "étape", "prospect": "prospect", "customer": "client", "other": "autre",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a list: its name in the frame, its title, the kind of its values, the decimals that numbers need."""

    name: str
    title: str
    unit: str
    digits: int = 0

    @property
    def numeric(self) -> bool:
        """Whether its values stand to the right."""
        return self.unit not in ("text", "date", "bool")


@functools.cache
def _declared() -> dict[str, Any]:
    return {column.name: column for table in TABLES.values() for column in table.columns}


def title_of(name: str, lang: str) -> str:
    """What a column is called.

    >>> title_of("due_date", "en"), title_of("my_own", "en")
    ('Due', 'My own')
    """
    if name in _WORDS:
        return _WORDS[name][lang != "fr"]
    if name in WORDS:
        return say(lang, name)
    if name in _declared():
        return str(_declared()[name].fr if lang == "fr" else _declared()[name].en)
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def value_words(name: str, value: object, lang: str) -> str:
    """A value of a closed list in words, yes or no for a truth; any other text as it is.

    >>> value_words("type", "credit_note", "fr"), value_words("type", "credit_note", "en"), value_words("name", "open", "fr")
    ('avoir', 'credit note', 'open')
    >>> value_words("reachable", True, "fr"), value_words("reachable", False, "en")
    ('oui', 'no')
    """
    if isinstance(value, bool):
        return (("non", "oui") if lang == "fr" else ("no", "yes"))[value]
    declared = _declared().get(name)
    if name != "probability_from" and (declared is None or not declared.values):
        return str(value)
    return _FRENCH.get(str(value), str(value)) if lang == "fr" else str(value).replace("_", " ")


def columns_of(frame: pd.DataFrame, figure: Any, lang: str) -> list[Column]:
    """The columns worth showing, in order: the day, the document, who, the details, then what is added up."""
    numbered = "number" in frame or "name" in frame
    ratio = _is_ratio(frame)
    counted = figure.unit == "count"
    hidden = _HIDDEN | ({"id"} if numbered else set()) | ({"num"} if counted or _hit(figure, frame) else set())
    hidden |= set() if ratio else {"den"}
    hidden |= (
        {"day"} if figure.kind == "stock" and frame.get("day", pd.Series()).nunique() < 2 else set()
    )  # the page says it
    hidden |= {"amount"} if _same(frame, "amount", "num") else set()
    first = [name for name in ("day", "number", "id", "name", "customer", "rep", "team") if name in frame]
    last = [name for name in ("num", "den", "amount", *_LAST) if name in frame]
    middle = [name for name in map(str, frame) if name not in first and name not in last]
    shown = [name for name in [*first, *middle, *last] if name not in hidden and _has(frame, name)]
    return [
        Column(name, _title(name, unit, frame, figure, lang), unit, _digits(frame[name]) if unit == "number" else 0)
        for name in shown
        for unit in [_unit(name, frame, figure)]
    ]


def _hit(figure: Any, frame: pd.DataFrame) -> bool:
    """A rate whose rows are hits and misses: 1 or 0 says it, so the column stays."""
    return False if figure.unit == "rate" else bool(_has(frame, "num") and (frame["num"] == 1).all())


def _has(frame: pd.DataFrame, name: str) -> bool:
    return name in frame and bool(frame[name].notna().any())


def _is_ratio(frame: pd.DataFrame) -> bool:
    """Whether its rows are out of something else than one each."""
    return _has(frame, "den") and bool((frame["den"] != 1).any())


def _same(frame: pd.DataFrame, one: str, other: str) -> bool:
    if one not in frame or other not in frame:
        return False
    return bool((pd.to_numeric(frame[one]).fillna(0) == pd.to_numeric(frame[other]).fillna(0)).all())


def _title(name: str, unit: str, frame: pd.DataFrame, figure: Any, lang: str) -> str:
    for special in (f"{name} {unit}", f"{name} of {figure.needs[0]}"):
        if special in _WORDS:
            return title_of(special, lang)
    if name != "num" or _is_ratio(frame):
        return title_of(name, lang)
    hits = figure.unit == "rate" and frame["num"].isin([0, 1]).all()
    return title_of("hit", lang) if hits else str(figure.title(lang))


def _unit(name: str, frame: pd.DataFrame, figure: Any) -> str:
    """What a column's values are: as the schema declares them, else amounts by the type that the query gave them."""
    declared, dated = _declared().get(name), pd.api.types.is_datetime64_any_dtype(frame[name])
    amount = name == "amount" or (name == "num" and figure.unit in ("money", "money_per_day"))
    if amount or (declared is None and name in frame.attrs.get("amounts", ())):
        return "money"
    if declared is not None and not dated:
        kinds = {"timestamp": "date", "integer": "count"}
        return str(kinds.get(declared.type, declared.type))
    if dated or name in ("day", "due"):
        return "date"
    if pd.api.types.is_bool_dtype(frame[name]):
        return "bool"
    if not pd.api.types.is_numeric_dtype(frame[name]):
        return "text"
    if name in _RATES:
        return "rate"
    return "count" if name not in ("num", "den") and (frame[name].dropna() % 1 == 0).all() else "number"


def _digits(values: pd.Series) -> int:
    """The decimals that the numbers of a column need, two at most: whole days have none."""
    numbers = pd.to_numeric(values).dropna().astype(float)
    return next((digits for digits in (0, 1) if np.allclose(numbers, numbers.round(digits), atol=1e-9)), 2)
