"""Everything recorded about connections, as plain rows for the rules: one fixed set of queries for any number."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
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
    IntroductionSide,
    OpenHours,
    Place,
    PlannedStep,
    Postponement,
    Promise,
    RedFlag,
    Rest,
    Retirement,
    Slowing,
    Stop,
    Tag,
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
    """What is recorded about one connection, oldest first; ways to reach it with the preferred of each kind first.

    besides: which kinds of records there are that no rule goes by (`BESIDES`).
    """

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
    besides: set[str] = field(default_factory=set)

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


Reader = Callable[[dict[int, History], list[int]], None]


def histories(
    ids: Iterable[int], have: Iterable[Connection] = (), *, holds: Container[str] | None = None
) -> dict[int, History]:
    """The history of each of these connections that exists.

    have: those that were read already; holds: which kinds of records they have (see `held`), so that no other is looked
    for; None where that is not known.
    """
    wanted = sorted(ids)
    found = {c.pk: History(c) for c in have or Connection.objects.filter(pk__in=wanted)}
    if not found:
        return {}
    for kind, read in READERS.items():
        if holds is None or kind in holds:
            read(found, wanted)
    for kind, model in BESIDES.items():
        if holds is None:
            for pk in model.objects.filter(connection_id__in=wanted).values_list("connection_id", flat=True).distinct():
                found[pk].besides.add(kind)
        elif kind in holds:
            for history in found.values():
                history.besides.add(kind)
    return found


def held(history: History) -> set[str]:
    """The kinds of records that a connection has, as `histories` names them."""
    kinds = {kind for kind in READERS if getattr(history, kind) or kind == "promises" and history.kept_promises}
    return kinds | history.besides


def _values(model, wanted: list[int], *names: str):
    return model.objects.filter(connection_id__in=wanted).values_list(*names)


def _lists(kind: str, model, key) -> Reader:
    """Reads whole rows into the list of that name, in the order of the key."""

    def read(found: dict[int, History], wanted: list[int]) -> None:
        for row in sorted(model.objects.filter(connection_id__in=wanted), key=key):
            getattr(found[row.connection_id], kind).append(row)

    return read


def _touches(found: dict[int, History], wanted: list[int]) -> None:
    for touch in sorted(map(TouchFacts._make, _values(Touch, wanted, *TouchFacts._fields)), key=attrgetter("on", "id")):
        found[touch.connection_id].touches.append(touch)


def _promises(found: dict[int, History], wanted: list[int]) -> None:
    rows = Promise.objects.filter(connection_id__in=wanted, let_go_on=None)
    for promise in sorted(rows, key=attrgetter("due_on", "pk")):
        history = found[promise.connection_id]
        (history.promises if promise.kept_on is None else history.kept_promises).append(promise)


def _open_flags(found: dict[int, History], wanted: list[int]) -> None:
    for flag in sorted(RedFlag.objects.filter(connection_id__in=wanted, resolved_on=None), key=_DAY):
        found[flag.connection_id].open_flags.append(flag)


def _fit(found: dict[int, History], wanted: list[int]) -> None:
    rows = _values(FitAnswer, wanted, "connection_id", "on", "id", "question", "answer")
    for pk, _on, _id, question, answer in sorted(rows):
        found[pk].fit[question] = answer


def _stopped(found: dict[int, History], wanted: list[int]) -> None:
    for (pk,) in _values(Stop, wanted, "connection_id"):
        found[pk].stopped = True


def _retired_on(found: dict[int, History], wanted: list[int]) -> None:
    for pk, on in _values(Retirement, wanted, "connection_id", "on"):
        found[pk].retired_on = on


#: Sorted here and not by the database: a few rows are sorted sooner than an order is written into a query.
_DAY, _SINCE = attrgetter("on", "pk"), attrgetter("since", "pk")

#: Records that a connection's page shows and no rule goes by.
BESIDES = {"introductions": IntroductionSide, "places": Place, "tags": Tag}

#: What reads each kind of record; the kinds are called as the fields of `History`.
READERS: dict[str, Reader] = {
    kind: _lists(kind, model, key)
    for kind, model, key in (
        ("insights", Insight, _DAY),
        ("verdicts", Verdict, _DAY),
        ("gifts", Gift, _DAY),
        ("rests", Rest, _SINCE),
        ("postponements", Postponement, _DAY),
        ("open_hours", OpenHours, lambda row: (row.weekday, str(row.begins or ""), row.pk)),
        ("slowings", Slowing, _SINCE),
        ("planned_steps", PlannedStep, _DAY),
        ("contacts", ContactPoint, lambda row: (row.kind, not row.preferred, row.pk)),
        ("addresses", Address, lambda row: (not row.preferred, row.pk)),
    )
} | {
    "touches": _touches, "promises": _promises, "open_flags": _open_flags, "fit": _fit, "stopped": _stopped,
    "retired_on": _retired_on,
}  # fmt: skip
