"""Reading a card as a job: the one place that calls the reader of cards, so that nothing else knows how it reads.

Where no reader is installed, or it finds nothing, no reading is kept, and whoever decides about the card types what stands on it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import jobs, storage
from kneadwork.common.models import Job
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange.neutral import Record
from kneadwork.exchange.normal import clean
from kneadwork.network import cards
from kneadwork.network.models import Card, CardReading
from kneadwork.practice.models import Practice
from kneadwork.practice.setting_up import today

READER = "kneadwork.exchange.readers.card.reading"
#: The reader's names for its fields, and ours.
FIELDS = {"name": "name", "credentials": "credentials", "organisation": "organisation", "title": "title",
          "phones": "phone", "emails": "email", "urls": "url", "address": "address"}  # fmt: skip
#: Below this a field is shown beside the piece of the picture from which it came.
SURE = 0.85


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
    fields, codes = from_code(found.code), []
    if any(sides):
        seen, codes = from_pictures(sides)
        fields = {name: [*fields.get(name, []), *seen.get(name, [])] for name in {**fields, **seen}}
    if not fields and not codes:
        return {"read": False}
    with acting_in(running.practice_id):
        running.progress(1, 1)
        if Card.objects.filter(pk=card).exists() and not CardReading.objects.filter(card=card).exists():
            CardReading(card_id=card, fields=fields, codes=codes, at=timezone.now()).save()
    return {"read": True}


def _bytes(attachment) -> bytes | None:
    return storage.read(attachment) if attachment else None


def from_pictures(sides: list[bytes | None]) -> tuple[dict[str, list[dict]], list[str]]:
    """What the reader makes of front and back; nothing where there is no reader here."""
    try:
        reader = import_module(READER)
    except ModuleNotFoundError as missing:
        if not READER.startswith(missing.name or "-"):  # a part of the reader is missing: that is a fault
            raise
        return {}, []
    front, back = sides
    result = reader.read(front, back) if front else reader.read(back, None)
    told = result if isinstance(result, dict) else getattr(result, "fields", None)
    found = {}
    for theirs, ours in FIELDS.items():
        given = told.get(theirs) if isinstance(told, dict) else getattr(result, theirs, None)
        values = given if isinstance(given, (list, tuple)) else [given]
        found[ours] = [_value(v, "front" if front else "back") for v in values if v]
    codes = told.get("codes", ()) if isinstance(told, dict) and "codes" in told else getattr(result, "codes", ())
    texts = [clean(str(_of(code, "text") or code), 8000) for code in codes or ()]
    return {name: values for name, values in found.items() if values}, texts


def _value(given: Any, side: str) -> dict:
    """One value of a field as it is kept: its text, how sure, which side, and the box of the picture (left, top, right, bottom)."""
    box = _of(given, "box") or ()
    if box and isinstance(box[0], (list, tuple)):  # four corners
        across, down = [p[0] for p in box], [p[1] for p in box]
        box = (min(across), min(down), max(across), max(down))
    return {
        "text": clean(str(_of(given, "text") or ""), 300), "confidence": float(_of(given, "confidence") or 0),
        "side": _of(given, "side") or side, "box": [int(edge) for edge in box][:4],
    }  # fmt: skip


def _of(given: Any, name: str) -> Any:
    return given.get(name) if isinstance(given, dict) else getattr(given, name, None)


def from_code(text: str) -> dict[str, list[dict]]:
    """What a code says that the phone read at once: a vCard, or a web address; other codes stay as words on the card."""
    said = text.strip()
    if said.upper().startswith("BEGIN:VCARD"):
        from kneadwork.exchange.readers import vcard

        record = next((r for r in vcard.read(said.encode()) if isinstance(r, Record)), None)
        return _told(record) if record else {}
    if said.lower().startswith(("https://", "http://")) and not any(c.isspace() for c in said):
        return {"url": [_sure(said)]}
    return {}


def _told(record: Record) -> dict[str, list[dict]]:
    place = record.addresses[0] if record.addresses else None
    parts = (place.line1, place.line2, place.city, place.region, place.postal) if place else ()
    found = {
        "name": [record.name], "title": [record.title], "organisation": [record.organisation],
        "phone": [p.value for p in record.phones], "email": [e.value for e in record.emails], "url": record.urls,
        "address": [", ".join(filter(None, parts))],
    }  # fmt: skip
    return {name: [_sure(v) for v in values if v] for name, values in found.items() if any(values)}


def _sure(text: str) -> dict:
    return {"text": clean(text, 300), "confidence": 1.0, "side": "code", "box": []}


def doubtful(reading: CardReading | None) -> dict[str, dict]:
    """The fields that need a look: field → the value that was read, where it is not sure."""
    fields = reading.fields if reading else {}
    return {name: values[0] for name, values in fields.items() if values and values[0]["confidence"] < SURE}


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
