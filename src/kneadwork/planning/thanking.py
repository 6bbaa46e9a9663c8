"""Thanks to those who told us of somebody they sent: before anything else is proposed to them, and before any further ask.

The kept rows know of no referral, since members who may not see referrals read them too; who owes thanks is therefore
asked here, for those who may see it. Whether the person came plays no part, and a referral known only from a booking
file counts for nothing: thanks for it would tell that they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from kneadwork.network.models import Postponement, Standing, Touch
from kneadwork.planning.plan import playbooks
from kneadwork.referrals.history import TOLD
from kneadwork.referrals.models import Referral

#: Touches of theirs in which there was a word of ours too.
BOTH_SPOKE = ("call", "visit", "meeting")
#: Stages in which nothing is proposed.
QUIET = ("declined", "resting")


def owed(on: date) -> QuerySet:
    """The ids of connections that told of somebody they sent and have had no word from us since, nor were put off."""
    since = Touch.objects.filter(connection=OuterRef("connection"), on__gte=OuterRef("on"))
    ours = since.filter(Q(from_them=False) | Q(channel__in=BOTH_SPOKE))
    off = Postponement.objects.filter(connection=OuterRef("connection"), step="thanks")
    first = on - timedelta(days=playbooks()["thanks_days"])
    told = Referral.objects.filter(origin__in=TOLD, on__gt=first, on__lte=on)
    return told.filter(~Exists(ours), ~Exists(off.filter(Q(until=None) | Q(until__gt=on)))).values("connection")


def most_valuable(on: date, at_most: int) -> list[Standing]:
    """Kept rows of those to whom thanks are owed, the most promising first; nobody who is left in peace."""
    rows = Standing.objects.filter(connection__in=owed(on), stopped=False).exclude(stage_open__in=QUIET)
    return list(rows.order_by("-rank", "name")[:at_most])


def put_first(rows: Sequence[Standing], *, on: date) -> None:
    """Show thanks as the next step of those rows of a list that owe them: one query for any number of rows."""
    listed = [r.connection_id for r in rows]
    thanks = set(owed(on).filter(connection__in=listed).values_list("connection_id", flat=True))
    for row in rows:
        open_to_it = not row.stopped and row.warning != "retired" and row.stage_open not in QUIET
        if row.connection_id in thanks and open_to_it and row.next_key not in ("promise", "answer"):
            row.next_key, row.next_kind, row.next_due, row.next_minutes = "thanks", "thanks", on, 5
