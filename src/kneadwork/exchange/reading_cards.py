"""Reading a card as a job: the one place that calls the reader of cards, so that nothing else knows how it reads.

Where it finds nothing no reading is kept, and whoever decides about the card types what stands on it.
"""

from __future__ import annotations

import base64

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import jobs, storage
from kneadwork.common.models import Job
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange.normal import clean
from kneadwork.exchange.readers.card.reading import DOUBTFUL
from kneadwork.network import cards
from kneadwork.network.models import Card, CardReading
from kneadwork.practice.models import Practice
from kneadwork.practice.setting_up import today

#: Our fields, and what the reader calls them.
ONE = {
    "name": "name",
    "credentials": "credentials",
    "organisation": "organisation",
    "title": "title",
    "address": "address",
}
MANY = {"phone": "phones", "email": "emails", "url": "urls"}


def ask(card: Card, *, by=None) -> None:
    """Have a card read in the background, in the caller's transaction."""
    jobs.ask("card.read", by=by, card=card.pk)


def ask_once(card: Card, *, by=None) -> None:
    """The same for a card that may have come before: one that was asked for is not asked for again."""
    if not Job.objects.filter(kind="card.read", arguments__card=card.pk).exists():
        ask(card, by=by)


@jobs.kind("card.read")
def read_card(running: jobs.Running, card: int) -> dict:
    """Read one card's code and pictures; run again, it finds the reading there. A card that is gone by now is nothing to read."""
    running.progress(0)
    with acting_in(running.practice_id):
        found = Card.objects.select_related("front", "back").filter(pk=card).first()
        if found is None or CardReading.objects.filter(card=found).exists():
            return {"read": False}
        sides = [_bytes(found.front), _bytes(found.back)]
        code = found.code
    made = read(sides, code)
    fields = {} if made is None else _fields(made)
    if not fields:
        return {"read": False}
    with acting_in(running.practice_id):
        running.progress(1, 1)
        if Card.objects.filter(pk=card).exists() and not CardReading.objects.filter(card=card).exists():
            CardReading(card_id=card, fields=fields, codes=made.codes, at=timezone.now()).save()
    return {"read": True}


def read(sides: list[bytes | None], code: str):
    """What the reader makes of front and back and of a code that the phone read itself; None where there is none of them."""
    from kneadwork.exchange.readers.card import reading

    front, back = sides
    pictures = (front, back) if front else (back, None)
    made = reading.read(*pictures) if pictures[0] else None
    if code:
        told = reading.read_code(code)
        return told if made is None or not told.is_empty else made
    return made


def _bytes(attachment) -> bytes | None:
    return storage.read(attachment) if attachment else None


def _fields(made) -> dict[str, list[dict]]:
    """The reading as it is kept; beside a value that is not sure the piece of the picture from which it came."""
    said = made.fields
    if said.name and said.credentials:
        said.name.value = f"{said.name.value}, {said.credentials.value}"
    found = {ours: [getattr(said, theirs)] for ours, theirs in ONE.items() if getattr(said, theirs)}
    found |= {ours: getattr(said, theirs) for ours, theirs in MANY.items() if getattr(said, theirs)}
    kept = {name: [_kept(made, one) for one in values] for name, values in found.items()}
    further = {"note": made.note, "other_name": said.other_name}
    return kept | {name: [{"text": clean(text, 2000), "confidence": 1.0}] for name, text in further.items() if text}


def _kept(made, value) -> dict:
    from kneadwork.exchange.readers.card import picture

    whole = made.pictures.get(value.box.side) if value.box else None
    piece = picture.crop(whole, value.box) if whole and value.confidence < DOUBTFUL else b""
    return {
        "text": clean(value.value, 300), "kind": value.kind, "confidence": round(value.confidence, 3),
        "piece": base64.b64encode(piece).decode(),
    }  # fmt: skip


def piece_of(reading: CardReading, field: str) -> bytes:
    """The piece of the picture from which a doubtful field was read, as JPEG; empty where there is none."""
    values = reading.fields.get(field) or [{}]
    return base64.b64decode(values[0].get("piece", ""))


def doubtful(reading: CardReading | None) -> dict[str, dict]:
    """The fields that need a look: field → the value that was read, where it is not sure."""
    fields = reading.fields if reading else {}
    return {name: values[0] for name, values in fields.items() if values and values[0]["confidence"] < DOUBTFUL}


def not_read() -> str:
    """What is said of a card that nobody has read."""
    return _("Not read by itself. Type what stands on it, as much as you like.")


def forget_let_go() -> int:
    """Forget the cards that were let go thirty days ago, practice by practice; answers how many. Opens its own scopes."""
    gone = 0
    for practice in Practice.objects.all():
        with acting_in(practice.pk):
            gone += cards.forget(today(practice))
    return gone
