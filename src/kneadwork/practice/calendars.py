"""The calendars that members keep elsewhere: where they are, and when they say that a member is busy. Titles are not kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts, bulk, storage
from kneadwork.practice.models import BusyTime, CalendarLook, CalendarSource, Member

Kind = CalendarSource.Kind
#: How far back and ahead busy times are kept, how often a calendar is read, how long titles asked for stay.
BACK, AHEAD, EVERY, LOOK_STAYS = timedelta(days=30), timedelta(days=120), timedelta(minutes=30), timedelta(days=1)
MOST = 10


class CalendarRefused(Exception):
    """A calendar that cannot be kept, in words for the user."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where a calendar is and how it is opened; never written down in clear."""

    address: str
    user: str = ""
    password: str = ""


def add(kind: str, access: Access, *, name: str = "", by: Member) -> CalendarSource:
    """Keep a calendar of this member; refuses what is no address, and an account without name and password."""
    access = Access(tidy(access.address), access.user.strip(), access.password)
    _check(kind, access)
    if by.calendars.count() >= MOST:
        raise CalendarRefused(_("Ten calendars are the most. Remove one that you no longer need."))
    host = urlsplit(access.address).hostname or ""
    source = CalendarSource(
        member=by, kind=kind, name=(name.strip() or host)[:100], host=host[:255], added_at=timezone.now()
    )
    source.sealed = _sealed(source, access)
    with acts.act("calendar", source.name, by=by):
        source.save()
    return source


def tidy(address: str) -> str:
    """An address as people copy it, made one that is called: webcal:// is https://, and https:// is meant where nothing stands."""
    address = address.strip()
    scheme, colon, rest = address.partition("://")
    if colon and scheme.casefold() in ("webcal", "webcals"):
        return f"https://{rest}"
    return address if colon else f"https://{address}"


def _check(kind: str, access: Access) -> None:
    try:
        parts = urlsplit(access.address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if kind not in Kind.values:
        raise CalendarRefused(_("Choose what kind of calendar it is."))
    if parts.scheme not in ("https", "http") or not host or len(access.address) > 2000:
        raise CalendarRefused(_("This is no address of a calendar. It begins with https:// or webcal://."))
    if parts.username is not None or parts.password is not None:
        raise CalendarRefused(
            _("Take name and password out of the address; for an account there are fields of their own.")
        )
    if kind == Kind.ACCOUNT and not (access.user and access.password):
        raise CalendarRefused(_("An account needs the name and the password with which you sign in there."))


def access_of(source: CalendarSource) -> Access:
    """How it is opened; storage.FileRefused where its key is missing."""
    return Access(**json.loads(storage.unseal(bytes(source.sealed), f"calendar {source.pk}")))


def _sealed(source: CalendarSource, access: Access) -> bytes:
    told = {"address": access.address, "user": access.user, "password": access.password}
    return storage.seal(json.dumps(told).encode(), f"calendar {source.pk}")


def change_password(source: CalendarSource, password: str, *, by: Member) -> None:
    """Another password for the same account; it is tried anew."""
    if not password:
        raise CalendarRefused(_("Write the new password first."))
    was = access_of(source)
    with acts.act("calendar", source.name, by=by) as doing:
        doing.row()
        source.sealed = _sealed(source, Access(was.address, was.user, password))
        source.trouble, source.waits = "", False
        source.save()


def choose(source: CalendarSource, addresses: Sequence[str], *, by: Member) -> None:
    """Say which calendars of an account are read; those of the others are forgotten at the next reading."""
    known = [one["address"] for one in source.found]
    chosen = [address for address in known if address in addresses]
    if not chosen:
        raise CalendarRefused(_("Choose at least one calendar, or remove the account."))
    with acts.act("calendar", source.name, by=by) as doing:
        doing.row()
        source.chosen = chosen
        source.save()


def remove(source: CalendarSource, *, by: Member) -> None:
    """Forget a calendar with its password and its busy times, for good."""
    with acts.act("calendar removed", source.name, by=by):
        acts.remove_all([source])


def of(member: Member) -> QuerySet:
    """One's own calendars, oldest first; nobody sees another's."""
    return CalendarSource.objects.filter(member=member).order_by("added_at", "pk")


# What a reading writes


def due(now: datetime) -> QuerySet:
    """Calendars of working members that are to be read by themselves now."""
    late = Q(asked_at=None) | Q(asked_at__lt=now - EVERY)
    return CalendarSource.objects.filter(late, waits=False, member__left_at=None)


def claim(source: CalendarSource, now: datetime) -> bool:
    """Take it upon oneself to have a calendar read; False where another worker has done so."""
    return bool(due(now).filter(pk=source.pk).update(asked_at=now))


def keep_found(source: CalendarSource, found: list[dict]) -> None:
    """Keep which calendars an account holds; the only one is chosen at once, and those that are gone no longer count."""
    known = {one["address"] for one in found}
    source.chosen = [address for address in source.chosen if address in known]
    if len(found) == 1:
        source.chosen = list(known)
    source.found = found
    CalendarSource.objects.filter(pk=source.pk).update(found=found, chosen=source.chosen, trouble="", waits=False)


def keep_busy(source: CalendarSource, spans: Iterable, *, unread: int, cut: bool) -> None:
    """Put what was read (begins, ends, all_day each) in the place of what was known, all at once."""
    with transaction.atomic():
        if not CalendarSource.objects.filter(pk=source.pk).update(
            read_at=timezone.now(), trouble="", waits=False, unread=unread, cut=cut
        ):
            return  # removed meanwhile
        BusyTime.objects.filter(source=source).delete()
        bulk.insert([
            BusyTime(practice_id=source.practice_id, source=source, begins=s.begins, ends=s.ends, all_day=s.all_day)
            for s in spans
        ])  # fmt: skip


def keep_trouble(source: CalendarSource, words: str, *, waits: bool) -> None:
    """Keep why it could not be read; what was known before stands. waits: until the member has done something."""
    CalendarSource.objects.filter(pk=source.pk).update(trouble=words, waits=waits)


def keep_look(source: CalendarSource, entries: list[dict]) -> None:
    """Keep the titles that a member asked to see, encrypted, for a day."""
    if not CalendarSource.objects.filter(pk=source.pk).exists():
        return
    CalendarLook.objects.filter(source=source).delete()
    look = CalendarLook(source=source, at=timezone.now())
    look.sealed = storage.seal(json.dumps(entries).encode(), f"look {source.pk}")
    look.save()


def look_of(source: CalendarSource) -> list[dict] | None:
    """The titles asked for within the last day; None where there are none."""
    look = CalendarLook.objects.filter(source=source, at__gt=timezone.now() - LOOK_STAYS).first()
    return json.loads(storage.unseal(bytes(look.sealed), f"look {source.pk}")) if look else None


def forget_looks(now: datetime) -> int:
    """Forget titles that were asked for a day ago."""
    return CalendarLook.objects.filter(at__lt=now - LOOK_STAYS).delete()[0]


# Questions


def busy(member: Member, begins: datetime, ends: datetime, *, source: CalendarSource | None = None) -> list[BusyTime]:
    """When a member is busy within a time, the earliest first, as their calendars (or one of them) said last."""
    mine = _busy(member, begins, ends)
    mine = mine if source is None else mine.filter(source=source)
    return list(mine.order_by("begins", "ends")[:50])


def counted(member: Member, begins: datetime, ends: datetime) -> dict[int, int]:
    """How many busy times each calendar of a member has within a time, by the calendar's id."""
    rows = _busy(member, begins, ends).values("source").annotate(many=Count("pk")).order_by()
    return {row["source"]: row["many"] for row in rows}


def _busy(member: Member, begins: datetime, ends: datetime) -> QuerySet:
    return BusyTime.objects.filter(source__member=member, begins__lt=ends, ends__gt=begins)


def busy_at(member: Member, on: date, at: time | None, minutes: int) -> list[BusyTime]:
    """When a member is busy at a time that they mean to plan, in the practice's time zone; nothing without a time."""
    if at is None:
        return []
    begins = datetime.combine(on, at, ZoneInfo(member.practice.time_zone))
    return busy(member, begins, begins + timedelta(minutes=minutes or 30))


def taken(member: Member, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """From when until when a member is busy within a time, the earliest first."""
    return list(_busy(member, begins, ends).order_by("begins", "ends").values_list("begins", "ends"))


def free_from(taken: Iterable[tuple[datetime, datetime]], start: datetime, minutes: int) -> datetime:
    """The first time from a start at which somebody is free so long who is `taken` at these times, the earliest first."""
    moment = start
    for begins, ends in taken:
        if begins >= moment + timedelta(minutes=minutes):
            break
        moment = max(moment, ends)
    return moment
