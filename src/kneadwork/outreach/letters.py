"""Letters: chosen connections, a template, one letter per office, one PDF; posted letters become touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts, storage
from kneadwork.common.models import Act
from kneadwork.facts.professions import LABELS
from kneadwork.facts.zips import MILE_M, metres
from kneadwork.network import touching
from kneadwork.network.models import Address, Connection, Stop, Stream, Touch
from kneadwork.outreach import delivery, letter_text
from kneadwork.outreach.models import Letter, LetterBatch, LetterTemplate
from kneadwork.outreach.salutation import salutation
from kneadwork.outreach.typesetting import LetterSheet, Sender
from kneadwork.practice.models import Member, Practice


class LettersRefused(Exception):
    """No letters can be made, in words for the user."""


@lru_cache(maxsize=1)
def shipped() -> dict[str, dict]:
    """The templates that come with Kneadwork."""
    return yaml.safe_load(files("kneadwork.outreach").joinpath("data/letter_templates.yaml").read_text("utf-8"))[
        "templates"
    ]


#: The template for a connection whose next step names none.
BY_STREAM = {"medical": "first_medical", "business": "first_business", "personal": "hello", "clients": "note_to_client"}


def templates_for(connections: Sequence[Connection]) -> dict[int, str]:
    """The template that suits each connection: that of its stream, a gentler one after a letter without answer."""
    ids = [c.pk for c in connections]
    letters = Touch.objects.filter(connection__in=ids, from_them=False, channel__in=("letter", "email"))
    wrote = set(letters.values_list("connection_id", flat=True))
    heard = set(Touch.objects.filter(connection__in=ids, from_them=True).values_list("connection_id", flat=True))
    return {
        c.pk: ("stay_in_touch" if c.pk in heard else "after_letter")
        if c.pk in wrote and c.stream in (Stream.MEDICAL, Stream.BUSINESS)
        else BY_STREAM[c.stream]
        for c in connections
    }


def keep_text(key: str, text: str, *, by: Member) -> None:
    """Keep the practice's own text of a template; the shipped text itself needs no keeping."""
    faults = letter_text.problems(text)
    if faults:
        raise LettersRefused(faults[0].message)
    if key not in shipped():
        raise LettersRefused(_("There is no template “%(key)s”.") % {"key": key[:40]})
    with acts.act("template", shipped()[key]["name"], by=by):
        own = LetterTemplate.objects.filter(key=key).first()
        if text.split() == shipped()[key]["text"].split():
            acts.remove_all([own] if own else [])
            return
        own = own or LetterTemplate(key=key, name=shipped()[key]["name"])
        own.text = text.strip()
        own.save()


def has_own_text(key: str) -> bool:
    """Whether the practice keeps a text of its own."""
    return LetterTemplate.objects.filter(key=key).exists()


def original_text(key: str, *, by: Member) -> None:
    """Go back to the shipped text of a template."""
    keep_text(key, shipped()[key]["text"], by=by)


def template_text(key: str) -> str:
    """The practice's own text of a template, else the shipped one."""
    own = LetterTemplate.objects.filter(key=key).first()
    if own is None and key not in shipped():
        raise LettersRefused(_("There is no template “%(key)s”.") % {"key": key[:40]})
    return own.text if own else shipped()[key]["text"]


@dataclass(frozen=True, slots=True)
class Office:
    """Who gets one letter: the people at one desk, and its address."""

    people: tuple[Connection, ...]
    address: Address


def offices(connections: Sequence[Connection]) -> tuple[list[Office], list[tuple[Connection, str]]]:
    """One office per letter, and those left out with the reason (a stop, no address)."""
    ids = [c.pk for c in connections]
    stopped = set(Stop.objects.filter(connection__in=ids).values_list("connection_id", flat=True))
    rows = Address.objects.filter(connection__in=ids).exclude(line1="").order_by("preferred", "-id")
    addresses = {a.connection_id: a for a in rows}
    grouped: dict[str, list[Connection]] = {}
    left_out = []
    for c in sorted(connections, key=lambda c: (c.name.casefold(), c.pk)):
        if c.pk in stopped:
            left_out.append((c, _("asked not to be written to")))
        elif c.pk not in addresses:
            left_out.append((c, _("no postal address")))
        else:
            grouped.setdefault(c.office_key or str(c.pk), []).append(c)
    return [Office(tuple(p), addresses[p[0].pk]) for p in grouped.values()], left_out


def by_template(desks: Sequence[Office], key: str = "") -> dict[str, list[Office]]:
    """The offices that get each template; with a key all get that one."""
    suits = {} if key else templates_for([desk.people[0] for desk in desks])
    grouped: dict[str, list[Office]] = {}
    for desk in desks:
        grouped.setdefault(key or suits[desk.people[0].pk], []).append(desk)
    return grouped


def prepare(
    connections: Sequence[Connection], text: str | None = None, *, template: str = "", texts: dict[str, str] | None = None,
    practice: Practice, by: Member | None = None, by_name: str = "", envelope: str = "window",
) -> LetterBatch:  # fmt: skip
    """Write the letters of a batch; refuses a text with problems, or when nobody can get one.

    template: the same for all, else each office gets the one that suits it; texts: edited texts by template.
    """
    desks, _left = offices(connections)
    groups = by_template(desks, template)
    said = {key: (texts or {}).get(key) or text or template_text(key) for key in groups}
    faults = [fault for words in said.values() for fault in letter_text.problems(words)]
    if faults:
        raise LettersRefused(faults[0].message)
    if not desks:
        raise LettersRefused(
            _("Nobody here can get a letter: an address is missing, or they asked not to be written to.")
        )
    with acts.act("letters", _("%(count)d letters") % {"count": len(desks)}, by=by, by_name=by_name):
        only = next(iter(said)) if len(said) == 1 else ""
        batch = LetterBatch(
            template=only[:60], made_at=timezone.now(), made_by=by, envelope=envelope, text=said.get(only, "")
        )
        batch.save()
        rows = []
        for key, group in groups.items():
            for desk in group:
                body, greeting = letter_text.fill(said[key], values(desk, practice, by)), salutation(desk.people)
                rows += [Letter(connection=p, batch=batch, salutation=greeting, body=body) for p in desk.people]
        delivery.release_all("letter", [row.connection for row in rows], purpose="outreach", by=by)
        acts.add_all(rows)
    return batch


def filled(text: str, connection: Connection, practice: Practice, by: Member | None) -> str:
    """A text for one connection alone, with or without a postal address."""
    address = connection.addresss.order_by("-preferred", "pk").first() or Address(connection=connection)
    return letter_text.fill(text, values(Office((connection,), address), practice, by)).strip()


def _how_far(distance_m: float, practice: Practice) -> str:
    """Where the practice is, seen from them: close, some miles away, or, further than anybody drives, its town."""
    if distance_m < 1.5 * MILE_M:
        return _("close to you")
    if distance_m > 50 * MILE_M:
        return _("in %(city)s") % {"city": practice.city} if practice.city else ""
    if practice.unit == "km":
        return _("about %(n)d kilometres from you") % {"n": round(distance_m / 1000)}
    return _("about %(n)d miles from you") % {"n": round(distance_m / MILE_M)}


def values(desk: Office, practice: Practice, by: Member | None) -> dict[str, str]:
    """What the words in braces become for one office."""
    first = desk.people[0]
    far = ""
    if practice.place and first.latitude is not None and first.longitude is not None:
        far = _how_far(metres(*practice.place, first.latitude, first.longitude), practice)
    return {
        "name": first.name, "organisation": first.organisation or first.name, "city": desk.address.city,
        "profession": str(LABELS.get(first.profession, "")), "distance": far or _("nearby"),
        "therapist": by.name if by else practice.name, "practice": practice.name,
        "directions": practice.directions or " · ".join(filter(None, (practice.phone, practice.email))),
        "philosophy": practice.philosophy, "ideal_client": practice.ideal_client,
    }  # fmt: skip


def pdf(batch: LetterBatch, practice: Practice, *, on: date) -> bytes:
    """The batch as one tagged PDF; a stop said since it was written keeps that letter out."""
    written = {letter.connection_id: letter for letter in batch.letters.all()}
    desks = _desks_now(batch)
    sheets = []
    for desk in desks:
        letter = written[desk.people[0].pk]
        sheets.append(LetterSheet(_address_lines(desk), letter.salutation, letter_text.paragraphs(letter.body)))
    if not sheets:
        raise LettersRefused(_("No letter of these may go out any more."))
    return delivery.letters_pdf(
        sheets, sender=sender(practice, batch.made_by, on), envelope=batch.envelope, signature=_signature(batch.made_by),
        title=_("Letters of %(practice)s") % {"practice": practice.name}, language=practice.language[:2],
    )  # fmt: skip


def _address_lines(desk: Office) -> tuple[str, ...]:
    first = desk.people[0]
    names = [first.name if len(desk.people) == 1 else first.organisation or first.name]
    if len(desk.people) == 1 and first.organisation and first.organisation != first.name:
        names.append(first.organisation)
    return tuple(names + desk.address.lines())


def sender(practice: Practice, member: Member | None, on: date) -> Sender:
    """Who writes."""
    place = " ".join(filter(None, (practice.city, practice.region, practice.postal)))
    lines = (practice.name, practice.line1, practice.line2, place, practice.phone, practice.website)
    name = member.name if member else practice.name
    written = formats.date_format(on, "j F Y")
    return Sender(tuple(line for line in lines if line), name, member.credential if member else "", written)


def _signature(member: Member | None) -> bytes | None:
    return storage.read(member.signature) if member and member.signature else None


def labels(batch: LetterBatch, practice: Practice) -> bytes:
    """The addresses of a batch for a sheet of thirty labels; a stop said since then leaves its label out."""
    desks = _desks_now(batch)
    if not desks:
        raise LettersRefused(_("No letter of these may go out any more."))
    title = _("Labels of %(practice)s") % {"practice": practice.name}
    return delivery.labels_pdf([_address_lines(d) for d in desks], title=title, language=practice.language[:2])


def _desks_now(batch: LetterBatch) -> list[Office]:
    """The offices of a batch but those who said stop since it was written."""
    people = [letter.connection for letter in batch.letters.select_related("connection").order_by("pk")]
    return offices(people)[0]


def posted(batch: LetterBatch, *, on: date, by: Member) -> Act:
    """The letters were posted: each becomes a touch; refuses to do so twice."""
    if batch.posted_on:
        raise LettersRefused(_("These letters were posted already."))
    with acts.act("touch", _("Letters posted"), by=by) as doing:
        people = [x.connection for x in batch.letters.select_related("connection")]
        touching.log_all(people, "letter", on=on, words=_("Letter posted"), step="letter", by=by)
        batch.posted_on = on
        batch.save()
        act = doing.row()
    return act
