"""Open hours for colleagues: when one may drop in and whom to ask for, kept with everyone of the office as it is known then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from django.utils import formats
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.connections import ConnectionRefused
from kneadwork.network.models import Connection, OpenHours
from kneadwork.practice.models import Member


def keep(
    connection: Connection, weekday: int, *, begins: time | None = None, ends: time | None = None, ask_for: str = "",
    by: Member,
) -> None:  # fmt: skip
    """Keep one weekday on which colleagues may drop in, for everyone of the office; the same day's word before gives way."""
    if weekday not in OpenHours.Weekday.values:
        raise ConnectionRefused(_("Choose a weekday."))
    if begins and ends and ends <= begins:
        raise ConnectionRefused(_("The time until which they are open lies before the time from which they are."))
    with acts.act("open hours", connection.name, by=by):
        everyone = office_of(connection)
        acts.remove_all(list(OpenHours.objects.filter(connection__in=everyone, weekday=weekday)))
        acts.add_all([
            OpenHours(connection=one, weekday=weekday, begins=begins, ends=ends, ask_for=ask_for.strip()[:120])
            for one in everyone
        ])  # fmt: skip


def forget(connection: Connection, weekday: int, *, by: Member) -> None:
    """They are not open to colleagues on that weekday, nobody of the office."""
    with acts.act("open hours", connection.name, by=by):
        acts.remove_all(list(OpenHours.objects.filter(connection__in=office_of(connection), weekday=weekday)))


def office_of(connection: Connection) -> list[Connection]:
    """Everyone behind the same door, this one first."""
    key = Connection.objects.values_list("office_key", flat=True).get(pk=connection.pk)
    others = Connection.objects.filter(office_key=key).exclude(pk=connection.pk).order_by("pk") if key else ()
    return [connection, *others]


def on_day(hours: Sequence[OpenHours], day: date) -> OpenHours | None:
    """Those of a day, if they are open to colleagues then."""
    return next((one for one in hours if one.weekday == day.weekday()), None)


def words(hours: OpenHours) -> str:
    """From when until when, as people say it; "" where no time is known."""
    begins, ends = (formats.time_format(at) if at else "" for at in (hours.begins, hours.ends))
    if begins and ends:
        return _("between %(begins)s and %(ends)s") % {"begins": begins, "ends": ends}
    if begins:
        return _("from %(begins)s on") % {"begins": begins}
    return _("until %(ends)s") % {"ends": ends} if ends else ""
