"""What a record would bring to a connection that is known: only what is new; what a hand edited stays."""

from __future__ import annotations

from collections import defaultdict

from kneadwork.exchange.neutral import Record
from kneadwork.network.addresses import address_key
from kneadwork.network.connections import normal_of
from kneadwork.network.models import Address, Client, Connection, ContactPoint, Tag
from kneadwork.network.visits import better
from kneadwork.referrals.models import Referral

#: Filled where empty.
FIELDS = ("given", "middle", "family", "prefix", "suffix", "credentials", "nickname", "organisation", "title",
          "profession", "npi", "met_through")  # fmt: skip


def news(pairs: dict[int, tuple[Connection, Record]], retired: set[int]) -> dict[int, dict]:
    """For each pair, the values that are new: field → value; contacts, addresses and tags as lists; {} where none."""
    ids = sorted({c.pk for c, _r in pairs.values()})
    reach, streets, tags = defaultdict(set), defaultdict(set), defaultdict(set)
    for start in range(0, len(ids), 900):
        chunk = ids[start : start + 900]
        for pk, kind, normal in ContactPoint.objects.filter(connection__in=chunk).values_list(
            "connection_id", "kind", "normal"
        ):
            reach[pk].add((kind, normal))
        for address in Address.objects.filter(connection__in=chunk):
            streets[address.connection_id].add(address_key(address))
        for pk, name in Tag.objects.filter(connection__in=chunk).values_list("connection_id", "name"):
            tags[pk].add(name)
    clients, sent = {}, set()
    for start in range(0, len(ids), 900):
        chunk = {
            c.connection_id: c for c in Client.objects.filter(connection__in=ids[start : start + 900]).order_by("-pk")
        }
        clients |= chunk
        sent |= set(Referral.objects.filter(client__in=chunk.values()).values_list("client_id", flat=True))
    found = {
        key: _news(c, r, reach[c.pk], streets[c.pk], tags[c.pk], clients.get(c.pk), c.pk in retired)
        for key, (c, r) in pairs.items()
    }
    for key, (c, r) in pairs.items():
        client = clients.get(c.pk)
        if r.client is not None and r.referred_by_is_source and (client is None or client.pk not in sent):
            found[key]["referral"] = True
    return found


def _news(c: Connection, r: Record, reach: set, streets: set, tags: set, client, retired: bool) -> dict:
    found: dict = {f: getattr(r, f) for f in FIELDS if getattr(r, f) and not getattr(c, f)}
    if r.note and not c.note:
        found["note"] = r.note
    contacts = [p for p in contact_rows(r) if (p[0], p[2]) not in reach]
    addresses = [i for i, a in enumerate(r.addresses) if address_key(a) not in streets]
    for name, value in (
        ("contacts", contacts),
        ("addresses", addresses),
        ("tags", sorted(set(r.tags) - tags)),
        ("other_names", [n for n in r.other_names if n not in (c.name, *c.other_names)]),
        ("extra", {title: said for title, said in r.extra.items() if title not in c.extra}),
    ):
        if value:
            found[name] = value
    if r.client is not None and (client is None or better(client, r.client) or _number(client, r)):
        found["client"] = True
    if retired and r.npi and not r.retired_on and r.name != r.npi:
        found["alive"] = True
    return found


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
