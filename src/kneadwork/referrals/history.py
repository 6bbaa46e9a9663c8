"""What the referral records add to a connection's history, as plain rows."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from kneadwork.referrals.models import Ask, Referral

#: Origins of referrals that somebody told us of. One from a booking file is known only because that person booked, so
#: that a thank-you for it would say that they came.
TOLD = ("by hand", "api")


class SentFacts(NamedTuple):
    """What the rules and the timeline read of a referral in."""

    connection_id: int
    id: int
    on: date
    origin: str
    person: str
    words: str
    day_known: bool


@dataclass(slots=True)
class ReferralHistory:
    """Referrals in, their days, the days of those that somebody told us of, and the asks, oldest first."""

    sent: list[SentFacts] = field(default_factory=list)
    referrals: list[date] = field(default_factory=list)
    told: list[date] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)


def histories(ids: Iterable[int], *, holds: Container[str] | None = None) -> dict[int, ReferralHistory]:
    """The referral history of each of these connections; holds: as of `network.history.histories`."""
    wanted = sorted(ids)
    found = {one: ReferralHistory() for one in wanted}
    if holds is None or "sent" in holds:
        _sent(found, wanted)
    if holds is None or "asks" in holds:
        for ask in sorted(Ask.objects.filter(connection_id__in=wanted), key=attrgetter("on", "pk")):
            found[ask.connection_id].asks.append(ask)
    return found


def held(history: ReferralHistory) -> set[str]:
    """The kinds of records that a connection has, as `histories` names them."""
    return {kind for kind in ("sent", "asks") if getattr(history, kind)}


def _sent(found: dict[int, ReferralHistory], wanted: list[int]) -> None:
    rows = Referral.objects.filter(connection_id__in=wanted).values_list(*SentFacts._fields)
    for sent in sorted(map(SentFacts._make, rows), key=attrgetter("on", "id")):
        here = found[sent.connection_id]
        here.sent.append(sent)
        here.referrals.append(sent.on)
        if sent.origin in TOLD:
            here.told.append(sent.on)
