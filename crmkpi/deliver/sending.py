"""All of it: each target its message, each threshold its warning, and what became of them.

Nothing is sent before it is noted that it will be; what is noted is not sent again. Below it: the other modules of crmkpi.deliver.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import crmkpi
from crmkpi.dashboard.context import viewer_scope
from crmkpi.deliver import hooks, ledger, mail, rights
from crmkpi.deliver.alerts import Alert, value_of
from crmkpi.deliver.ledger import Ledger
from crmkpi.deliver.message import Message
from crmkpi.deliver.target import Target
from crmkpi.errors import CrmkpiError, DataError
from crmkpi.format import day_text, is_missing, period_text, text
from crmkpi.report import Order, pool
from crmkpi.report.plan import BOOK
from crmkpi.report.store import locked

Entries = list[dict[str, Any]]
FIRST = 5
"""How many things to do a message names."""
_WORDS = {
    "reports": ("Rapports", "Reports"),
    "company": ("toute l'entreprise", "the whole company"),
    "warning": ("Seuil franchi", "Threshold passed"),
    "data": ("Données au {day}", "Data as of {day}"),
}


@dataclass
class Delivery:
    """What became of the messages: how many were sent, how many had been before, what went wrong."""

    sent: int = 0
    before: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class _Sending:
    """One run of it: where from, by which server, what it notes."""

    schedule: str
    order: Order
    reports: dict[str, dict[str, Any]]
    server: mail.Mail | None
    url: str
    ledger: Ledger
    denied: set[rights.Pair] = field(default_factory=set)
    done: Delivery = field(default_factory=Delivery)


def deliver(
    schedule: str, order: Order, reports: dict[str, dict[str, Any]], targets: tuple[Target, ...], alerts: tuple[Alert, ...],
    server: mail.Mail | None, url: str = "", access: Path | None = None,
) -> Delivery:  # fmt: skip
    """Send what a run wrote (``reports``: its entries in the manifest) to those who receive it.

    Who has a report that failed receives nothing, and that is said: half of it would be taken for all of it. So is who
    may not see it by the ``access`` file.
    """
    with locked(order.to):
        whom = (*targets, *(each.target for each in alerts))
        denied = pool.apart(rights.denied, (access, order.data, whom), order.limit) if access else set()
        sending = _Sending(schedule, order, reports, server, url, Ledger(order.to), denied)
        for target in targets:
            for lang in order.langs:
                _reported(sending, target, lang)
        for alert in alerts:
            _warned(sending, alert, order.langs[0])
    return sending.done


def _reported(sending: _Sending, target: Target, lang: str) -> None:
    entries = [each for each in sending.reports.values() if each["lang"] == lang and _is_for(each, target)]
    if not entries:
        sending.done.wrong.append(
            f"{target.whom} receives reports, and the schedule writes none for it: add it to 'for'"
        )
    elif failed := [each["title"] for each in entries if each["status"] != "ok"]:
        sending.done.wrong.append(
            f"{target.whom} ({lang}) received nothing, since a report failed: {', '.join(failed)}"
        )
    else:
        run = hashlib.sha256(json.dumps(sorted(each["fingerprint"] for each in entries)).encode()).hexdigest()[:16]
        _sent(
            sending, target, f"{sending.schedule} {run} {lang} {target.whom}", lambda: _message(sending, entries, lang)
        )


def _is_for(entry: dict[str, Any], target: Target) -> bool:
    named = {entry["parameters"].get(target.place), entry["for"].get(target.place)} if target.place else set()
    return target.value in named if target.place else not entry["for"]


def _warned(sending: _Sending, alert: Alert, lang: str) -> None:
    first = next(iter(sending.reports.values()))
    try:
        asked = (sending.order.data, alert, first["period"], first["as_of"], lang)
        value, said = pool.apart(value_of, asked, sending.order.limit)
    except CrmkpiError as error:
        sending.done.wrong.append(f"{alert.key}: {error}")
        return
    told = sending.ledger.kept.get(alert.key, {}).get("value")
    if value is None or not alert.passed(value):
        if value is not None:
            sending.ledger.forget(alert.key)
        return
    if told is not None and not alert.is_worse(value, told):
        sending.done.before += 1
        return
    whom = alert.target.value or _say("company", lang)
    message = Message(
        lang, f"{_say('warning', lang)} · {said} · {whom}", [(said, [period_text(first["period"], lang)])],
        data=_say("data", lang).format(day=day_text(first["as_of"], lang)), schedule=sending.schedule, url=sending.url,
    )  # fmt: skip
    key = f"{alert.key}, data {first['data_version']} as of {first['as_of']}"
    _sent(sending, alert.target, key, lambda: message)
    if any(sending.ledger.kept.get(f"{key} {to}", {}).get("state") != ledger.REFUSED for to in _whom(alert.target)):
        sending.ledger.note(alert.key, ledger.SENT, value=value)


def _whom(target: Target) -> tuple[str, ...]:
    return (*target.addresses, *target.hooks)


def _sent(sending: _Sending, target: Target, key: str, message: Callable[[], Message]) -> None:
    """Send a message to those of a target who may have it and have not had it; each is noted before and after."""
    waiting = [to for to in _whom(target) if _waits(sending, target, f"{key} {to}", to)]
    if not waiting:
        return
    try:
        made = message()
    except CrmkpiError as error:
        sending.done.wrong.append(f"{target.whom}: {error}")
        return
    addresses = tuple(to for to in waiting if to in target.addresses)
    if addresses and sending.server:
        server = sending.server
        _tried(sending, key, addresses, lambda: mail.send(server, made, addresses))
    for hook in (to for to in waiting if to in target.hooks):
        _tried(sending, key, (hook,), lambda: hooks.post(hook, made))  # noqa: B023 - called at once


def _waits(sending: _Sending, target: Target, key: str, to: str) -> bool:
    """Whether a message is to be sent; what keeps it from being is said."""
    if (target.whom, to) in sending.denied:
        sending.done.wrong.append(f"{to}: not sent, since the access file does not let it see {target.whom}")
        return False
    state = sending.ledger.state(key)
    sending.done.before += state == ledger.SENT
    if state == ledger.UNKNOWN:
        _uncertain(sending, key, to)
    return not state


def _uncertain(sending: _Sending, key: str, to: str) -> None:
    """What was cut off: it is said, and counts as sent from now on."""
    moment = sending.ledger.kept[key]["at"]
    sending.done.wrong.append(
        f"{to}: nobody knows whether the message of {moment} arrived; it is not sent again, ask there"
    )
    sending.ledger.note(key, ledger.SENT, uncertain=True)


def _tried(sending: _Sending, key: str, whom: tuple[str, ...], send: Callable[[], dict[str, str] | None]) -> None:
    for to in whom:
        sending.ledger.note(f"{key} {to}", ledger.SENDING)
    try:
        refused = send() or {}
    except mail.UnknownError as error:
        for to in whom:
            sending.done.wrong.append(
                f"{to}: nobody knows whether it arrives ({error}); it is not sent again, ask there"
            )
            sending.ledger.note(f"{key} {to}", ledger.SENT, uncertain=True)
        return
    except (mail.RefusedError, DataError) as error:
        refused = dict.fromkeys(whom, str(error))
    for to in whom:
        sending.ledger.note(f"{key} {to}", ledger.REFUSED if to in refused else ledger.SENT)
        if to in refused:
            sending.done.wrong.append(f"{to}: not sent, and tried again at the next run: {refused[to]}")
    sending.done.sent += len(whom) - len(refused)


def _message(sending: _Sending, entries: Entries, lang: str) -> Message:
    """The words of the day for one scope: the answer of each page, the first things to do."""
    first, order = entries[0], sending.order
    pages = sorted((each for each in entries if each["notebook"] != BOOK), key=lambda each: each["notebook"])
    place = next(iter(first["for"]), "")
    where = {place: first["parameters"][place]} if place else {}
    todo, currency = pool.apart(_today, (order.data, where, first["as_of"], lang), order.limit)
    whom = first["for"].get(place) or _say("company", lang)
    kept = [name for each in entries for name in each["files"] if Path(name).suffix == ".pdf"]
    titles = {name: each["title"] for each in entries for name in each["files"]}
    return Message(
        lang,
        f"{_say('reports', lang)} · {period_text(first['period'], lang)} · {whom}",
        [(each["title"], each["answer"]) for each in pages],
        [(_who(line), _what(line, lang, currency)) for line in todo],
        _say("data", lang).format(day=day_text(first["as_of"], lang)),
        sending.schedule,
        f"{sending.url.rstrip('/')}/index.html" if sending.url else "",
        {order.to / name: f"{titles[name]}.pdf".replace("/", "-") for name in sorted(kept)},
    )


def _today(asked: tuple[Path, dict[str, str], str, str]) -> tuple[list[dict[Any, Any]], str]:
    """The first things to do, and the currency."""
    data, where, as_of, lang = asked
    crm = crmkpi.open(data, scope=viewer_scope())
    return crm.today(where=where, as_of=as_of, lang=lang).head(FIRST).to_dict("records"), crm.currency


def _who(line: dict[Any, Any]) -> str:
    return next(
        (str(line[key]) for key in ("customer", "who", "label", "rep") if not is_missing(line[key]) and line[key]), ""
    )


def _what(line: dict[Any, Any], lang: str, currency: str) -> str:
    worth = "" if is_missing(line["amount"]) else text(line["amount"], "money", lang, currency=currency)
    due = "" if is_missing(line["due"]) else day_text(line["due"], lang)
    rep = "" if is_missing(line["rep"]) else str(line["rep"])
    said = [str(line[key]) for key in ("reason", "action") if not is_missing(line[key])]
    return " · ".join(
        each[:1].upper() + each[1:] for each in (said[0] if said else "", worth, due, *said[1:], rep) if each
    )


def _say(key: str, lang: str) -> str:
    return _WORDS[key][lang != "fr"]
