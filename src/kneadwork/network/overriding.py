"""Overriding a guard of vetting: the owner's word alone, with a reason, kept for good beside what it made possible."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.models import Connection, Override
from kneadwork.practice.models import Member
from kneadwork.practice.rights import Right, require


class OverrideRefused(Exception):
    """An override without a reason."""


def override(connection: Connection, what: str, why: str, *, on: date, by: Member | None) -> Override:
    """Keep the owner's reason for going on where a guard says no; call it in the act that needs it.

    NotAllowed for a member who is not the owner; no member is the owner at the command line.
    """
    if by is not None:
        require(by, Right.OVERRIDE)
    if not why.strip():
        raise OverrideRefused(_("Say why this once the guard should not hold. The reason is kept."))
    with acts.act("override", connection.name, by=by):
        kept = Override(connection=connection, what=what, why=why.strip(), on=on, by=by)
        kept.save()
    return kept


def still_holds(kept: Override) -> bool:
    """Whether an override was given in the knowledge of all that is known now: no flag and no verdict came after it."""
    newer = kept.connection.verdicts.filter(pk__gt=kept.pk), kept.connection.redflags.filter(pk__gt=kept.pk)
    return not any(rows.exists() for rows in newer)


def overrides(connection: Connection) -> list[Override]:
    """What the owner decided against the guards here, the newest first."""
    return list(connection.overrides.select_related("by").order_by("-on", "-pk"))
