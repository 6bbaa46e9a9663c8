"""When two postal addresses are the same, however they are written: the one rule of imports, merges and offices."""

from __future__ import annotations

import hashlib
import re
from typing import Protocol

from kneadwork.network.folding import fold

#: Words of a street as the post shortens them (USPS Publication 28, appendices C1 and C2).
SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr", "lane": "ln", "place": "pl",
    "court": "ct", "highway": "hwy", "parkway": "pkwy", "square": "sq", "terrace": "ter", "circle": "cir", "suite": "ste",
    "floor": "fl", "building": "bldg", "room": "rm", "apartment": "apt", "north": "n", "south": "s", "east": "e", "west": "w",
    "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
}  # fmt: skip
UNITS = frozenset({"ste", "unit", "fl", "bldg", "rm", "apt"})


class Postal(Protocol):
    """A postal address, of a file or of a connection."""

    line1: str
    line2: str
    city: str
    region: str
    postal: str
    country: str


def street_of(address: Postal) -> str:
    """The street with its number and the rest of both lines, as the post shortens it; "" where there is none."""
    return " ".join(SHORT.get(word, word) for word in fold(f"{address.line1} {address.line2}"))


def town_of(address: Postal) -> str:
    """The five digits of the ZIP code; the town where none is known."""
    return address.postal.strip()[:5] or " ".join(fold(address.city))


def address_key(address: Postal) -> tuple[str, str]:
    """By what two addresses are the same: street and ZIP code, or street and town."""
    return street_of(address), town_of(address)


def door_of(address: Postal) -> str:
    """The house alone: without suite, floor or room, which some write and others do not; "" where no street is known."""
    first = [SHORT.get(word, word) for word in fold(address.line1)]
    unit = next(
        (i for i, word in enumerate(first) if i > 1 and (word in UNITS or re.match(r"ste\d", word))), len(first)
    )
    return f"{' '.join(first[:unit])}|{town_of(address)}" if first else ""


def door_word(address: Postal) -> str:
    """The word under which all are found whose letters go to this door; "" where no street is known."""
    door = door_of(address)
    return f"#{hashlib.sha256(door.encode()).hexdigest()[:24]}" if door else ""
