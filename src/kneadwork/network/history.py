"""Everything recorded about connections, as plain rows for the rules: one fixed set of queries for any number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from kneadwork.network.models import (
    Address,
    Connection,
    ContactPoint,
    FitAnswer,
    Gift,
    Insight,
    OpenHours,
    PlannedStep,
    Postponement,
    Promise,
    RedFlag,
    Rest,
    Retirement,
    Slowing,
    Stop,
    Touch,
    Verdict,
)


class TouchFacts(NamedTuple):
    """What the rules and the timeline read of a touch, of which there are many."""

    connection_id: int
    id: int
    channel: str
    from_them: bool
    answered: bool
    on: date
    words: str


@dataclass(slots=True)
class History:
    """What is recorded about one connection, oldest first; ways to reach it with the preferred of each kind first."""

    connection: Connection
    touches: list[TouchFacts] = field(default_factory=list)
    insights: list[Insight] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    open_flags: list[RedFlag] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    kept_promises: list[Promise] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    postponements: list[Postponement] = field(default_factory=list)
    open_hours: list[OpenHours] = field(default_factory=list)
    slowings: list[Slowing] = field(default_factory=list)
    planned_steps: list[PlannedStep] = field(default_factory=list)
    fit: dict[str, str] = field(default_factory=dict)
    contacts: list[ContactPoint] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    stopped: bool = False
    retired_on: date | None = None

    @property
    def reach(self) -> frozenset[str]:
        """The kinds of contact known, `post` included."""
        post = {"post"} if any(address.line1 for address in self.addresses) else set()
        return frozenset(post | {point.kind for point in self.contacts})

    @property
    def slowly(self) -> bool:
        """Whether they are taken slowly."""
        return any(slowing.ended_on is None for slowing in self.slowings)

    @property
    def planned(self) -> PlannedStep | None:
        """The step that somebody planned last, where no contact of ours has followed yet."""
        newest = max(self.planned_steps, key=attrgetter("pk"), default=None)
        since = max((t.id for t in self.touches if not t.from_them), default=0)
        return newest if newest and newest.pk > since else None

    @property
    def verdict(self) -> Verdict | None:
        """The newest verdict."""
        return self.verdicts[-1] if self.verdicts else None


def histories(ids: Iterable[int], have: Iterable[Connection] = ()) -> dict[int, History]:
    """The history of each of these connections that exists; have: those that were read already."""
    wanted = sorted(ids)
    found = {c.pk: History(c) for c in have or Connection.objects.filter(pk__in=wanted)}
    if not found:
        return {}
    for name, model, key in _LISTS:
        for row in sorted(model.objects.filter(connection_id__in=wanted), key=key):
            getattr(found[row.connection_id], name).append(row)
    for touch in sorted(map(TouchFacts._make, _values(Touch, wanted, *TouchFacts._fields)), key=_TOUCHED):
        found[touch.connection_id].touches.append(touch)
    for promise in sorted(Promise.objects.filter(connection_id__in=wanted, let_go_on=None), key=_PROMISED):
        history = found[promise.connection_id]
        (history.promises if promise.kept_on is None else history.kept_promises).append(promise)
    for flag in sorted(RedFlag.objects.filter(connection_id__in=wanted, resolved_on=None), key=_DAY):
        found[flag.connection_id].open_flags.append(flag)
    for pk, _on, _id, question, answer in sorted(
        _values(FitAnswer, wanted, "connection_id", "on", "id", "question", "answer")
    ):
        found[pk].fit[question] = answer
    for (pk,) in _values(Stop, wanted, "connection_id"):
        found[pk].stopped = True
    for pk, on in _values(Retirement, wanted, "connection_id", "on"):
        found[pk].retired_on = on
    return found


def _values(model, wanted: list[int], *names: str):
    return model.objects.filter(connection_id__in=wanted).values_list(*names)


#: Sorted here and not by the database: a few rows are sorted sooner than an order is written into a query.
_DAY, _TOUCHED, _PROMISED = attrgetter("on", "pk"), attrgetter("on", "id"), attrgetter("due_on", "pk")
_LISTS = (
    ("insights", Insight, _DAY),
    ("verdicts", Verdict, _DAY),
    ("gifts", Gift, _DAY),
    ("rests", Rest, attrgetter("since", "pk")),
    ("postponements", Postponement, _DAY),
    ("open_hours", OpenHours, lambda row: (row.weekday, str(row.begins or ""), row.pk)),
    ("slowings", Slowing, attrgetter("since", "pk")),
    ("planned_steps", PlannedStep, _DAY),
    ("contacts", ContactPoint, lambda row: (row.kind, not row.preferred, row.pk)),
    ("addresses", Address, lambda row: (not row.preferred, row.pk)),
)
