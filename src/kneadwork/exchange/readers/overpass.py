"""Answers about the open map (Overpass JSON): a kept file, or the network asked what is around a place.

The service answers 200 also where it gave up, and says so in a remark; it limits how often it may be asked. What was
asked and what came back is all that this module knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Item, OutOfScope, Rejected, Unreadable
from kneadwork.exchange.normal import clean
from kneadwork.exchange.readers.places import Scope, Thing, record_of
from kneadwork.facts.professions import all_professions

#: Seconds between attempts when the service is busy or out of reach; seconds that it may take for an answer.
WAITS, SECONDS = (2.0, 6.0, 15.0), 25
MOST_FILE = 200 * 1024 * 1024

#: Asks the service: the question in, (status, text) out; raises Unreadable where it must not be called.
Fetch = Callable[[str], tuple[int, str]]


class Busy(Exception):
    """The service did not answer this time; asking again may help."""


def question(scope: Scope) -> str:
    """The question for every named place of these professions around a place, in the service's language."""
    lat, lon = scope.near
    asked: dict[str, set[str]] = {}
    for key in sorted(scope.professions):
        for tag, value in all_professions()[key].tags:
            asked.setdefault(tag, set()).add(value)
    around = f"(around:{scope.within_m:.0f},{lat:.5f},{lon:.5f})"
    lines = [
        f'nwr["name"]["{tag}"~"(^|;) *({"|".join(sorted(values))}) *(;|$)"]{around};'
        for tag, values in sorted(asked.items())
    ]
    return f"[out:json][timeout:{SECONDS}];({''.join(lines)});out meta center qt;"


def ask(fetch: Fetch, scope: Scope, wait: Callable[[float], Any]) -> Iterator[Item]:
    """What is around: asked again after a while where the service is busy, its refusals in words."""
    for pause in (*WAITS, None):
        try:
            status, text = fetch(question(scope))
            if status in (429, 502, 503, 504):
                raise Busy
            yield from items(document(status, text), scope)
            return
        except Busy:
            if pause is not None:
                wait(pause)
    raise Unreadable(
        _(
            "The map service is asked too much just now, or does not answer. Try again in a few minutes, or drop a map file."
        )
    )


def read_file(path: Path, scope: Scope) -> Iterator[Item]:
    """The places of a kept answer."""
    if path.stat().st_size > MOST_FILE:
        raise Unreadable(_("This answer is larger than any about a neighbourhood. Take an .osm.pbf file instead."))
    yield from items(document(200, path.read_text("utf-8-sig", "replace")), scope)


def document(status: int, text: str) -> dict:
    """The answer as it was meant; Unreadable where it refused, gave up or was cut short."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Unreadable(_refusal(status, text))
    remark = clean(str(answer.get("remark") or ""), 200)
    if re.search(r"error|timed out|out of memory", remark, re.I):
        raise Unreadable(
            _("The map service gave up: “%(words)s”. Ask for a smaller distance or fewer kinds of places.")
            % {"words": remark}
        )
    if status != 200 or not isinstance(answer.get("elements"), list):
        raise Unreadable(_("The map service answered with something else than a list of places. Try again later."))
    return answer


def _refusal(status: int, text: str) -> str:
    """What stands in the page that the service sends in the place of an answer."""
    said = re.search(r"Error</strong>:\s*([^<]{3,300})", text)
    if said:
        return _("The map service refused the question: %(words)s") % {"words": clean(said[1], 300)}
    if status != 200:
        return _("The map service answered with the error %(status)d. Try again later.") % {"status": status}
    return _("The answer about the map was cut short or is none. Try again, or fetch it once more.")


def items(answer: dict, scope: Scope) -> Iterator[Item]:
    """Each place of an answer: a record, a rejection, or out of scope."""
    skipped, seen = 0, set()
    for number, element in enumerate(answer["elements"], start=1):
        try:
            thing, middle = _thing(element)
        except (AttributeError, KeyError, TypeError, ValueError):
            where = _("place %(n)d of the answer") % {"n": number}
            yield Rejected(where, _("This is no object of the map."), json.dumps(element)[:4000])
            continue
        item = None if thing.osm in seen else record_of(thing, middle, scope)
        seen.add(thing.osm)
        skipped += item is None and bool(thing.tags.get("name"))
        if item is not None:
            yield item
    if skipped:
        yield OutOfScope(skipped)


def _thing(element: dict) -> tuple[Thing, tuple[float, float] | None]:
    if element["type"] not in ("node", "way", "relation"):
        raise ValueError(element["type"])
    tags = {str(k): str(v) for k, v in (element.get("tags") or {}).items()}
    at = element if "lat" in element else element.get("center") or _center(element.get("bounds"))
    middle = (float(at["lat"]), float(at["lon"])) if at else None
    return Thing(element["type"], int(element["id"]), int(element.get("version") or 0), tags), middle


def _center(bounds: dict | None) -> dict | None:
    if not bounds:
        return None
    return {"lat": (bounds["minlat"] + bounds["maxlat"]) / 2, "lon": (bounds["minlon"] + bounds["maxlon"]) / 2}
