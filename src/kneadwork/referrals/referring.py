"""Referrals in: who was sent, by whom, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from kneadwork.common import acts, days
from kneadwork.common.models import Act
from kneadwork.network.folding import as_said
from kneadwork.network.models import Client, Connection
from kneadwork.practice.models import Member
from kneadwork.referrals.models import Referral


class ReferralRefused(Exception):
    """A referral that cannot be recorded, in words for the user."""


def record(
    source: Connection, person: str, *, on: date, today: date, origin: str = "by hand", words: str = "",
    client: Client | None = None, by: Member | None = None, by_name: str = "",
) -> Referral:  # fmt: skip
    """Record that a source sent a person; whether they came is not asked here."""
    if not person.strip():
        raise ReferralRefused(_("Who was sent? A first name is enough."))
    if as_said(person) == as_said(source.name):
        raise ReferralRefused(_("Nobody sends themselves. Who was sent, and by whom?"))
    if not days.is_known(on):
        raise ReferralRefused(days.unknown())
    if on > today:
        raise ReferralRefused(_("That day is still to come."))
    with acts.act("referral", source.name, by=by, by_name=by_name):
        referral = Referral(
            connection=source,
            person=person.strip()[:200],
            client=client,
            on=on,
            origin=origin,
            words=words.strip(),
        )
        referral.save()
    return referral


def remove(referral: Referral, *, by: Member | None = None, by_name: str = "") -> Act:
    """Take away a referral that was noted by mistake; undo brings it back."""
    with acts.act("referral", _("taken away: %(name)s") % {"name": referral.person}, by=by, by_name=by_name) as doing:
        referral.delete()
        return doing.row()


@dataclass(frozen=True, slots=True)
class Page:
    """Some referrals in, the newest first, and the id of the last where there are earlier ones ("" where not)."""

    rows: list[Referral]
    earlier: str


def newest(before: Referral | None = None, limit: int = 25) -> Page:
    """The newest referrals in with their sources; before: those that come behind this one."""
    rows = Referral.objects.select_related("connection__standing").order_by("-on", "-id")
    if before is not None:
        rows = rows.filter(Q(on__lt=before.on) | Q(on=before.on, id__lt=before.pk))
    found = list(rows[: limit + 1])
    return Page(found[:limit], found[limit - 1].ref if len(found) > limit else "")
