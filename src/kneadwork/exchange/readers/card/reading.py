"""A card read: its pictures set straight, its codes and its text, and what of them is what.

`read(front, back)` takes the bytes of one or two pictures and touches nothing else: no database, no network. It takes a second or
two of two processors' time and at most some hundred megabytes; call it from a job.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kneadwork.exchange.normal import e164
from kneadwork.exchange.readers.card import codes, fields, picture, text
from kneadwork.exchange.readers.card.fields import Fields
from kneadwork.exchange.readers.card.values import Field
from kneadwork.exchange.readers.card.words import split_credentials

#: Below this a field is shown beside the crop of the picture that it came from.
DOUBTFUL = 0.85
#: What a code says was written by its owner, and read without a doubt.
FROM_A_CODE = 1.0
SIDES = ("front", "back")


@dataclass(slots=True)
class CardReading:
    """What a card says. `codes` are its codes' texts, `pictures` its sides set straight, as JPEG by side; boxes refer to these."""

    fields: Fields = field(default_factory=Fields)
    codes: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    note: str = ""
    region: str = "US"

    @property
    def is_empty(self) -> bool:
        """Whether nothing that could be read stands on it."""
        said = self.fields
        told = (
            said.name,
            said.organisation,
            said.title,
            said.phones,
            said.emails,
            said.urls,
            said.address,
            said.rest,
            self.note,
        )
        return not any(told)


def read(front: bytes, back: bytes | None = None, *, region: str = "US") -> CardReading:
    """Read a card from the pictures of its sides; Unreadable where one is no picture. A picture without text gives a reading
    that `is_empty`."""
    made, lines = CardReading(region=region), []
    for side, data in zip(SIDES, (front, back), strict=True):
        if data is None:
            continue
        whole = picture.opened(data)
        card = picture.cut_out(whole)
        made.codes += [one for one in codes.found(card) or codes.found(whole) if one not in made.codes]
        card, said = text.read(card, side)
        made.pictures[side] = picture.as_jpeg(card)
        lines += said
    made.fields = fields.assigned(lines, region=region)
    for one in made.codes:
        _add_code(made, one)
    return made


def read_code(said: str, *, region: str = "US") -> CardReading:
    """A card of which only the code was taken, by a browser that reads codes itself; `is_empty` where it tells of nobody."""
    made = CardReading(codes=[said], region=region)
    _add_code(made, said)
    return made


def _add_code(made: CardReading, said: str) -> None:
    """What a code says comes before what was read beside it."""
    told = codes.meaning(said)
    if told is None:
        return
    found = made.fields
    if told.kind == "person" and told.name and not told.credentials:
        told.name, told.credentials = split_credentials(told.name)
    for name in ("name", "organisation", "title", "credentials"):
        value = getattr(told, name)
        if value and not (name == "name" and told.kind == "organisation"):
            setattr(found, name, Field(value, FROM_A_CODE))
    for name, more in (("phones", told.phones), ("emails", told.emails)):
        sure = [Field(one.value, FROM_A_CODE, kind=one.kind if name == "phones" else "") for one in more]
        setattr(found, name, _joined(sure, getattr(found, name), made.region))
    found.urls = _joined([Field(url, FROM_A_CODE) for url in told.urls], found.urls, made.region)
    if told.addresses:
        one = told.addresses[0]
        whole = ", ".join(
            filter(
                None, (one.line1, one.line2, one.city, " ".join(filter(None, (one.region, one.postal))), one.country)
            )
        )
        found.address = Field(whole, FROM_A_CODE)
    made.note = "\n".join(filter(None, (made.note, told.note)))


def _joined(sure: list[Field], read_before: list[Field], region: str) -> list[Field]:
    """Those of a code, then those read that are not among them; a kind that only the print names is kept."""
    by_value = {_same(one.value, region): one for one in sure}
    for one in read_before:
        known = by_value.get(_same(one.value, region))
        if known is not None and known.kind in ("", "other"):
            known.kind, known.box = one.kind, one.box
    return [*sure, *(one for one in read_before if _same(one.value, region) not in by_value)]


def _same(value: str, region: str) -> str:
    number = e164(value, region) if "@" not in value and "/" not in value else ""
    return number or fields._host(value)


def _value(one: Field | None) -> str:
    return one.value if one else ""


def document(reading: CardReading) -> dict:
    """As `kneadwork scan` answers (CONTRACTS.md); confidence by field, for several values that of the least sure."""
    said = reading.fields
    single = {name: getattr(said, name) for name in ("name", "credentials", "organisation", "title", "address")}
    many = {name: getattr(said, name) for name in ("phones", "emails", "urls")}
    sure = {name: one.confidence for name, one in single.items() if one}
    sure |= {name: min(one.confidence for one in of_it) for name, of_it in many.items() if of_it}
    return {
        **{name: one.value if one else "" for name, one in single.items()},
        **{name: [one.value for one in of_it] for name, of_it in many.items()},
        "phone_kinds": [one.kind for one in said.phones],
        "confidence": {name: round(value, 3) for name, value in sure.items()},
    }
