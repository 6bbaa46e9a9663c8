"""Together so far: everything that happened with a connection, newest first; where its values came from; its office."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.network.history import History
from kneadwork.network.models import Connection, Gift, Provenance, Stream, Touch

#: How many entries a page shows before it is asked for all, and how many there are at most.
FEW, MOST = 12, 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, what, and words."""

    on: date
    what: str
    words: str = ""


#: A moment, and the file and line or the hand from which something came.
Arrival = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Source:
    """One value of a connection and where it came from."""

    field: str
    value: str
    origin: str
    noted_at: datetime


def entries(
    history: History,
    *,
    verdicts: bool,
    gifts: Sequence[Gift],
    sent: Sequence = (),
    asks: Sequence = (),
    arrivals: Iterable[Arrival] = (),
    limit: int = FEW,
) -> tuple[list[Entry], bool]:
    """Touches, insights, promises, rests, imports; and what is given of verdicts, gifts, referrals (`sent`) and asks.

    At most `limit`, the newest first, and whether there are earlier ones. What `history` holds is not asked for again.
    """
    here = history.connection
    found = [Entry(timezone.localtime(here.added_at).date(), _("Came into your network"), here.how_known)]
    newest = limit + 1
    channels = {key: str(label) for key, label in Touch.Channel.choices}  # once for all touches
    found += [_touched(t, channels[t.channel]) for t in islice(reversed(history.touches), newest)]
    found += [Entry(g.on, f"{_('Given')}: {g.get_form_display()}", _given_words(g)) for g in gifts[-newest:]]
    found += [Entry(i.on, _("Learned"), i.words) for i in history.insights[-newest:]]
    found += [
        Entry(v.on, f"{_('Would you send your mother?')} {v.get_answer_display()}", v.reason)
        for v in (history.verdicts[-newest:] if verdicts else ())
    ]
    found += [Entry(r.since, _("Left in peace"), r.reason) for r in history.rests[-newest:]]
    kept = sorted((p.kept_on, p.words) for p in history.kept_promises if p.kept_on)
    found += [Entry(on, _("Promise kept"), words) for on, words in kept[-newest:]] + _imports(arrivals)
    found += _sent(sent[-newest:]) + [Entry(a.on, _("Asked"), a.get_answer_display()) for a in asks[-newest:]]
    found.sort(key=lambda e: e.on, reverse=True)
    return found[:limit], len(found) > limit


def _given_words(gift: Gift) -> str:
    return "\n".join(part for part in (gift.person, gift.words) if part)


def _touched(touch: Touch, channel: str) -> Entry:
    who = _("from them") if touch.from_them else _("from you")
    missed = "" if touch.answered else " · " + _("not answered")
    return Entry(touch.on, f"{channel}, {who}{missed}", touch.words)


def _imports(arrivals: Iterable[Arrival]) -> list[Entry]:
    """One entry per day and origin."""
    days = dict.fromkeys((timezone.localtime(at).date(), origin) for at, origin in arrivals)
    return [Entry(day, _("Something came in"), origin) for day, origin in days]


def arrivals(connection: Connection, limit: int = MOST) -> list[Arrival]:
    """When something came in and from where, the newest first: one query. Its words may name a file of clients."""
    rows = Provenance.objects.filter(connection=connection).order_by("-noted_at", "origin")
    return list(rows.values_list("noted_at", "origin").distinct()[:limit])


def _sent(sent: Sequence) -> list[Entry]:
    unsure = _("The file did not say when; this is the day on which it came in.")
    words = [r.words if r.day_known else f"{r.words}\n{unsure}".strip() for r in sent]
    return [Entry(r.on, _("Sent %(person)s") % {"person": r.person}, w) for r, w in zip(sent, words, strict=True)]


def where_from(connection: Connection, *, named: bool, limit: int = 500) -> list[Source]:
    """Where each value came from, the newest first: one query.

    `named` False for members who may not see clients: a file's name may say that somebody is one.
    """
    rows = Provenance.objects.filter(connection=connection).order_by("-noted_at", "field")[:limit]
    return [Source(_called(r.field), r.value, r.origin if named else _("brought in"), r.noted_at) for r in rows]


def _called(field: str) -> str:
    """A field as people call it; an unknown one by its own name, readable."""
    names = {
        "name": _("Name"), "npi": _("Registry number"), "phone": _("Telephone"), "email": _("E-mail"), "fax": _("Fax"),
        "url": _("Website"), "address": _("Address"), "organisation": _("Organisation"), "title": _("Title"),
        "profession": _("Profession"), "professions": _("Professions"), "credentials": _("Credentials"),
        "note": _("Note"), "stream": _("Stream"), "tag": _("Tag"), "met_through": _("Met through"),
        "nickname": _("Called"), "place": _("Place"), "office_key": _("Office"), "direct": _("Secure address"),
        "given": _("Given name"), "middle": _("Middle name"), "family": _("Family name"), "prefix": _("Before the name"),
        "suffix": _("Behind the name"), "other_name": _("Also called"),
    }  # fmt: skip
    return names.get(field) or field.replace("_", " ").capitalize()


def colleagues(connection: Connection) -> list[Connection]:
    """The others of the same office."""
    if not connection.office_key:
        return []
    others = Connection.objects.filter(office_key=connection.office_key).exclude(pk=connection.pk)
    return list(others.exclude(stream=Stream.CLIENTS).order_by("name")[:20])
