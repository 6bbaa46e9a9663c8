"""An invitation to a meeting that was planned, as an .ics file that goes along in the therapist's own mail (RFC 5546)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.network.models import PlannedStep
from kneadwork.outreach import calendar_files, delivery, emails
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
    begins, ends = calendar_files.times(step.on, step.at, None, step.minutes, practice.time_zone)
    names = {"me": by.name, "practice": practice.name, "them": step.connection.name}
    written = (
        ("organizer", practice.email, by.name),
        ("attendee", emails.address_of(step.connection), step.connection.name),
    )
    people = tuple((what, address, name) for what, given, name in written if (address := _usable(given)))
    return calendar_files.invitation(calendar_files.Entry(
        uid=f"{step.ref}@kneadwork", title=_("%(them)s and %(me)s, %(practice)s") % names, begins=begins, ends=ends,
        changed=timezone.now(), place=step.place, people=people,
    ))  # fmt: skip


def _usable(written: str) -> str:
    """An e-mail address as mail programs take it, or ""."""
    try:
        return emails.one_recipient(written) if written else ""
    except emails.EmailRefused:
        return ""
