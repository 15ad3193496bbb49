"""How far a forecast has been from what came, in a sentence. Below it: :mod:`crmkpi.format.text`, :mod:`crmkpi.facts`."""

from __future__ import annotations

from crmkpi.facts import Backtest
from crmkpi.format.text import NOTHING, text

_WORDS = {
    "error": (
        "erreur passée {mape} en moyenne (biais {bias}), sur {n} période{s} au même jour ouvré",
        "past error {mape} on average (bias {bias}), over {n} period{s} at the same working day",
    ),
    "between": ("intervalle à 80 % : {low} à {high}", "80% interval: {low} to {high}"),
    "held": ("a tenu {share} du temps ({times} fois sur {tried})", "held {share} of the time ({times} of {tried})"),
    "not_held": (
        "n'a pas tenu comme prévu : {share} du temps ({times} fois sur {tried})",
        "did not hold as it should: {share} of the time ({times} of {tried})",
    ),
    "too_short": ("historique trop court pour dire s'il tient", "history too short to tell whether it holds"),
    "short_held": (
        "de {low} à {high}, vérifié {share} du temps",
        "{low} to {high}, right {share} of the time",
    ),
    "short_error": ("erreur passée {mape}", "past error {mape}"),
    "no_interval": ("historique trop court pour un intervalle", "history too short for an interval"),
}


def past_text(found: Backtest, lang: str = "fr") -> str:
    """The past error of a forecast, the interval it gives and how often such intervals held; or why none is known."""
    if found.verdict == "unavailable":
        return found.reason
    bias = NOTHING if found.bias is None else ("+" if found.bias > 0 else "") + text(found.bias, "rate", lang)
    plural = "s" if found.origins > 1 else ""
    said = [_say(lang, "error", mape=text(found.mape, "rate", lang), bias=bias, n=found.origins, s=plural)]
    if found.low is None:
        said.append(_say(lang, "no_interval"))
    else:
        times = round((found.held or 0) * found.tried)
        holds = _say(lang, found.verdict, share=text(found.held, "share", lang), times=times, tried=found.tried)
        said.append(f"{_say(lang, 'between', **_ends(found, lang))}, {holds}")
    return ("\u00a0; " if lang == "fr" else "; ").join(said)


def past_short(found: Backtest, lang: str = "fr") -> str:
    """The same in a few words: the interval and how often it held, else the past error, else why there is none."""
    if found.verdict == "unavailable":
        return found.reason
    if found.low is None or found.verdict == "too_short":
        return _say(lang, "short_error", mape=text(found.mape, "share", lang))
    return _say(lang, "short_held", share=text(found.held, "share", lang), **_ends(found, lang))


def _ends(found: Backtest, lang: str) -> dict[str, str]:
    money = {"low": found.low, "high": found.high}
    return {name: text(value, "money", lang, currency=found.currency or "XXX") for name, value in money.items()}


def _say(lang: str, key: str, **values: object) -> str:
    words = _WORDS[key][lang != "fr"].format(**values)
    return words.replace(" :", "\u00a0:").replace(" %", "\u00a0%") if lang == "fr" else words
