"""Recognising a place of the open map: the same object of the map, or the same telephone, website or door with a fitting
name, is certain; what else is alike is proposed.

Where both stand on the map, the distance decides: two branches of one name are two places.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Record
from kneadwork.facts.zips import metres
from kneadwork.network.folding import as_said

#: Two map objects of one name within so many metres are one place: the shop and the house that it fills.
SAME_M = 150.0


def site_of(url: str) -> str:
    """A web address as it is compared: without scheme, "www." and the slash at the end."""
    bare = url.strip().casefold().split("://")[-1].split("?")[0].split("#")[0].rstrip("/")
    return f"//{bare.removeprefix('www.')}" if "." in bare else ""


def match(record: Record, index) -> tuple[int | None, int | None, str]:
    """(whom it certainly is, whom it may be, why) for a record of the map; None where nobody."""
    said = as_said(record.name)
    same_object = sorted(index.by_osm.get(record.place.osm, ()))
    for pk in same_object:
        if _is_called(said, pk, index) or _shared(record, pk, index):
            return pk, None, _("the same place on the map")
    for pk in _known(record, said, index):
        if _apart(record, pk, index) or not _is_called(said, pk, index):
            continue
        why = _certain(record, pk, index)
        if why:
            return pk, None, why
    if same_object:
        return None, same_object[0], _("the same place on the map, another name")
    return None, *_alike(record, said, index)


def _known(record: Record, said: str, index) -> list[int]:
    """Everybody in question: by telephone, e-mail, website or name."""
    found = set(index.by_name.get(said, ()))
    for reach in (*_reaches(record), *_sites(record)):
        found |= index.by_reach.get(reach, set())
    return sorted(found)


def _certain(record: Record, pk: int, index) -> str:
    """Why one of a fitting name is certainly this place; "" where that is open."""
    shared = _shared(record, pk, index)
    if shared:
        return _("the same %(what)s, and the name fits") % {"what": shared}
    close = _distance(record, pk, index)
    if close is not None and close <= SAME_M:
        return _("the same name, and the same place on the map")
    if _streets(record) & index.streets.get(pk, set()) - {""} and _towns(record, pk, index):
        return _("the same name and place")
    return ""


def _alike(record: Record, said: str, index) -> tuple[int | None, str]:
    """Whom it may be: the same name in the same town, or another name with the same telephone, or website and door."""
    for pk in sorted(index.by_name.get(said, ())):
        if not _apart(record, pk, index) and (_towns(record, pk, index) or not index.towns.get(pk)):
            return pk, _("the same name")
    for reach in sorted(_reaches(record)):
        for pk in sorted(index.by_reach.get(reach, ())):
            if not _apart(record, pk, index):
                return pk, _("the same %(what)s, another name") % {"what": _kind(reach)}
    for site in sorted(_sites(record)):
        for pk in sorted(index.by_reach.get(site, ())):
            if _streets(record) & index.streets.get(pk, set()) - {""}:
                return pk, _("the same website and street, another name")
    return None, ""


def _is_called(said: str, pk: int, index) -> bool:
    """Whether the name fits: all words of the shorter one stand in the longer."""
    words = set(said.split())
    return any(words <= set(n.split()) or set(n.split()) <= words for n in index.names.get(pk, ()) if n and words)


def _shared(record: Record, pk: int, index) -> str:
    """What telephone, e-mail or website both have, in words; "" where none."""
    for reach in sorted(_reaches(record) & index.reaches.get(pk, set())):
        return _kind(reach)
    return _("website") if _sites(record) & index.sites.get(pk, set()) else ""


def _apart(record: Record, pk: int, index) -> bool:
    """Whether both stand on the map and not at one place."""
    far = _distance(record, pk, index)
    return far is not None and far > SAME_M


def _distance(record: Record, pk: int, index) -> float | None:
    """Metres to the nearest place of a known one on the map; None where it has none."""
    spots = index.spots.get(pk)
    return min((metres(record.place.lat, record.place.lon, *spot) for spot in spots), default=None) if spots else None


def _towns(record: Record, pk: int, index) -> bool:
    from kneadwork.exchange.matching import places

    return bool((places(record) - {""}) & index.towns.get(pk, set()))


def _streets(record: Record) -> set[str]:
    from kneadwork.exchange.matching import streets

    return streets(record)


def _reaches(record: Record) -> set[str]:
    from kneadwork.exchange.matching import reaches

    return reaches(record)


def _sites(record: Record) -> set[str]:
    return {site_of(url) for url in record.urls} - {""}


def _kind(reach: str) -> str:
    return _("e-mail") if "@" in reach else _("telephone")
