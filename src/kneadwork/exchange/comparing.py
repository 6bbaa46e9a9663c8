"""What a record would bring to a connection that is known: only what is new; what a hand edited stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kneadwork.exchange import following
from kneadwork.exchange.neutral import Record
from kneadwork.network.addresses import address_key
from kneadwork.network.connections import normal_of
from kneadwork.network.folding import as_said, fold
from kneadwork.network.models import Address, Client, Connection, ContactPoint, Place, Provenance, Tag
from kneadwork.network.visits import better
from kneadwork.referrals.models import Referral

#: Filled where empty.
FIELDS = ("given", "middle", "family", "prefix", "suffix", "credentials", "nickname", "organisation", "title",
          "profession", "npi", "met_through")  # fmt: skip
#: Of these what a file says otherwise is not taken, but said in the preview and kept with where it came from.
SAID_ONCE = ("credentials", "nickname", "organisation", "title", "met_through")


@dataclass(slots=True)
class Parts:
    """What hangs on the connections that are compared."""

    points: dict[int, list[ContactPoint]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[int, list[Address]] = field(default_factory=lambda: defaultdict(list))
    tags: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    clients: dict[int, Client] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    places: dict[int, list[Place]] = field(default_factory=lambda: defaultdict(list))


def parts_of(ids: Iterable[int]) -> Parts:
    """The parts of these connections, in a fixed number of queries for each 900."""
    parts, wanted = Parts(), sorted(set(ids))
    for start in range(0, len(wanted), 900):
        chunk = wanted[start : start + 900]
        for point in ContactPoint.objects.filter(connection__in=chunk).order_by("pk"):
            parts.points[point.connection_id].append(point)
        for address in Address.objects.filter(connection__in=chunk).order_by("pk"):
            parts.addresses[address.connection_id].append(address)
        for place in Place.objects.filter(connection__in=chunk).order_by("pk"):
            parts.places[place.connection_id].append(place)
        for pk, name in Tag.objects.filter(connection__in=chunk).values_list("connection_id", "name"):
            parts.tags[pk].add(name)
        clients = {c.connection_id: c for c in Client.objects.filter(connection__in=chunk).order_by("-pk")}
        parts.clients |= clients
        sent = Referral.objects.filter(client__in=clients.values())
        parts.sent |= set(sent.values_list("client_id", flat=True))
    return parts


def news(pairs: dict[int, tuple[Connection, Record]], retired: set[int], file: str) -> dict[int, dict]:
    """For each pair, the values that are new: field → value; contacts, addresses and tags as lists; {} where none.

    file: the name of the file in which the records stand.
    """
    parts = parts_of(c.pk for c, _r in pairs.values())
    told = following.told_before({c.pk for c, r in pairs.values() if following.of_registry(r) and r.npi == c.npi})
    mapped = following.told_by_map({c.pk for c, r in pairs.values() if r.place})
    found = {}
    for key, (c, r) in pairs.items():
        follow = {}
        if c.pk in told:
            follow = following.followed(c, r, told[c.pk], parts.addresses[c.pk], parts.points[c.pk], file)
        elif r.place and c.pk in mapped:
            follow = following.followed_on_map(
                c, r, mapped[c.pk], parts.places[c.pk], parts.addresses[c.pk], parts.points[c.pk]
            )
        found[key] = _news(c, r, parts, follow, c.pk in retired)
    _drop_said_before(pairs, found)
    return found


def _news(c: Connection, r: Record, parts: Parts, follow: dict, retired: bool) -> dict:
    found: dict = {f: getattr(r, f) for f in FIELDS if getattr(r, f) and not getattr(c, f)}
    if r.note and not c.note:
        found["note"] = r.note
    reach = {(p.kind, p.normal) for p in parts.points[c.pk]}
    streets = {address_key(a) for a in parts.addresses[c.pk]}
    known = (c.professions or [c.profession]) if r.npi else r.professions
    for name, value in (
        ("contacts", [p for p in contact_rows(r) if (p[0], p[2]) not in reach]),
        ("addresses", [i for i, a in enumerate(r.addresses) if address_key(a) not in streets]),
        ("tags", sorted(set(r.tags) - parts.tags[c.pk])),
        ("other_names", _other_names(c, r, follow)),
        ("extra", {title: said for title, said in r.extra.items() if c.extra.get(title) != said}),
        ("professions", [p for p in r.professions if p not in known and p != found.get("profession")]),
        ("note_added", r.note if c.note and r.note not in c.note else ""),
        ("follow", follow),
        ("place", bool(r.place) and following.is_news(r.place, parts.places[c.pk])),
        ("differs", _differing(c, r, follow)),
    ):
        if value:
            found[name] = value
    client = parts.clients.get(c.pk)
    if r.client is not None and (client is None or better(client, r.client) or _number(client, r)):
        found["client"] = True
    if r.client is not None and r.referred_by_is_source and (client is None or client.pk not in parts.sent):
        found["referral"] = True
    if retired and r.npi and not r.retired_on and r.name != r.npi:
        found["alive"] = True
    return found


def _other_names(c: Connection, r: Record, follow: dict) -> list[str]:
    """Names not known yet; the name that gives way to the registry's is one of them from now on."""
    now = follow.get("fields", {}).get("name", c.name)
    known, found = {as_said(n) for n in (now, *c.other_names)}, []
    for name in (c.name, r.name if r.name != r.npi else "", *r.other_names):
        if name and as_said(name) not in known:
            known.add(as_said(name))
            found.append(name)
    return found


def _differing(c: Connection, r: Record, follow: dict) -> dict[str, str]:
    """What the record says otherwise of fields that hold one value and are filled."""
    found = {}
    for name in SAID_ONCE:
        mine, theirs = getattr(c, name), getattr(r, name)
        if mine and theirs and fold(mine) != fold(theirs) and name not in follow.get("fields", {}):
            found[name] = theirs
    return found


def not_taken(value: str) -> str:
    """A value that was said otherwise, as it stands among where the values came from."""
    return _("%(value)s (not taken)") % {"value": value[:360]}


def _drop_said_before(pairs: dict[int, tuple[Connection, Record]], found: dict[int, dict]) -> None:
    """What was said otherwise before and stands among where the values came from is no news."""
    ids = sorted({pairs[key][0].pk for key, new in found.items() if "differs" in new})
    said: set[tuple[int, str, str]] = set()
    for start in range(0, len(ids), 900):
        rows = Provenance.objects.filter(connection__in=ids[start : start + 900], field__in=SAID_ONCE)
        said |= set(rows.values_list("connection_id", "field", "value"))
    for key, new in found.items():
        pk = pairs[key][0].pk
        differs = {f: v for f, v in new.pop("differs", {}).items() if (pk, f, not_taken(v)) not in said}
        if differs:
            new["differs"] = differs


def _number(client: Client, r: Record) -> bool:
    """Whether the client's number was not known."""
    return bool(r.client and r.client.number and not client.number)


def contact_rows(r: Record) -> list[tuple[str, str, str, str]]:
    """(kind, value, normal, label) of each way to reach a record, without repeats."""
    rows = []
    for p in r.phones:
        kind = "fax" if p.kind == "fax" else "phone"
        rows.append((kind, p.value, p.e164 or normal_of(kind, p.value), p.kind))
    rows += [("email", e.value, e.value.casefold(), e.kind) for e in r.emails]
    rows += [("url", u, u.casefold(), "") for u in r.urls]
    rows += [("direct", e, e.casefold(), "") for e in r.endpoints]
    seen: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    for row in rows:
        if row[1]:
            seen.setdefault((row[0], row[2]), row)
    return list(seen.values())
