"""An invitation to a meeting that was planned, as an .ics file that goes along in the therapist's own mail (RFC 5546)."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.network.models import PlannedStep
from kneadwork.outreach import delivery, emails
from kneadwork.practice.models import Member, Practice


class InvitationRefused(Exception):
    """An invitation that cannot be made, in words for the user."""


def invite(step: PlannedStep, practice: Practice, *, by: Member) -> bytes:
    """Let an invitation to a planned step through the gate; refuses one without a time, and to somebody who said stop.

    It names the two, when and where; what the meeting is for stays here.
    """
    if step.at is None:
        raise InvitationRefused(_("An invitation needs a time. Plan the step with one."))
    try:
        delivery.release("invitation", step.connection, purpose="outreach", says=step.place, by=by)
    except delivery.NotReleased as refused:
        raise InvitationRefused(str(refused)) from refused
    return _calendar(step, practice, by)


def _calendar(step: PlannedStep, practice: Practice, by: Member) -> bytes:
    from icalendar import Calendar, Event, vCalAddress, vText

    begins = datetime.combine(step.on, step.at, zoneinfo.ZoneInfo(practice.time_zone))
    calendar, event = Calendar(), Event()
    for name, value in (("prodid", "-//Kneadwork//EN"), ("version", "2.0"), ("method", "REQUEST")):
        calendar.add(name, value)
    event.add("uid", f"{step.ref}@kneadwork")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", begins.astimezone(UTC))
    event.add("dtend", begins.astimezone(UTC) + timedelta(minutes=step.minutes or 30))
    names = {"me": by.name, "practice": practice.name, "them": step.connection.name}
    event.add("summary", _("%(them)s and %(me)s, %(practice)s") % names)
    if step.place:
        event.add("location", step.place)
    for what, written, name in (
        ("organizer", practice.email, by.name),
        ("attendee", emails.address_of(step.connection), step.connection.name),
    ):
        address = _usable(written)
        if address:
            who = vCalAddress(f"mailto:{address}")
            who.params["CN"] = vText(" ".join(name.replace('"', "").split()))
            event.add(what, who)
    calendar.add_component(event)
    return calendar.to_ical()


def _usable(written: str) -> str:
    """An e-mail address as mail programs take it, or ""."""
    try:
        return emails.one_recipient(written) if written else ""
    except emails.EmailRefused:
        return ""
