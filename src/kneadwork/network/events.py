"""Events: where people are met. Made by hand or from a calendar file; on their day Today says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from kneadwork.common import acts, days
from kneadwork.common.models import Act
from kneadwork.network.models import Connection, Event, HopedFor
from kneadwork.practice.models import Member


class EventRefused(Exception):
    """An event that cannot be kept, in words for the user."""


def make(
    title: str, *, on: date, hoped_for: Iterable[Connection] = (), by: Member | None = None, by_name: str = "", **more
) -> Event:
    """Keep an event (more: kind, begins, ends, place, purpose, hoped, uid), with the people one hopes to meet there."""
    event = Event(title=" ".join(title.split())[:200], on=on, **more)
    check(event)
    with acts.act("event", event.title, by=by, by_name=by_name):
        event.save()
        acts.add_all([HopedFor(event=event, connection=one) for one in hoped_for])
    return event


def change(event: Event, values: dict, *, by: Member) -> Event:
    """Set what is known of an event, by the names of its fields."""
    for name, value in values.items():
        setattr(event, name, value)
    check(event)
    with acts.act("event", event.title, by=by):
        event.save()
    return event


def hope_for(event: Event, connection: Connection, *, by: Member) -> None:
    """Hope to meet somebody there; said twice it is said once."""
    if event.hopes.filter(connection=connection).exists():
        return
    with acts.act("event", event.title, by=by):
        HopedFor(event=event, connection=connection).save()


def hope_no_longer(event: Event, connection: Connection, *, by: Member) -> None:
    """Take somebody off those one hopes to meet there."""
    with acts.act("event", event.title, by=by):
        acts.remove_all(list(event.hopes.filter(connection=connection)))


def remove(event: Event, *, by: Member) -> Act | None:
    """Remove an event; its cards stay, and the act can be undone."""
    with acts.act("event removed", event.title, by=by) as doing:
        acts.remove_all([event])
    return doing.saved


def check(event: Event) -> None:
    """Refuse (EventRefused) what can be no event."""
    if not event.title.strip():
        raise EventRefused(_("An event needs a title: what would you say to a friend?"))
    if not days.is_known(event.on):
        raise EventRefused(days.unknown())
    if event.kind not in Event.Kind.values:
        raise EventRefused(_("Choose what kind of event it is."))
    if event.begins and event.ends and event.ends < event.begins and not _past_midnight(event.begins, event.ends):
        raise EventRefused(_("It cannot end before it begins."))


def _past_midnight(begins: time, ends: time) -> bool:
    """An evening may end in the small hours."""
    return begins.hour >= 17 and ends.hour < 6


def listed() -> QuerySet:
    """All events with the number of their cards."""
    return Event.objects.annotate(collected=Count("cards"))


def coming(on: date, limit: int = 50) -> list[Event]:
    """Events of this day and later, the next one first."""
    return list(listed().filter(on__gte=on).order_by("on", "begins", "pk")[:limit])


def past(on: date, limit: int = 100) -> list[Event]:
    """Earlier events, the newest first."""
    return list(listed().filter(on__lt=on).order_by("-on", "-pk")[:limit])


def of_day(on: date) -> list[Event]:
    """The events of one day."""
    return list(Event.objects.filter(on=on).order_by("begins", "pk")[:5])


def known_uids(uids: Iterable[str]) -> dict[tuple[str, date], int]:
    """Which events of a calendar file are here already: (uid, day) → the event's id."""
    rows = Event.objects.filter(uid__in=[u for u in uids if u][:900])
    return {(uid, on): pk for uid, on, pk in rows.values_list("uid", "on", "pk")}
