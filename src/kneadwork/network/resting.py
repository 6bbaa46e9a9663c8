"""Rest, slower steps and stop: leaving a connection in peace for a while, or for good because they asked."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.models import Connection, Postponement, Rest, Slowing, Stop
from kneadwork.practice.models import Member


class RestRefused(Exception):
    """A rest that cannot be recorded, in words for the user."""


def rest(
    connection: Connection, *, since: date, until: date | None = None, reason: str = "", by: Member | None = None,
    by_name: str = "",
) -> Rest:  # fmt: skip
    """Leave a connection in peace, until a day or without an end."""
    if until is not None and until < since:
        raise RestRefused(_("That day has passed. Choose one to come, or none."))
    with acts.act("rest", connection.name, by=by, by_name=by_name):
        resting = Rest(connection=connection, since=since, until=until, reason=reason.strip())
        resting.save()
    return resting


def wake(connection: Connection, *, on: date, by: Member) -> None:
    """End every open rest."""
    with acts.act("wake", connection.name, by=by):
        for resting in connection.rests.filter(open_rests(on)):
            resting.ended_on = on
            resting.save()


def slow(connection: Connection, *, on: date, by: Member) -> None:
    """Take them slowly: every wait of their playbook is twice as long."""
    if connection.slowings.filter(ended_on=None).exists():
        return
    with acts.act("slow", connection.name, by=by):
        Slowing(connection=connection, since=on).save()


def as_usual(connection: Connection, *, on: date, by: Member) -> None:
    """No longer slowly."""
    with acts.act("slow", connection.name, by=by):
        for slowing in connection.slowings.filter(ended_on=None):
            slowing.ended_on = on
            slowing.save()


def open_rests(on: date) -> Q:
    """Rests that hold on a day: begun, not ended, and not over."""
    return Q(since__lte=on, ended_on=None) & (Q(until=None) | Q(until__gte=on))


def stop(connection: Connection, *, on: date, how: str, by: Member | None = None, by_name: str = "") -> Stop:
    """Record the wish not to be written to or called. It holds for good, and for their telephones and e-mails."""
    existing = next((wish for wish in connection.stops.all() if wish.reaches), None)
    if existing:  # one without `reaches` was inferred from somebody else's, and may go with the import of its own
        return existing
    with acts.act("stop", connection.name, by=by, by_name=by_name or connection.name):
        kinds = ("phone", "email", "fax")
        reaches = [p.normal for p in connection.contactpoints.filter(kind__in=kinds) if p.normal]
        wish = Stop(connection=connection, on=on, how=how.strip()[:200], reaches=sorted(set(reaches)))
        wish.save()
    return wish


def postpone(connection: Connection, step: str, *, until: date | None, on: date, by: Member) -> Postponement:
    """*Later* (until a day) or *not this step* (for good) of one step."""
    if until is not None and until <= on:
        raise RestRefused(_("Choose a day to come."))
    with acts.act("later" if until else "not this step", connection.name, by=by):
        said = Postponement(connection=connection, step=step, until=until, on=on)
        said.save()
    return said
