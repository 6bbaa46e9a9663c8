"""Who works behind one door as one office: derived, so that it follows every change by hand, import, merge and undo.

One office: the same street and town, with a telephone or the organisation's name in common; also by way of a third, as an
organisation and its people. Clients share an office with clients alone: nothing that is shown of others may tell of them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace

from kneadwork.common import acts, bulk, derived
from kneadwork.common.models import Change
from kneadwork.network.addresses import door_word
from kneadwork.network.folding import as_said
from kneadwork.network.models import Address, Connection, ContactPoint, Kind, SearchWord, Stream

DOOR, PIECE = 24, 500


@dataclass(frozen=True, slots=True)
class Desk:
    """One connection: the door of the address to which letters go (a digest), and what it may share with others there."""

    pk: int
    door: str
    ties: frozenset[str]


def keys_of(desks: Iterable[Desk]) -> dict[int, str]:
    """The office of each: the same key for all who are tied, directly or through others, behind one door."""
    doors: dict[str, list[Desk]] = defaultdict(list)
    for desk in desks:
        doors[desk.door].append(desk)
    return {pk: key for door, there in doors.items() for pk, key in _tied(door, there).items()}


def _tied(door: str, there: list[Desk]) -> dict[int, str]:
    """The office of each behind one door: whoever holds a tie stands for all who share it."""
    stands_for: dict[str, str] = {}

    def first(tie: str) -> str:
        while stands_for.setdefault(tie, tie) != tie:
            stands_for[tie] = stands_for[stands_for[tie]]
            tie = stands_for[tie]
        return tie

    for desk in there:
        lowest, *others = sorted({first(tie) for tie in desk.ties} or {first(f"{desk.pk}")})
        for other in others:
            stands_for[other] = lowest
    return {desk.pk: f"{door}{_digest(first(min(desk.ties, default=str(desk.pk))))}" for desk in there}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DOOR]


@derived.keeper
def keep_offices(connections: set[int]) -> None:
    """Compute anew the offices behind the doors of these connections, those that they left included."""
    before = _keys(connections)
    doors = {key[:DOOR] for key in before.values() if key} | _doors_left() | set(_doors(connections).values())
    here = connections & before.keys()
    for chunk in _pieces(sorted(doors)):
        words = SearchWord.objects.filter(word__in=[f"#{door}" for door in chunk])
        here |= set(words.values_list("connection_id", flat=True))
    before |= _keys(here - before.keys())
    after = keys_of(desks(here))
    changed = [(after.get(pk, ""), pk) for pk, key in before.items() if after.get(pk, "") != key]
    bulk.set_values(Connection, "office_key", changed)


def desks(ids: Iterable[int]) -> list[Desk]:
    """These connections as they stand behind their doors; without those of whom no street is known."""
    wanted = set(ids)
    doors, ties = _doors(wanted), defaultdict(set)
    for chunk in _pieces(sorted(doors)):
        points = ContactPoint.objects.filter(connection__in=chunk, kind=ContactPoint.Kind.PHONE).exclude(normal="")
        for pk, normal in points.values_list("connection_id", "normal"):
            ties[pk].add(normal)
        names = ("pk", "kind", "stream", "name", "organisation", "other_names")
        for pk, kind, stream, name, organisation, others in Connection.objects.filter(pk__in=chunk).values_list(*names):
            called = [name, *others, organisation] if kind == Kind.ORGANISATION else [organisation]
            ties[pk] |= {as_said(n) for n in called} - {""}
            if stream == Stream.CLIENTS:
                ties[pk] = {f"{stream} {tie}" for tie in ties[pk]}
    return [Desk(pk, door, frozenset(ties[pk])) for pk, door in doors.items()]


def _doors(ids: Iterable[int]) -> dict[int, str]:
    """The door of each that has one."""
    found: dict[int, str] = {}
    for chunk in _pieces(sorted(ids)):
        words = SearchWord.objects.filter(connection__in=chunk, word__startswith="#")
        found |= {pk: word[1:] for pk, word in words.values_list("connection_id", "word")}
    return found


def _keys(ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in _pieces(sorted(ids)):
        found |= dict(Connection.objects.filter(pk__in=chunk).values_list("pk", "office_key"))
    return found


def _doors_left() -> set[str]:
    """The doors of addresses that this act changed or removed, as their images tell."""
    try:
        done = acts.current().saved
    except acts.NoAct:  # the day turned
        return set()
    rows = Change.objects.filter(act=done, model=Address._meta.label, before__isnull=False)
    return {door_word(SimpleNamespace(**image))[1:] for image in rows.values_list("before", flat=True)} - {""}


def _pieces(values: list) -> Iterable[list]:
    return (values[start : start + PIECE] for start in range(0, len(values), PIECE))
