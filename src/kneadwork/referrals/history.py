"""What the referral records add to a connection's history, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from kneadwork.referrals.models import Ask, Referral


@dataclass(slots=True)
class ReferralHistory:
    """Days of referrals in, and the asks, oldest first."""

    referrals: list[date] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)


def histories(ids: Iterable[int]) -> dict[int, ReferralHistory]:
    """The referral history of each of these connections."""
    wanted = sorted(ids)
    found = {one: ReferralHistory() for one in wanted}
    for connection_id, on in (
        Referral.objects.filter(connection__in=wanted).order_by("on").values_list("connection_id", "on")
    ):
        found[connection_id].referrals.append(on)
    for ask in Ask.objects.filter(connection__in=wanted).order_by("on", "id"):
        found[ask.connection_id].asks.append(ask)
    return found
