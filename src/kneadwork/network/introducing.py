"""Introducing two connections: both are asked first, then it is made, a gift to each. And who was met through whom.

Both need a standing `yes` from the first word on, since asking one names the other; the owner may override that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network import seeing
from kneadwork.network.giving import GiftRefused, give
from kneadwork.network.models import Connection, Gift, Introduction, IntroductionSide, Override, Stream
from kneadwork.network.overriding import override
from kneadwork.network.vetting import is_trusted, refuse_untrusted
from kneadwork.practice.models import Member


@dataclass(frozen=True, slots=True)
class Meant:
    """An introduction as seen from one of the two."""

    introduction: Introduction
    mine: IntroductionSide
    other: IntroductionSide

    @property
    def sides(self) -> tuple[IntroductionSide, IntroductionSide]:
        """Both of them."""
        return self.mine, self.other

    @property
    def is_open(self) -> bool:
        """Neither made nor let go."""
        return self.introduction.made_on is None and self.introduction.let_go_on is None

    @property
    def may_be_made(self) -> bool:
        """Whether both agreed."""
        return all(side.agreed_on for side in self.sides)


def begin(
    one: Connection, other: Connection, *, on: date, words: str = "", override_reason: str = "", by: Member | None = None
) -> Introduction:  # fmt: skip
    """Mean to introduce two connections to each other. NotTrusted names the one without a standing `yes`."""
    if one.pk == other.pk:
        raise GiftRefused(_("Choose two people: nobody is introduced to themselves."))
    if IntroductionSide.objects.filter(connection=one, introduction__in=open_ones().filter(sides__connection=other)):
        raise GiftRefused(_("You mean to introduce these two already."))
    untrusted = [here for here in (one, other) if not is_trusted(here)]
    if not override_reason.strip():
        for here in untrusted:
            refuse_untrusted(here)
    with acts.act("introduction", f"{one.name}, {other.name}", by=by):
        meant = Introduction(words=words.strip(), begun_on=on)
        meant.save()
        for here in (one, other):
            side = IntroductionSide(introduction=meant, connection=here)
            if here in untrusted:
                side.override = override(here, Override.What.INTRODUCTION, override_reason, on=on, by=by)
            side.save()
    return meant


def note(side: IntroductionSide, said: str, *, on: date, by: Member) -> None:
    """Note of one of the two that they were asked, agreed or would rather not."""
    if said not in ("asked", "agreed", "declined"):
        raise GiftRefused(_("Choose what they said."))
    if side.introduction.made_on or side.introduction.let_go_on:
        raise GiftRefused(_("This introduction is over."))
    with acts.act("introduction", side.connection.name, by=by):
        side.asked_on = side.asked_on or on
        side.agreed_on = on if said == "agreed" else None
        side.declined_on = on if said == "declined" else None
        side.save()


def make(introduction: Introduction, *, on: date, by: Member) -> list[Gift]:
    """The two are introduced: a gift to each. Refused before both agreed, and where a `yes` no longer stands."""
    if introduction.made_on or introduction.let_go_on:
        raise GiftRefused(_("This introduction is over."))
    sides = list(introduction.sides.select_related("connection", "override"))
    if not all(side.agreed_on for side in sides):
        raise GiftRefused(_("Ask both first. An introduction is made when both said yes."))
    names = ", ".join(side.connection.name for side in sides)
    named = any(side.connection.stream == Stream.CLIENTS for side in sides)  # words about a client stay with the two
    with acts.act("introduction", names, by=by):
        gifts = [
            give(side.connection, Gift.Form.INTRODUCTION, on=on, words="" if named else introduction.words, introduction=introduction,
                 overridden=side.override, by=by)
            for side in sides
        ]  # fmt: skip
        introduction.made_on = on
        introduction.save()
    return gifts


def let_go(introduction: Introduction, *, on: date, by: Member) -> None:
    """Leave an introduction be; nothing was given."""
    if introduction.made_on or introduction.let_go_on:
        raise GiftRefused(_("This introduction is over."))
    names = ", ".join(introduction.sides.values_list("connection__name", flat=True))
    with acts.act("introduction", names, by=by):
        introduction.let_go_on = on
        introduction.save()


def open_ones() -> QuerySet:
    """Introductions that are neither made nor let go."""
    return Introduction.objects.filter(made_on=None, let_go_on=None)


def of(connection: Connection, member: Member | None) -> list[Meant]:
    """Introductions of this connection, the newest first; none that names somebody this member may not see. One query."""
    rows = IntroductionSide.objects.filter(introduction__sides__connection=connection)
    pairs: dict[int, list[IntroductionSide]] = {}
    for side in rows.select_related("introduction", "connection").order_by("-introduction__begun_on", "-introduction"):
        pairs.setdefault(side.introduction_id, []).append(side)
    found = []
    for sides in pairs.values():
        others = [side for side in sides if side.connection_id != connection.pk]
        mine = [side for side in sides if side.connection_id == connection.pk]
        if mine and others and seeing.shows(member, others[0].connection):
            found.append(Meant(mine[0].introduction, mine[0], others[0]))
    return found


def met_through(connection: Connection, other: Connection | None, *, by: Member) -> None:
    """Say through whom of the network they were met; None takes it back. A ring is refused."""
    at, passed = other, set()
    while at is not None and at.pk not in passed:
        if at.pk == connection.pk:
            raise GiftRefused(_("That would lead in a ring: they were met through each other."))
        passed.add(at.pk)
        at = at.through
    with acts.act("edit", connection.name, by=by):
        connection.through = other
        connection.save()


#: So many steps of a chain are shown.
MOST_STEPS = 5


def chain(connection: Connection, member: Member | None) -> list[Connection]:
    """Through whom they were met, through whom that one, and so on; it ends at somebody this member may not see."""
    found: list[Connection] = []
    at = connection
    while len(found) < MOST_STEPS and at.through is not None and seeing.shows(member, at.through):
        at = at.through
        found.append(at)
    return found


def led_to(connection: Connection, member: Member | None, limit: int = 50) -> list[Connection]:
    """Those who were met through this connection, by name."""
    return list(seeing.connections(member).filter(through=connection).order_by("name")[:limit])
