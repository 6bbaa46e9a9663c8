"""What the referral records add to a connection's history, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from kneadwork.referrals.models import Ask, Referral

#: Origins of referrals that somebody told us of. One from a booking file is known only because that person booked, so
#: that a thank-you for it would say that they came.
TOLD = ("by hand", "api")


@dataclass(slots=True)
class ReferralHistory:
    """Days of referrals in, of those among them that somebody told us of, and the asks, oldest first."""

    referrals: list[date] = field(default_factory=list)
    told: list[date] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)


def histories(ids: Iterable[int]) -> dict[int, ReferralHistory]:
    """The referral history of each of these connections."""
    wanted = sorted(ids)
    found = {one: ReferralHistory() for one in wanted}
    rows = Referral.objects.filter(connection__in=wanted).order_by("on")
    for connection_id, on, origin in rows.values_list("connection_id", "on", "origin"):
        found[connection_id].referrals.append(on)
        if origin in TOLD:
            found[connection_id].told.append(on)
    for ask in Ask.objects.filter(connection__in=wanted).order_by("on", "id"):
        found[ask.connection_id].asks.append(ask)
    return found
