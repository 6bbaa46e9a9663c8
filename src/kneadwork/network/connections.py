"""Connections by hand: add, edit in place, put in another stream, tag, remove and bring back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.models import Act
from kneadwork.facts import credentials as known_credentials
from kneadwork.facts.professions import stream_of
from kneadwork.facts.zips import place_of_zip
from kneadwork.network import hours
from kneadwork.network.addresses import Postal
from kneadwork.network.models import Address, Connection, ContactPoint, Place, Stream, Tag
from kneadwork.network.naming import NAME_PARTS, name_parts, renamed
from kneadwork.practice.models import Member

EDITABLE = (
    "name", "given", "middle", "family", "prefix", "suffix", "credentials", "nickname", "organisation", "title",
    "profession", "note", "how_known", "met_through",
)  # fmt: skip
#: Ways to reach somebody that a hand may add.
BY_HAND = ("phone", "email", "url", "fax")


class ConnectionRefused(Exception):
    """A refusal about a connection, in words for the user."""


def add(
    name: str, *, phones: Sequence[str] = (), emails: Sequence[str] = (), address: dict | None = None,
    by: Member | None = None, by_name: str = "", **more,
) -> Connection:  # fmt: skip
    """Make one connection by hand, with what `unsaved` takes, telephones, e-mails and a postal address."""
    connection = unsaved(name, **more)
    with acts.act("add", connection.name, by=by, by_name=by_name):
        connection.save()
        for value in phones:
            add_contact(connection, "phone", value, by=by)
        for value in emails:
            add_contact(connection, "email", value, by=by)
        if address:
            add_address(connection, by=by, **address)
    return connection


def unsaved(
    name: str, *, stream: str = "", profession: str = "", kind: str = "person", credentials: str = "", **more
) -> Connection:
    """A connection as a hand or a program describes it, not saved yet; refused without a name.

    The stream is the one given, else that of the profession, else personal. Where they are not given, the credentials of
    a person say them ("Amara Lindqvist, DC"); of somebody in another stream than the medical one they say nothing.
    """
    name = " ".join(name.split())[:200]
    if not name:
        raise ConnectionRefused(_("A connection needs a name."))
    if stream and stream not in Stream.values:
        raise ConnectionRefused(_("Choose one of the four streams."))
    parts = name_parts(name) if kind == "person" else {}
    credentials = credentials or parts.get("credentials", "")
    if kind == "person" and stream in ("", Stream.MEDICAL) and not profession:
        found = known_credentials.behind(name) | known_credentials.among([credentials])
        profession = known_credentials.profession_of(found)
        stream = stream or (Stream.MEDICAL if known_credentials.are_medical(found) and not profession else "")
    return Connection(
        name=name, kind=kind, stream=stream or stream_of(profession) or Stream.PERSONAL, profession=profession,
        professions=[profession] if profession else [], added_at=timezone.now(),
        **parts | {"credentials": credentials} | more,
    )  # fmt: skip


def refuse_unusable(kind: str, value: str) -> None:
    """Refuse a telephone or e-mail by which nobody can be reached, in words for the user."""
    if kind in ("phone", "fax") and sum(c.isdigit() for c in value) < 7:
        raise ConnectionRefused(
            _("“%(value)s” is no telephone number: it needs seven digits at least.") % {"value": value[:100]}
        )
    if kind == "email":
        try:
            validate_email(value)
        except ValidationError:
            usable = False
        else:  # the standard allows these within quotation marks; in a mail program they make two addresses of one
            usable = not any(c in ',;<>"' or c.isspace() for c in value)
        if not usable:
            raise ConnectionRefused(
                _("“%(value)s” is no e-mail address. It looks like pat@example.com.") % {"value": value[:100]}
            )


def contact_point(connection: Connection, kind: str, value: str, *, preferred: bool, label: str = "") -> ContactPoint:
    """A telephone, e-mail or web address, not saved yet; refused where nobody can be reached by it."""
    value = value.strip()
    refuse_unusable(kind, value)
    return ContactPoint(
        connection=connection, kind=kind, value=value[:400], normal=normal_of(kind, value)[:400], label=label,
        preferred=preferred,
    )  # fmt: skip


def add_contact(connection: Connection, kind: str, value: str, *, by: Member | None = None, label: str = "") -> None:
    """Keep one more telephone, e-mail or web address, unless it is known."""
    have = ContactPoint.objects.filter(connection=connection, kind=kind)
    if not value.strip() or have.filter(normal=normal_of(kind, value)[:400]).exists():
        return
    point = contact_point(connection, kind, value, label=label, preferred=not have.exists())
    with acts.act("edit", connection.name, by=by):
        point.save()


def correct_contact(point: ContactPoint, value: str, *, by: Member) -> Act | None:
    """Write a telephone, an e-mail or a web address as it is right; what it is and where it stands remain."""
    right = contact_point(point.connection, point.kind, value, preferred=point.preferred)
    if not right.value:
        raise ConnectionRefused(_("Type what is right, or remove it."))
    others = ContactPoint.objects.filter(connection=point.connection_id, kind=point.kind).exclude(pk=point.pk)
    if others.filter(normal=right.normal).exists():
        raise ConnectionRefused(_("“%(value)s” stands there already.") % {"value": right.value})
    with acts.act("edit", point.connection.name, by=by) as doing:
        point.value, point.normal = right.value, right.normal
        point.save()
    return doing.saved


def remove_contact(point: ContactPoint, *, by: Member) -> Act | None:
    """Forget a telephone, an e-mail or a web address; the next of its kind becomes the preferred one."""
    with acts.act("edit", point.connection.name, by=by) as doing:
        acts.remove_all([point])
        _prefer_one(ContactPoint.objects.filter(connection=point.connection_id, kind=point.kind), point)
    return doing.saved


def remove_address(address: Address, *, by: Member) -> Act | None:
    """Forget a postal address; the next one becomes the preferred one, and the place is found from it."""
    here = address.connection
    with acts.act("edit", here.name, by=by) as doing:
        acts.remove_all([address])
        heir = _prefer_one(Address.objects.filter(connection=here), address)
        if address.preferred:
            find_place(here, heir)
    return doing.saved


def _prefer_one(left: QuerySet, gone: ContactPoint | Address):
    """Another one preferred in the place of one that is gone; None where none is left or none was needed."""
    heir = left.order_by("pk").first() if gone.preferred else None
    if heir is not None:
        heir.preferred = True
        heir.save()
    return heir


def set_contacts(connection: Connection, kind: str, values: Iterable[str], *, by: Member) -> None:
    """Make these all the contacts of one kind: others are forgotten, new ones kept, those known stay as they are."""
    wanted = [v for v in values if v.strip()]
    normals = {normal_of(kind, v) for v in wanted}
    with acts.act("edit", connection.name, by=by):
        for point in ContactPoint.objects.filter(connection=connection, kind=kind).exclude(normal__in=normals):
            remove_contact(point, by=by)
        for value in wanted:
            add_contact(connection, kind, value, by=by)


def set_tags(connection: Connection, names: Iterable[str], *, by: Member) -> None:
    """Make these all the tags of a connection."""
    wanted = {" ".join(n.split())[:60] for n in names} - {""}
    have = set(connection.tags.values_list("name", flat=True))
    with acts.act("edit", connection.name, by=by):
        for name in sorted(have - wanted):
            untag([connection], name, by=by)
        for name in sorted(wanted - have):
            tag([connection], name, by=by)


def set_hours(connection: Connection, text: str, *, by: Member) -> Act | None:
    """Write when they are open, as the map writes it ("Mo-Fr 09:00-17:00"); "" goes back to what the map says."""
    text = " ".join(text.split())
    if text and (len(text) > 400 or not hours.is_readable(text)):
        raise ConnectionRefused(
            _("“%(text)s” are no hours. Write them like Mo-Fr 09:00-17:00; Sa 10:00-14:00.") % {"text": text[:60]}
        )
    written = Place.objects.filter(connection=connection, osm="").first()
    with acts.act("edit", connection.name, by=by) as doing:
        if not text:
            acts.remove_all([written] if written else [])
        elif written is None:
            Place(connection=connection, hours=text, noted_at=timezone.now()).save()
        elif written.hours != text:
            written.hours, written.noted_at = text, timezone.now()
            written.save()
    return doing.saved


def normal_of(kind: str, value: str) -> str:
    """What is compared: E.164 for telephones where possible, small letters for the rest."""
    if kind in ("phone", "fax"):
        import phonenumbers

        try:
            number = phonenumbers.parse(value, "US")
        except phonenumbers.NumberParseException:
            return "".join(c for c in value if c.isdigit())
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return value.strip().casefold()


def add_address(connection: Connection, *, by: Member | None = None, **parts: str) -> Address:
    """Keep a postal address; the first one stands on letters, and the connection's place is found from it."""
    with acts.act("edit", connection.name, by=by):
        first = not Address.objects.filter(connection=connection).exists()
        address = Address(connection=connection, preferred=first, **parts)
        address.save()
        if first:
            find_place(connection, address)
    return address


def correct_address(address: Address, *, by: Member, **parts: str) -> Act | None:
    """Write a postal address as it is right; where it is the one for letters, the place is found anew."""
    with acts.act("edit", address.connection.name, by=by) as doing:
        for name, value in parts.items():
            setattr(address, name, value)
        address.save()
        if address.preferred:
            find_place(address.connection, address)
    return doing.saved


def find_place(connection: Connection, address: Address | None) -> None:
    """Keep the connection's place as its address says."""
    set_place(connection, address)
    connection.save()


def set_place(connection: Connection, *addresses: Postal | None) -> None:
    """The place from the first of these addresses that has one: rough where only a wider area is known, none where nothing
    is. Not saved yet."""
    given = (place_of_zip(a.postal, a.city, a.region, a.country) for a in addresses if a is not None)
    place = next(filter(None, given), None)
    connection.latitude, connection.longitude = (place.lat, place.lon) if place else (None, None)
    connection.place_rough = bool(place and place.rough)


def edit(connection: Connection, values: dict[str, str], *, by: Member) -> Connection:
    """Set values of a connection, by the names in EDITABLE; others are refused.

    With a person's name its parts change, so that a letter greets whom it is addressed to; those sent along stand.
    """
    was = {part: getattr(connection, part) for part in ("name", *NAME_PARTS)}
    with acts.act("edit", connection.name, by=by):
        for name, value in values.items():
            if name not in EDITABLE:
                raise ConnectionRefused(_("“%(name)s” cannot be edited here.") % {"name": name})
            setattr(connection, name, value)
        if not connection.name.strip():
            raise ConnectionRefused(_("A connection needs a name."))
        if connection.kind == "person" and connection.name != was["name"]:
            parts = renamed({part: was[part] for part in NAME_PARTS}, was["name"], connection.name)
            for part, value in parts.items():
                if values.get(part, was[part]) == was[part]:
                    setattr(connection, part, value)
        if "profession" in values:
            connection.professions = [values["profession"]] if values["profession"] else []
        connection.save()
    return connection


def put_in_stream(connections: Iterable[Connection], stream: str, *, by: Member) -> Act | None:
    """Move connections into a stream; answers the act, which can be undone."""
    chosen = list(connections)
    summary = _("%(count)d to %(stream)s") % {"count": len(chosen), "stream": Stream(stream).label}
    with acts.act("stream", summary, by=by) as doing:
        acts.set_all(chosen, stream=stream)
    return doing.saved


def tag(connections: Iterable[Connection], name: str, *, by: Member) -> Act | None:
    """Give connections a tag; answers the act, which can be undone."""
    name = " ".join(name.split())[:60]
    if not name:
        raise ConnectionRefused(_("A tag needs a word."))
    chosen = list(connections)
    with acts.act("tag", name, by=by) as doing:
        have = set(Tag.objects.filter(name=name).values_list("connection_id", flat=True))
        acts.add_all([Tag(connection=c, name=name) for c in chosen if c.pk not in have])
    return doing.saved


def untag(connections: Iterable[Connection], name: str, *, by: Member) -> Act | None:
    """Take a tag away from connections."""
    with acts.act("untag", name, by=by) as doing:
        acts.remove_all(list(Tag.objects.filter(name=name, connection__in=list(connections))))
    return doing.saved


def remove(connections: Iterable[Connection], *, by: Member) -> Act | None:
    """Delete connections with all that is known of them; for thirty days the act can be undone.

    One whose wish not to be written to is recorded stays: the wish would be lost with it.
    """
    chosen = list(connections)
    if any(c.stops.exists() for c in chosen):
        raise ConnectionRefused(
            _("Somebody here asked never to be written to. That wish must be kept, so this page stays.")
        )
    summary = chosen[0].name if len(chosen) == 1 else _("%(count)d connections") % {"count": len(chosen)}
    with acts.act("remove", summary, by=by) as doing:
        acts.remove_all(chosen)
    return doing.saved


def removed(days: int = 30) -> list[Act]:
    """Removals of the last days that were not brought back, newest first."""
    since = timezone.now() - timedelta(days=days)
    return list(Act.objects.filter(kind="remove", at__gte=since, undone_by=None).order_by("-at")[:200])
