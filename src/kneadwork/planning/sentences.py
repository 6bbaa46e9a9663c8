"""A planned step as a sentence: when, whom, where, what for."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from kneadwork.network import dropping_in, planned
from kneadwork.network.history import History
from kneadwork.network.planned import How
from kneadwork.planning import curiosity
from kneadwork.planning.plan import PLANNED, Step


def in_a_sentence(step: Step, history: History, *, on: date) -> str:
    """A call, a visit or a coffee said in full; "" for other steps, and for one that was planned: its reason says it."""
    if step.key == PLANNED and history.planned:
        return ""
    day = max(step.due_on, on)
    where, here = _where(step.kind, history), history.connection
    said = {
        ("call", True): _("%(when)s: call %(whom)s at %(where)s, %(purpose)s."),
        ("call", False): _("%(when)s: call %(whom)s, %(purpose)s."),
        ("visit", True): _("%(when)s: visit %(whom)s at %(where)s, %(purpose)s."),
        ("visit", False): _("%(when)s: visit %(whom)s, %(purpose)s."),
        ("meeting", True): _("%(when)s: have a coffee with %(whom)s, %(purpose)s."),
        ("meeting", False): _("%(when)s: have a coffee with %(whom)s, %(purpose)s."),
    }.get((step.kind, bool(where)))
    if said is None:
        return ""
    parts = {"when": _when(step.kind, history, day, on), "whom": here.name, "where": where}
    sentence = said % (parts | {"purpose": _purpose(step, history)})
    hours = dropping_in.on_day(history.open_hours, day) if step.kind == "visit" else None
    if hours and hours.ask_for:
        sentence = f"{sentence} {_('Ask for %(name)s.') % {'name': hours.ask_for}}"
    return sentence


def as_planned(history: History) -> str:
    """What somebody planned, in full: how, whom, when, where, what for; "" where nothing is planned."""
    step = history.planned
    if step is None:
        return ""
    where = _where(step.how, history) if step.how in (How.CALL, How.VISIT) else ""
    return planned.sentence(step, history.connection.name, place=where, purpose=_to_hear(history))


def _purpose(step: Step, history: History) -> str:
    """What it is for: their question, if one waits; else to hear something of them."""
    return _("to answer them") if step.key == "answer" else _to_hear(history)


def _to_hear(history: History) -> str:
    what_for = curiosity.what_for(history.connection.stream, known=bool(history.insights))
    return _("to hear %(what_for)s") % {"what_for": what_for}


def _where(kind: str, history: History) -> str:
    """A telephone for a call, the address for a visit."""
    if kind == "call":
        return next((point.value for point in history.contacts if point.kind == "phone"), "")
    return ", ".join(history.addresses[0].lines()[:2]) if history.addresses else ""


def _when(kind: str, history: History, day: date, on: date) -> str:
    """Today, or the day; for a visit with the hours in which colleagues may drop in."""
    said = _("Today") if day == on else formats.date_format(day, "l j F")
    hours = dropping_in.on_day(history.open_hours, day) if kind == "visit" else None
    times = dropping_in.words(hours) if hours else ""
    return f"{said}, {times}" if times else said
