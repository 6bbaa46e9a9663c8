"""Letters: chosen connections, a template, one letter per office, one PDF; posted letters become touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kneadwork.common import acts, storage
from kneadwork.common.models import Act
from kneadwork.facts.professions import LABELS
from kneadwork.facts.zips import MILE_M, metres
from kneadwork.network import touching
from kneadwork.network.models import Address, Connection, Retirement, Stream, Touch
from kneadwork.network.stage_rules import had_conversation
from kneadwork.outreach import delivery, glyphs, letter_text
from kneadwork.outreach.models import Letter, LetterBatch, LetterTemplate
from kneadwork.outreach.salutation import salutation
from kneadwork.outreach.typesetting import CannotBeSet, LetterSheet, Sender
from kneadwork.practice.models import Member, Practice
from kneadwork.practice.rights import sees_clients
from kneadwork.referrals.history import TOLD
from kneadwork.referrals.models import Referral

_CANNOT_BE_SET = lazy("The letters could not be set: %(why)s")
#: What one letter takes of the week's minutes, as the playbooks count it.
MINUTES = 8


class LettersRefused(Exception):
    """No letters can be made, in words for the user."""


@lru_cache(maxsize=1)
def shipped() -> dict[str, dict]:
    """The templates that come with Kneadwork."""
    return yaml.safe_load(files("kneadwork.outreach").joinpath("data/letter_templates.yaml").read_text("utf-8"))[
        "templates"
    ]


#: The text for a connection with whom nothing was yet, by stream.
BY_STREAM = {"medical": "first_medical", "business": "first_business", "personal": "hello", "clients": "note_to_client"}
#: The texts of professionals, the most familiar first: an office is written to as its best known member is.
FAMILIAR = ("stay_in_touch", "after_letter")


def templates_for(connections: Sequence[Connection], *, referrals: bool = True) -> dict[int, str]:
    """The template that suits each connection by what was between us.

    A professional who was met, was in touch, or sent somebody (said only where `referrals` may show) is no stranger; one
    who was written to without an answer gets a gentler question; everybody else the first text of their stream.
    """
    ids = [c.pk for c in connections]
    touches: dict[int, list[tuple[str, bool, bool]]] = {pk: [] for pk in ids}
    for pk, *touch in Touch.objects.filter(connection__in=ids).values_list(
        "connection_id", "channel", "from_them", "answered"
    ):
        touches[pk].append(tuple(touch))
    told = Referral.objects.filter(connection__in=ids, origin__in=TOLD)  # of others a file tells, not they
    sent = told.values_list("connection_id", flat=True) if referrals else ()
    known = {pk for pk, had in touches.items() if _no_stranger(had)} | set(sent)
    wrote = {pk for pk, had in touches.items() if any(c in ("letter", "email") and not of for c, of, _a in had)}
    return {c.pk: _template(c.stream, c.pk in known, c.pk in wrote) for c in connections}


def _no_stranger(touches: Sequence[tuple[str, bool, bool]]) -> bool:
    return had_conversation(touches) or any(from_them or channel == "event" for channel, from_them, _a in touches)


def _template(stream: str, known: bool, wrote: bool) -> str:
    if stream not in (Stream.MEDICAL, Stream.BUSINESS) or not (known or wrote):
        return BY_STREAM[stream]
    return "stay_in_touch" if known else "after_letter"


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
    """One office per letter, and those left out with the reason (a stop, no address, gone, not to be printed)."""
    ids = [c.pk for c in connections]
    rows = Address.objects.filter(connection__in=ids).exclude(line1="").order_by("preferred", "-id")
    addresses = {a.connection_id: a for a in rows}
    reasons = _unprintable_people(connections, addresses) | {c.pk: _("no postal address") for c in connections
                                                             if c.pk not in addresses}  # fmt: skip
    for row in Retirement.objects.filter(connection__in=ids):
        reasons[row.connection_id] = _("no longer practises, as the registry says")
    reasons |= dict.fromkeys(delivery.not_to_be_contacted(ids), _("asked not to be written to"))
    grouped: dict[str, list[Connection]] = {}
    left_out = []
    for c in sorted(connections, key=lambda c: (c.name.casefold(), c.pk)):
        if c.pk in reasons:
            left_out.append((c, reasons[c.pk]))
        else:
            grouped.setdefault(c.office_key or str(c.pk), []).append(c)
    return [Office(tuple(p), addresses[p[0].pk]) for p in grouped.values()], left_out


def _unprintable_people(connections: Sequence[Connection], addresses: dict[int, Address]) -> dict[int, str]:
    """Who cannot get a printed letter because of a character in their name or address, and what to do."""
    texts = {
        c.pk: "\n".join([c.name, c.given, c.family, c.organisation, *addresses[c.pk].lines(), addresses[c.pk].city])
        for c in connections if c.pk in addresses
    }  # fmt: skip
    faults = glyphs.unprintable(texts.values())
    words = _("“%(characters)s” cannot be printed: write it in Latin letters on their page, or write by hand")
    return {pk: words % {"characters": faults[text]} for pk, text in texts.items() if text in faults}


def by_template(
    desks: Sequence[Office], key: str = "", *, wanted: Mapping[int, str] | None = None, referrals: bool = True
) -> dict[str, list[Office]]:
    """The offices that get each template; with a key all get that one.

    wanted: the templates that the practice's own playbook names, by connection; they go before what would suit.
    """
    suits = {} if key else templates_for([p for desk in desks for p in desk.people], referrals=referrals)
    grouped: dict[str, list[Office]] = {}
    for desk in desks:
        grouped.setdefault(key or _of_an_office(desk, suits, wanted or {}), []).append(desk)
    return grouped


def _of_an_office(desk: Office, suits: dict[int, str], wanted: Mapping[int, str]) -> str:
    if own := next((wanted[p.pk] for p in desk.people if wanted.get(p.pk) in shipped()), ""):
        return own
    there = {suits[p.pk] for p in desk.people}
    return next((key for key in FAMILIAR if key in there), suits[desk.people[0].pk])


def prepare(
    connections: Sequence[Connection], text: str | None = None, *, template: str = "", texts: dict[str, str] | None = None,
    wanted: Mapping[int, str] | None = None, practice: Practice, by: Member | None = None, by_name: str = "",
    envelope: str = "window",
) -> LetterBatch:  # fmt: skip
    """Write the letters of a batch; refuses a text with problems, or when nobody can get one.

    template: the same for all, else each office gets the one that its playbook names (`wanted`, by connection), else the
    one that suits it; texts: edited texts by template.
    """
    desks, _left = offices(connections)
    groups = by_template(desks, template, wanted=wanted, referrals=sees_clients(by))
    said = {key: (texts or {}).get(key) or text or template_text(key) for key in groups}
    faults = [fault for words in said.values() for fault in letter_text.problems(words)]
    if faults:
        raise LettersRefused(faults[0].message)
    if not desks:
        raise LettersRefused(
            _("Nobody here can get a letter: an address is missing, or they asked not to be written to.")
        )
    only = next(iter(said)) if len(said) == 1 else ""
    batch = LetterBatch(
        template=only[:60], made_at=timezone.now(), made_by=by, envelope=envelope, text=said.get(only, "")
    )
    rows = [
        row for key, group in groups.items() for desk in group for row in _written(desk, said[key], batch, practice)
    ]
    _refuse_unprintable([*{row.body for row in rows}, *_said_by(sender(practice, by, timezone.localdate()))])
    with acts.act("letters", _("%(count)d letters") % {"count": len(desks)}, by=by, by_name=by_name):
        batch.save()
        people, says = [row.connection for row in rows], [f"{row.salutation}\n{row.body}" for row in rows]
        released = delivery.release_all("letter", people, purpose="outreach", says=says, by=by)
        for row, release in zip(rows, released, strict=True):
            row.release = release
        acts.add_all(rows)
    return batch


def _written(desk: Office, text: str, batch: LetterBatch, practice: Practice) -> list[Letter]:
    """One letter for all of an office: a row for each of them."""
    body, greeting = letter_text.fill(text, values(desk, practice, batch.made_by)), salutation(desk.people)
    return [Letter(connection=p, batch=batch, salutation=greeting, body=body) for p in desk.people]


def _refuse_unprintable(texts: Sequence[str]) -> None:
    """Refuse what would stand in every letter and cannot be printed."""
    faults = glyphs.unprintable(texts)
    if faults:
        raise LettersRefused(unprintable_words("".join(dict.fromkeys("".join(faults.values())))))


def unprintable_words(characters: str) -> str:
    """That characters of a text, or of what the practice says of itself, cannot be printed."""
    return _(
        "“%(characters)s” cannot be printed in a letter. Change the text, or what your practice says of itself."
    ) % {"characters": characters[:20]}


def _said_by(who: Sender) -> tuple[str, ...]:
    return (*who.lines, who.name, who.credential)


def filled(text: str, connection: Connection, practice: Practice, by: Member | None) -> str:
    """A text for one connection alone, with or without a postal address."""
    address = connection.addresses.order_by("-preferred", "pk").first() or Address(connection=connection)
    return letter_text.fill(text, values(Office((connection,), address), practice, by)).strip()


def _where(to: Connection, practice: Practice) -> str:
    """Where the practice is, seen from them: how far, where both places are known well enough, else its town."""
    ours, theirs = practice.place, to.place
    if ours and theirs and not to.place_rough and not practice.place_rough:
        distance_m = metres(*ours, *theirs)
        if distance_m <= 50 * MILE_M:
            return _how_far(distance_m, practice)
    return _("in %(city)s") % {"city": practice.city} if practice.city else ""


def _how_far(distance_m: float, practice: Practice) -> str:
    if distance_m < 1.5 * MILE_M:
        return _("close to you")
    if practice.unit == "km":
        return _("about %(n)d kilometres from you") % {"n": round(distance_m / 1000)}
    return _("about %(n)d miles from you") % {"n": round(distance_m / MILE_M)}


def _reach(practice: Practice) -> str:
    """How they reach the practice, as one sentence; "" where neither telephone nor e-mail is known."""
    ways = _(" or ").join(filter(None, (practice.phone, practice.email)))
    return _("You can reach me at %(ways)s.") % {"ways": ways} if ways else ""


def values(desk: Office, practice: Practice, by: Member | None) -> dict[str, str]:
    """What the words in braces become for one office."""
    first = desk.people[0]
    return {
        "name": first.name, "organisation": first.organisation or first.name, "city": desk.address.city,
        "profession": str(LABELS.get(first.profession, "")), "distance": _where(first, practice),
        "therapist": by.name if by else practice.name, "practice": practice.name,
        "reach": _reach(practice),
        "directions": practice.directions or " · ".join(filter(None, (practice.phone, practice.email))),
        "philosophy": practice.philosophy, "ideal_client": practice.ideal_client,
    }  # fmt: skip


def going_out(batch: LetterBatch) -> tuple[list[tuple[Office, tuple[Letter, ...]]], list[tuple[Connection, str]]]:
    """The letters of a batch that go out now, one for each office with the rows of its people, and who is left out since
    it was written, and why.
    """
    written = {x.connection_id: x for x in batch.letters.select_related("connection", "release").order_by("pk")}
    desks, left_out = offices([x.connection for x in written.values()])
    faults = glyphs.unprintable([text for x in written.values() for text in (x.salutation, x.body)])
    going = []
    for desk in desks:
        letters = tuple(written[person.pk] for person in desk.people)
        fault = faults.get(letters[0].salutation) or faults.get(letters[0].body)
        if fault:
            left_out += [(person, unprintable_words(fault)) for person in desk.people]
        else:
            going.append((desk, letters))
    return going, left_out


def _going_out(batch: LetterBatch) -> list[tuple[Office, tuple[Letter, ...]]]:
    going = going_out(batch)[0]
    if not going:
        raise LettersRefused(_("No letter of these may go out any more."))
    return going


def pdf(batch: LetterBatch, practice: Practice, *, on: date) -> bytes:
    """The batch as one tagged PDF; who said stop since it was written, or cannot be printed, is left out."""
    who = sender(practice, batch.made_by, on)
    pieces = [
        _piece(
            letters, LetterSheet(_address_lines(desk), letters[0].salutation, letter_text.paragraphs(letters[0].body))
        )
        for desk, letters in _going_out(batch)
    ]
    _refuse_unprintable(_said_by(who))
    try:
        return delivery.letters_pdf(
            pieces, sender=who, envelope=batch.envelope, signature=_signature(batch.made_by),
            title=_("Letters of %(practice)s") % {"practice": practice.name}, language=practice.language[:2],
        )  # fmt: skip
    except CannotBeSet as fault:
        raise LettersRefused(_CANNOT_BE_SET % {"why": str(fault)[:200]}) from fault


def _piece(letters: Sequence[Letter], content: LetterSheet | tuple[str, ...]) -> delivery.Piece:
    return delivery.Piece(content, tuple(letter.release for letter in letters))


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
    """The addresses of a batch for a sheet of thirty labels, of the same letters as `pdf`."""
    addresses = [_piece(letters, _address_lines(desk)) for desk, letters in _going_out(batch)]
    title = _("Labels of %(practice)s") % {"practice": practice.name}
    _refuse_unprintable([title])
    try:
        return delivery.labels_pdf(addresses, title=title, language=practice.language[:2])
    except CannotBeSet as fault:
        raise LettersRefused(_CANNOT_BE_SET % {"why": str(fault)[:200]}) from fault


def posted(batch: LetterBatch, *, on: date, by: Member) -> Act:
    """The letters that could go out were posted: each becomes a touch, its minutes counted once for an office.

    Refuses to do so twice, also where two say so at the same moment (the batch's row is locked).
    """
    with acts.act("touch", _("Letters posted"), by=by) as doing:
        held = LetterBatch.objects.select_for_update().get(pk=batch.pk)
        if held.posted_on:
            raise LettersRefused(_("These letters were posted already."))
        desks = [desk.people for desk, _letters in _going_out(held)]
        others = [person for people in desks for person in people[1:]]
        for people, minutes in (([people[0] for people in desks], MINUTES), (others, 0)):
            touching.log_all(people, "letter", on=on, words=_("Letter posted"), step="letter", minutes=minutes, by=by)
        batch.posted_on = held.posted_on = on
        held.save()
        act = doing.row()
    return act
