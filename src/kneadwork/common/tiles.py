"""Tiles: pictures of streets under the map, from a place that this installation names. Where none is named none are asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings

#: A host as a content security policy takes it, then a path in which nothing ends an attribute or a directive.
_ADDRESS = re.compile(r"(?P<origin>https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?)/[!-~]+")
#: Leaflet fills these; the last one, which need not be there, asks for finer pictures where the screen shows them.
_PLACES, _FINER = ("{z}", "{x}", "{y}"), "{r}"


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where they come from (an address with {z}, {x} and {y}), and whom to credit besides OpenStreetMap, if anybody."""

    address: str
    credit: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a page that shows them must let in."""
        found = _ADDRESS.fullmatch(self.address)
        return found["origin"].lower() if found else ""


def refusal(address: str, *, public: bool = False) -> str:
    """Why an address is none of tiles, in a sentence; "" where it is one. A public page (https) shows nothing from http."""
    rest = address
    for place in (*_PLACES, _FINER):
        rest = rest.replace(place, "", 1)
    found = _ADDRESS.fullmatch(address)
    if not found or any(place not in address for place in _PLACES) or re.search(r"[{}\"'<>\\]", rest + found["origin"]):
        return ("KNEADWORK_TILES_URL is an address with {z}, {x} and {y} once each and no other braces, as in "
                "https://tiles.example/{z}/{x}/{y}.png")  # fmt: skip
    if public and not address.startswith("https://"):
        return "KNEADWORK_TILES_URL begins with https:// where Kneadwork has a public address"
    return ""


def named() -> Tiles | None:
    """The tiles of this installation; None where none are named, or wrongly, which the doctor says."""
    address = settings.TILES_URL
    if not address or refusal(address, public=bool(settings.PUBLIC_URL)):
        return None
    return Tiles(address, settings.TILES_CREDIT)
