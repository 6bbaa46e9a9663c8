"""Words that templates need: professions, distances, days as people say them, steps as sentences."""

from __future__ import annotations

import re
from datetime import date

from django import template
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kneadwork.network import dropping_in
from kneadwork.planning import plan, playbooks
from kneadwork.planning.score import distance_words
from kneadwork.planning.sentences import as_planned
from kneadwork.referrals import asking_rules

register = template.Library()


@register.filter
def profession(key: str) -> str:
    """The name of a profession."""
    from kneadwork.facts.professions import LABELS

    return str(LABELS.get(key, key)) if key else ""


@register.filter
def distance(metres: float | None, unit: str) -> str:
    """A distance in the practice's unit."""
    return distance_words(metres, unit)


@register.filter
def near(day: date | None) -> str:
    """A day as people say it when it is near: today, last Friday, on Monday, 12 November."""
    if day is None:
        return ""
    today = timezone.localdate()
    apart = (day - today).days
    if apart in (0, 1, -1):
        return {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}[apart]
    if abs(apart) < 7:
        words = _("last %(weekday)s") if apart < 0 else _("on %(weekday)s")
        return words % {"weekday": formats.date_format(day, "l")}
    return formats.date_format(day, "j F" if day.year == today.year else "j F Y")


@register.filter
def missing_words(missing) -> str:
    """What an ask lacks, as a step."""
    return asking_rules.words_for(missing)


VERBS = {
    "letter": lazy("Write the letter"), "email": lazy("Write the e-mail"), "call": lazy("Call, with questions"),
    "visit": lazy("Plan the visit"), "meeting": lazy("Plan the coffee"), "message": lazy("Write to them"),
    "ask": lazy("Ask, with directions"), "gift": lazy("Choose a gift"), "promise": lazy("Keep the promise"),
    "review": lazy("Look again"), "insight": lazy("Write it down"), "vet": lazy("Decide"), "thanks": lazy("Say thanks"),
    "reach": lazy("Add how to reach them"),
}  # fmt: skip
TITLES = {
    "letter": lazy("Write to %(name)s"), "email": lazy("Write to %(name)s"), "call": lazy("Call %(name)s"),
    "visit": lazy("Visit %(name)s"), "meeting": lazy("Have a coffee with %(name)s"), "message": lazy("Say hello to %(name)s"),
    "ask": lazy("Ask %(name)s"), "gift": lazy("Give %(name)s something"), "promise": lazy("Keep your word to %(name)s"),
    "review": lazy("Look again at %(name)s"), "insight": lazy("Note what you learned about %(name)s"),
    "vet": lazy("Decide about %(name)s"), "thanks": lazy("Thank %(name)s"),
    "reach": lazy("Find out how to reach %(name)s"),
}  # fmt: skip


@register.filter
def step_verb(kind: str) -> str:
    """The word on a step's main button."""
    return str(VERBS[kind]) if kind in VERBS else _("Open")


@register.filter
def step_title(action) -> str:
    """The step as a title."""
    return step_title_for(action.step.kind, action.connection.name)


@register.filter
def step_title_for(kind: str, name: str) -> str:
    """The same for a kind of step and a name."""
    return str(TITLES[kind]) % {"name": name} if kind in TITLES else name


@register.filter
def step_name(key: str) -> str:
    """A step by its key in a playbook, as people call it."""
    kinds = {row["key"]: row["kind"] for rows in plan.playbooks().values() if isinstance(rows, list) for row in rows}
    named = {
        "stay_in_touch": _("Keep in touch"),
        "answer": _("Answer them"),
        "planned": _("What you planned"),
        "find_reach": step_verb("reach"),
    }
    return named.get(key) or step_verb(kinds.get(key, key.partition("-")[0]))


@register.filter
def plan_words(history) -> str:
    """What is planned with somebody, as a sentence."""
    return as_planned(history)


@register.filter
def tonight(event) -> str:
    """When on its day an event is: this morning, this afternoon, tonight, or today."""
    hour = event.begins.hour if event.begins else None
    if hour is None:
        return _("Today")
    return _("This morning") if hour < 12 else _("This afternoon") if hour < 17 else _("Tonight")


@register.filter
def due(day: date) -> str:
    """When a step is due; one that waited says so without scolding."""
    return _("now") if day <= timezone.localdate() else near(day)


@register.filter
def promised(day: date) -> str:
    """When a promise is due; one whose day has passed says so."""
    return _("due since %(day)s") % {"day": near(day)} if day < timezone.localdate() else near(day)


@register.filter
def unlocalized(number: float) -> str:
    """A coordinate as programs read it."""
    return f"{number:.5f}"


@register.filter
def on_foot(metres: float, unit: str) -> str:
    """A way on foot, also a short one, in the practice's unit."""
    if unit == "km":
        return (
            _("%(n)d metres") % {"n": round(metres, -1)}
            if metres < 950
            else _("%(n).1f kilometres") % {"n": metres / 1000}
        )
    miles = metres / 1609.344
    return _("%(n).1f miles") % {"n": miles} if miles >= 0.1 else _("a few steps")


@register.filter
def above(y: float, radius: float) -> str:
    """The upper rim of a circle."""
    return f"{y - radius - 4:.1f}"


@register.filter
def third(span: float) -> str:
    """A third of a width, as programs read it."""
    return f"{span / 3:.0f}"


@register.filter
def short(count: int) -> str:
    """A count that fits into a circle: from a thousand on in thousands."""
    return str(count) if count < 1000 else _("%(n)dk") % {"n": count // 1000}


@register.filter
def step_address(action) -> str:
    """Where the main button of a proposed step leads."""
    return way_to(action.connection, action.step)


@register.filter
def way_to(connection, step) -> str:
    """Where a step towards a connection is done: a letter, a page of its own, or a form on the connection's page."""
    page = reverse("network:connection", args=[connection.ref])
    if step.kind == "letter":
        own = playbooks.letter_of(step, connection.stream)
        return reverse("network:letters") + f"?to={connection.ref}" + (f"&template={own}" if own else "")
    if step.kind == "reach":
        return f"{page}?step=reach#reach"
    if step.kind in ("call", "visit", "meeting", "message", "email", "thanks"):
        return reverse("today:step", args=[connection.ref, step.key])
    if step.kind in ("vet", "review"):
        return reverse("network:vetting", args=[connection.ref])
    return f"{page}?step={step.key}&do={step.kind}#do-{step.kind}"


@register.filter
def of_ten(part: float | None) -> str:
    """A share as so many of ten, or that it is not known."""
    return _("not known yet") if part is None else _("%(n)d of 10") % {"n": round(10 * part)}


@register.filter
def telephone(value: str) -> str:
    """A telephone number as people of its country write it, one from abroad with its country; others as they are."""
    import phonenumbers
    from phonenumbers import PhoneNumberFormat

    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        return value
    words = re.sub(r"(?i)\b(?:ext|x)(?=\W*\d)", "", value)
    if not phonenumbers.is_possible_number(number) or any(c.isalpha() for c in words):
        return value
    home = number.country_code == phonenumbers.country_code_for_region("US")
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)


@register.filter
def contact_value(point) -> str:
    """A telephone, e-mail or web address as it is read."""
    return telephone(point.value) if point.kind in ("phone", "fax") else point.value


@register.filter
def contact_label(point) -> str:
    """What a telephone or e-mail is: its own label where it says something, else the kind."""
    return point.label if point.label not in ("", "other") else str(point.get_kind_display())


@register.filter
def unsaid_credentials(connection) -> str:
    """The credentials that stand not in the name itself."""
    said = connection.name.replace(".", "").replace(",", " ").casefold().split()
    return ", ".join(c for c in connection.credentials.split(", ") if c.replace(".", "").casefold() not in said)


@register.filter
def row_line(row, unit: str) -> str:
    """What stands under a name in the list: what they do, how far, where they work."""
    return _line(row.connection, row.distance_m, unit) or row.connection.get_stream_display()


@register.filter
def facts_line(connection, unit: str) -> str:
    """The same for a connection on a page of its own."""
    return _line(connection, connection.standing.distance_m, unit)


def _line(connection, metres: float | None, unit: str) -> str:
    far = distance_words(metres, unit) if metres is not None else ""
    if far and connection.place_rough:
        far = _("%(far)s, roughly") % {"far": far}
    where = connection.organisation if connection.organisation != connection.name else ""
    return " · ".join(part for part in (profession(connection.profession), far, where) if part)


@register.filter
def open_hours(hours) -> str:
    """When colleagues may drop in: the weekday, the times, whom to ask for."""
    said = " ".join(part for part in (str(hours.get_weekday_display()), dropping_in.words(hours)) if part)
    return _("%(when)s, ask for %(name)s") % {"when": said, "name": hours.ask_for} if hours.ask_for else said
