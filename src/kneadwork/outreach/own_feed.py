"""A member's own feed (`/calendar/TOKEN.ics`): planned meetings and visits, and events, for the calendar they use anyway.

It says how, who, when and where; what for, notes and whatever is about clients stay here. Whoever may not see clients
gets plain titles only, so that a plain title tells nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef
from django.utils.translation import gettext as _

from kneadwork.common.models import Change
from kneadwork.common.tenancy import acting_in
from kneadwork.network import planned, seeing
from kneadwork.network.models import Client, Event, PlannedStep, Stream
from kneadwork.outreach import calendar_files, delivery
from kneadwork.outreach.calendar_files import Entry, times
from kneadwork.practice import calendar_feeds
from kneadwork.practice.models import Member, Practice
from kneadwork.practice.rights import sees_clients
from kneadwork.practice.setting_up import today

BACK, AHEAD, MOST = timedelta(days=30), timedelta(days=400), 1_000
How = PlannedStep.How
#: When something was told that stands in no history.
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)


def answer(token: str) -> tuple[bytes, str] | None:
    """The feed that this secret opens, and the mark by which an unchanged one is known; None where it opens nothing."""
    member = calendar_feeds.member_behind(token)
    if member is None:
        return None
    with acting_in(member.practice_id, writing=False):
        data = of(member, on=today(member.practice))
    return data, f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def of(member: Member, *, on: date) -> bytes:
    """The feed of a member as it is on a day."""
    span = (on - BACK, on + AHEAD)
    client = Exists(Client.objects.filter(connection=OuterRef("connection")))
    steps = (
        planned.open_steps().filter(on__range=span, connection__in=seeing.connections(member)).annotate(client=client)
    )
    shown = list(steps.select_related("connection").order_by("on", "pk")[:MOST])
    events = list(Event.objects.filter(on__range=span).order_by("on", "pk")[:MOST])
    told = _tellings([*shown, *events])
    entries = [_step(one, member, *told[one.pk]) for one in shown] + [
        _event(one, member, *told[one.pk]) for one in events
    ]
    return delivery.own_feed(entries, name=_("Kneadwork: %(practice)s") % {"practice": member.practice.name})


def whole(practice: Practice) -> bytes:
    """Every event and planned step with all that one knows of it: the practice's own copy, for the export."""
    steps, events = (
        list(PlannedStep.objects.select_related("connection").order_by("on", "pk")),
        list(Event.objects.order_by("on", "pk")),
    )
    told = _tellings([*steps, *events])
    entries = [_told_step(one, practice, *told[one.pk]) for one in steps] + [
        _told_event(one, practice, *told[one.pk]) for one in events
    ]
    return calendar_files.everything(entries)


def _tellings(rows: list) -> dict[int, tuple[int, datetime]]:
    """How often each row was changed, and when last, as the history says."""
    changes = Change.objects.filter(
        model__in=[PlannedStep._meta.label, Event._meta.label], row__in=[r.pk for r in rows]
    )
    counted = changes.values("row").annotate(times=Count("pk"), last=Max("act__at")).order_by("row")
    return {one.pk: (0, BEGINNING) for one in rows} | {one["row"]: (one["times"] - 1, one["last"]) for one in counted}


def _step(step: PlannedStep, member: Member, sequence: int, changed: datetime) -> tuple[Entry, str]:
    plain = {
        How.CALL: _("Kneadwork: a call"), How.EMAIL: _("Kneadwork: an e-mail"), How.COFFEE: _("Kneadwork: a meeting"),
        How.VISIT: _("Kneadwork: a visit"),
    }[How(step.how)]  # fmt: skip
    entry = _told_step(step, member.practice, sequence, changed)
    hidden = step.connection.stream == Stream.CLIENTS or step.client or not sees_clients(member)
    return (replace(entry, title=plain, place="") if hidden else entry), plain


def _event(event: Event, member: Member, sequence: int, changed: datetime) -> tuple[Entry, str]:
    plain, entry = _("Kneadwork: an event"), _told_event(event, member.practice, sequence, changed)
    return (entry if sees_clients(member) else replace(entry, title=plain, place="")), plain


def _told_step(step: PlannedStep, practice: Practice, sequence: int, changed: datetime) -> Entry:
    title = {
        How.CALL: _("Call: %(name)s"), How.EMAIL: _("E-mail: %(name)s"), How.COFFEE: _("Coffee: %(name)s"),
        How.VISIT: _("Visit: %(name)s"),
    }[How(step.how)] % {"name": step.connection.name}  # fmt: skip
    begins, ends = times(step.on, step.at, None, step.minutes, practice.time_zone)
    return Entry(f"{step.ref}@kneadwork", title, begins, ends, changed, sequence, step.place)


def _told_event(event: Event, practice: Practice, sequence: int, changed: datetime) -> Entry:
    begins, ends = times(event.on, event.begins, event.ends, 60, practice.time_zone)
    return Entry(f"{event.ref}@kneadwork", event.title, begins, ends, changed, sequence, event.place)
