"""Touches: every contact with a connection, in either direction. Logging one resets the clock of its playbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts, days
from kneadwork.common.models import Act
from kneadwork.network.adding import OneRefused
from kneadwork.network.models import Connection, Touch
from kneadwork.practice.models import Member


class TouchRefused(Exception):
    """A touch that cannot be recorded, in words for the user."""


def log(
    connection: Connection, channel: str, *, on: date, today: date, by: Member | None = None, by_name: str = "", **more
) -> tuple[Touch, Act]:  # fmt: skip
    """Record one contact (`more`: see `_unsaved`); answers it and the act that undoes it."""
    touch = _unsaved(connection, channel, on=on, today=today, **more)
    with acts.act("touch", f"{Touch.Channel(channel).label}: {connection.name}", by=by, by_name=by_name) as doing:
        touch.save()
        row = doing.row()
    return touch, row


def log_each(records: Sequence[dict], *, today: date, by: Member | None = None, by_name: str = "") -> list[Touch]:
    """Record many contacts, all or none, as one act; each of `records` holds what `log` takes, by name."""
    touches = []
    for number, given in enumerate(records):
        try:
            touches.append(_unsaved(today=today, **given))
        except TouchRefused as refused:
            raise OneRefused(number, str(refused)) from refused
    with acts.act("touch", _("%(count)d times in touch") % {"count": len(touches)}, by=by, by_name=by_name):
        acts.add_all(touches)
    return touches


def _unsaved(
    connection: Connection, channel: str, *, on: date, today: date, from_them: bool = False, answered: bool = True,
    words: str = "", step: str = "", minutes: int = 0,
) -> Touch:  # fmt: skip
    """A touch not yet saved. A day still to come is refused: that is a plan."""
    if channel not in Touch.Channel.values:
        raise TouchRefused(_("Choose how you were in touch."))
    if not days.is_known(on):
        raise TouchRefused(days.unknown())
    if on > today:
        raise TouchRefused(_("That day is still to come. Log it when it has happened."))
    return Touch(
        connection=connection, channel=channel, on=on, from_them=from_them, answered=answered, words=words, step=step,
        minutes=minutes, noted_at=timezone.now(),
    )  # fmt: skip


def log_all(
    connections: list[Connection], channel: str, *, on: date, words: str, step: str, by: Member, minutes: int = 0
) -> Act:
    """Record the same touch with many (letters that were posted); minutes: what each of them took."""
    with acts.act("touch", words, by=by) as doing:
        now = timezone.now()
        acts.add_all([
            Touch(connection=c, channel=channel, on=on, words=words, step=step, minutes=minutes, noted_at=now)
            for c in connections
        ])  # fmt: skip
        row = doing.row()
    return row
