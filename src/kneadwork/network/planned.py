"""Steps that somebody planned: a call, an e-mail, a coffee, a visit. The newest stands until a contact of ours."""

from __future__ import annotations

from datetime import date, time

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kneadwork.common import acts, days
from kneadwork.network.models import Connection, PlannedStep, Touch
from kneadwork.practice.models import Member

How = PlannedStep.How
#: How long each takes where nobody says.
MINUTES = {How.CALL: 10, How.EMAIL: 10, How.COFFEE: 45, How.VISIT: 30}


class PlanRefused(Exception):
    """A step that cannot be planned, in words for the user."""


def plan(
    connection: Connection, how: str, *, on: date, today: date, at: time | None = None, place: str = "", purpose: str = "",
    by: Member | None = None, by_name: str = "",
) -> PlannedStep:  # fmt: skip
    """Plan a step towards a connection for a day; refused for a day that has passed, and for whoever said stop."""
    if how not in How.values:
        raise PlanRefused(_("Choose how: a call, an e-mail, a coffee or a visit."))
    if on < today:
        raise PlanRefused(_("That day has passed. Choose today or a day to come."))
    if not days.is_known(on):
        raise PlanRefused(days.unknown())
    if connection.stops.exists():
        raise PlanRefused(_("They asked never to be written to or called. That holds for good."))
    with acts.act("planned", connection.name, by=by, by_name=by_name):
        step = PlannedStep(
            connection=connection, how=how, on=on, at=at, minutes=MINUTES[How(how)], place=place.strip()[:300],
            purpose=purpose.strip()[:300],
        )  # fmt: skip
        step.save()
    return step


def open_steps() -> QuerySet:
    """The steps that still stand: the newest of each connection that was not contacted since and never said stop."""
    newer = PlannedStep.objects.filter(connection=OuterRef("connection"), pk__gt=OuterRef("pk"))
    since = Touch.objects.filter(connection=OuterRef("connection"), from_them=False, pk__gt=OuterRef("pk"))
    return PlannedStep.objects.filter(~Exists(newer), ~Exists(since), connection__stops=None)


#: How each is said of somebody.
SAID = {
    How.CALL: lazy("Call %(whom)s"), How.EMAIL: lazy("Write to %(whom)s"), How.COFFEE: lazy("Have a coffee with %(whom)s"),
    How.VISIT: lazy("Visit %(whom)s in their open hours"),
}  # fmt: skip


def sentence(step: PlannedStep, whom: str, *, place: str = "", purpose: str = "") -> str:
    """How, whom, when, where and what for, as one sentence; place and purpose stand in where the step says none."""
    words = _("%(what)s on %(day)s") % {
        "what": str(SAID[How(step.how)]) % {"whom": whom}, "day": date_format(step.on, "l, j F"),
    }  # fmt: skip
    if step.at:
        words = _("%(what)s at %(time)s") % {"what": words, "time": time_format(step.at)}
    where, what_for = step.place or place, step.purpose or purpose
    words = f"{words}, {where}" if where else words
    words = f"{words}: {what_for}" if what_for else words
    return f"{words.rstrip('.')}."
