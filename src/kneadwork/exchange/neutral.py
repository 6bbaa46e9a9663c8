"""The one neutral record that every import becomes (ARCHITECTURE, idea 3).

Readers (vCard, tables, provider registry, the registry's API, places of the open map) yield `Record` or `Rejected`, one for each card, line
or row they were given, in the order of the file; nothing else in the product knows a file format. Plain data: no
database, no clock.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

#: How long a note, a further value and its title may be, and how many further values are kept.
NOTE, EXTRA, EXTRA_TITLE, MOST_EXTRA = 4000, 400, 60, 60


@dataclass(slots=True)
class Phone:
    """`value` as written, `e164` normalised (empty where it is no valid number), kind: mobile, work, home, fax, other."""

    value: str
    kind: str = "other"
    e164: str = ""
    preferred: bool = False


@dataclass(slots=True)
class Email:
    """`value` as written but trimmed; comparison happens on `value.casefold()`."""

    value: str
    kind: str = "other"
    preferred: bool = False


@dataclass(slots=True)
class Address:
    """One postal address. `kind`: work, home, practice, secondary, mailing, other. `country` as ISO code or as written."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal: str = ""
    country: str = ""
    kind: str = "other"
    phone: str = ""


@dataclass(slots=True)
class OnMap:
    """Where a place of the open map stands: its object ("node/123") and that object's version (0 where it is not said),
    degrees north and east, its opening hours as raw text."""

    osm: str
    version: int = 0
    lat: float = 0.0
    lon: float = 0.0
    hours: str = ""


@dataclass(slots=True)
class ClientFacts:
    """What a booking product says of a client, as little as is needed: dates of first and last visit, how many."""

    since: date | None = None
    first_visit: date | None = None
    last_visit: date | None = None
    visits: int | None = None
    number: str = ""


@dataclass(slots=True)
class Record:
    """One person or organisation as a file describes it.

    where: a place the user can find again ("card 3", "line 57", "row 12 of sheet Clients").
    kind: "person" or "organisation". name: the display name, in natural case, never empty.
    stream/profession: proposals ("" for profession where none is recognised); professions: all that match.
    referred_by: a source named in a booking file; referred_by_is_source: whether it is a person or an office.
    met_through: the same column of an address book, kept as text. extra: unknown columns, title -> text.
    work: further titles, roles and organisations, by which too the profession is recognised; they stand in extra as well.
    retired_on: a registry row that is deactivated (it never becomes a connection).
    warnings: sentences about values that were mended or left out.
    place: where it stands on the open map, for places that come from there.
    """

    where: str
    name: str = ""
    kind: str = "person"
    given: str = ""
    middle: str = ""
    family: str = ""
    prefix: str = ""
    suffix: str = ""
    credentials: str = ""
    nickname: str = ""
    other_names: list[str] = field(default_factory=list)
    organisation: str = ""
    department: str = ""
    title: str = ""
    phones: list[Phone] = field(default_factory=list)
    emails: list[Email] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    endpoints: list[str] = field(default_factory=list)
    npi: str = ""
    stream: str = ""
    profession: str = ""
    professions: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    note: str = ""
    met_through: str = ""
    referred_by: str = ""
    referred_by_is_source: bool = False
    referred_by_email: str = ""
    referred_by_phone: str = ""
    client: ClientFacts | None = None
    retired_on: date | None = None
    extra: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    work: list[str] = field(default_factory=list)
    place: OnMap | None = None

    def keep(self, title: str, value: str) -> None:
        """Keep a value that has no place of its own under its title; another one of the same title gets a number."""
        said, name, number = value[:EXTRA], title[:EXTRA_TITLE].strip(), 1
        while self.extra.get(name, said) != said:
            number += 1
            name = f"{title[: EXTRA_TITLE - 4].strip()} {number}"
        if name not in self.extra and len(self.extra) >= MOST_EXTRA:
            self.warn(_("only the first %(most)d further values were kept") % {"most": MOST_EXTRA})
            return
        self.extra[name] = said
        if len(value) > EXTRA:
            self.warn(
                _("“%(title)s” is longer than %(most)d characters; the rest was left out")
                % {"title": name, "most": EXTRA}
            )

    def add_note(self, text: str) -> None:
        """Keep a note, below those there are."""
        whole = "\n".join(filter(None, (self.note, text)))
        self.note = whole[:NOTE]
        if len(whole) > NOTE:
            self.warn(_("the note is longer than %(most)d characters; the rest was left out") % {"most": NOTE})

    def warn(self, words: str) -> None:
        """Say once what was mended or left out."""
        if words not in self.warnings:
            self.warnings.append(words)


def plain(record: Record) -> dict:
    """A record as dictionaries, lists and plain values: `dataclasses.asdict` without its deep copies."""
    return {name: _plain(getattr(record, name)) for name in record.__slots__}


def _plain(value):
    if isinstance(value, list):
        return [_plain(one) for one in value]
    slots = getattr(value, "__slots__", None)
    return {name: getattr(value, name) for name in slots} if slots else value


def digest(record: Record) -> str:
    """The same for two records that say the same, wherever they stand."""
    said = plain(record) | {"where": "", "warnings": []}
    del said["work"]  # stands in `extra`
    place = said.pop("place")
    if place:  # a newer version of an object that says the same says the same
        said["place"] = {name: value for name, value in place.items() if name != "version"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()


@dataclass(slots=True)
class Rejected:
    """One card, line or row that could not become a record: where it stands, why in the user's words, its raw text."""

    where: str
    reason: str
    raw: str = ""


@dataclass(slots=True)
class OutOfScope:
    """`count` rows ruled out by profession, distance or deactivation; counted, never staged."""

    count: int


@dataclass(slots=True)
class AboutFile:
    """What the user is told of a file as a whole, in a sentence; nothing of it is counted or staged."""

    words: str


Item = Record | Rejected | OutOfScope | AboutFile


class Unreadable(Exception):
    """A file that cannot be read at all; the message is one sentence for the user that names the remedy."""
