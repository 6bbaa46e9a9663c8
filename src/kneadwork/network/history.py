"""Everything recorded about connections, as plain rows for the rules: one fixed set of queries for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kneadwork.network.models import (
    Address,
    Connection,
    ContactPoint,
    FitAnswer,
    Gift,
    Insight,
    Postponement,
    Promise,
    RedFlag,
    Rest,
    Retirement,
    Stop,
    Touch,
    Verdict,
)


class TouchFacts(NamedTuple):
    """What the rules and the timeline read of a touch, of which there are many."""

    connection_id: int
    channel: str
    from_them: bool
    answered: bool
    on: date
    words: str


@dataclass(slots=True)
class History:
    """What is recorded about one connection, oldest first. `reach`: kinds of contact known, `post` included."""

    connection: Connection
    touches: list[TouchFacts] = field(default_factory=list)
    insights: list[Insight] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    open_flags: list[RedFlag] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    postponements: list[Postponement] = field(default_factory=list)
    fit: dict[str, str] = field(default_factory=dict)
    reach: set[str] = field(default_factory=set)
    stopped: bool = False
    retired_on: date | None = None
    postal: str = ""

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
    _add_lists(found, wanted)
    for flag in RedFlag.objects.filter(connection__in=wanted, resolved_on=None).order_by("on", "id"):
        found[flag.connection_id].open_flags.append(flag)
    for given in FitAnswer.objects.filter(connection__in=wanted).order_by("on", "id"):
        found[given.connection_id].fit[given.question] = given.answer
    for stop in Stop.objects.filter(connection__in=wanted):
        found[stop.connection_id].stopped = True
    for retirement in Retirement.objects.filter(connection__in=wanted):
        found[retirement.connection_id].retired_on = retirement.on
    _add_reach(found, wanted)
    return found


def _add_lists(found: dict[int, History], wanted: list[int]) -> None:
    lists = (
        ("insights", Insight, ("on", "id")),
        ("verdicts", Verdict, ("on", "id")),
        ("gifts", Gift, ("on", "id")),
        ("rests", Rest, ("since", "id")),
        ("postponements", Postponement, ("on", "id")),
    )
    for name, model, order in lists:
        for row in model.objects.filter(connection__in=wanted).order_by(*order):
            getattr(found[row.connection_id], name).append(row)
    touches = Touch.objects.filter(connection__in=wanted).order_by("on", "id").values_list(*TouchFacts._fields)
    for values in touches:
        touch = TouchFacts._make(values)
        found[touch.connection_id].touches.append(touch)
    for row in Promise.objects.filter(connection__in=wanted, kept_on=None, let_go_on=None).order_by("due_on", "id"):
        found[row.connection_id].promises.append(row)


def _add_reach(found: dict[int, History], wanted: list[int]) -> None:
    kinds = ContactPoint.objects.filter(connection__in=wanted).values_list("connection_id", "kind").distinct()
    for connection_id, kind in kinds:
        found[connection_id].reach.add(kind)
    rows = Address.objects.filter(connection__in=wanted).exclude(line1="", postal="").order_by("preferred", "id")
    by_connection: dict[int, str] = defaultdict(str)
    for connection_id, line1, postal in rows.values_list("connection_id", "line1", "postal"):
        by_connection[connection_id] = postal
        if line1:
            found[connection_id].reach.add("post")
    for connection_id, postal in by_connection.items():
        found[connection_id].postal = postal
