"""Find professionals and places near the practice: public services asked in the background, their answers an import like any.

The provider registry knows professionals, the open map (through an Overpass service) what is around.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import jobs, outside
from kneadwork.exchange.models import Import
from kneadwork.exchange.neutral import Item, Unreadable
from kneadwork.facts.professions import METHOD_NINE, all_professions, professions_on_map
from kneadwork.facts.zips import MILE_M

NEAR, AROUND = "near", "around"
MOST_MILES = 100
#: So far around a place the map may be asked: a walk goes no farther, and the service is everybody's.
MOST_AROUND_MILES = 5
#: Seconds that an answer of the map service may take on its way, its own time included.
PATIENCE = 40.0


class NowhereYet(Exception):
    """A search around a practice whose place is not known."""


def find_near(practice, professions: set[str], miles: float, *, by) -> Import:
    """Ask the registry in the background for these professions within so many miles; answers the import it becomes.

    Call within the practice's scope. Without any known profession the nine of the method are asked for.
    """
    if practice.place is None:
        raise NowhereYet(_("Kneadwork does not know where you are. Give your ZIP code first."))
    wanted = sorted(professions & set(all_professions())) or sorted(METHOD_NINE)
    options = {"near": practice.place, "within_miles": min(max(miles, 0.5), MOST_MILES), "professions": wanted}
    batch = Import(name=_("Professionals near you"), kind=NEAR, options=options, asked_by=by, asked_at=timezone.now())
    batch.save()
    jobs.ask("import.read", by=by, batch=batch.pk)
    return batch


def find_around(practice, professions: set[str], miles: float, *, by) -> Import:
    """Ask the open map in the background what is around the practice; answers the import it becomes.

    Call within the practice's scope. Without any known profession all that the map knows are asked for.
    """
    if practice.place is None:
        raise NowhereYet(_("Kneadwork does not know where you are. Give your ZIP code first."))
    wanted = sorted(professions & professions_on_map()) or sorted(professions_on_map())
    options = {"near": practice.place, "within_miles": min(max(miles, 0.1), MOST_AROUND_MILES), "professions": wanted}
    batch = Import(name=_("Places around you"), kind=AROUND, options=options, asked_by=by, asked_at=timezone.now())
    batch.save()
    jobs.ask("import.read", by=by, batch=batch.pk)
    return batch


def places(batch: Import) -> Iterator[Item]:
    """What the map service answers."""
    from kneadwork.exchange.readers import overpass
    from kneadwork.exchange.readers.places import Scope

    options = batch.options
    scope = Scope(frozenset(options["professions"]), tuple(options["near"]), options["within_miles"] * MILE_M)
    return overpass.ask(_fetch_map, scope, time.sleep)


def _fetch_map(question: str) -> tuple[int, str]:
    """One question about the map, to the configured address."""
    from kneadwork.exchange.readers.overpass import Busy

    url = settings.OVERPASS_URL
    try:
        answer = outside.get(url, {"data": question}, trusted=url, seconds=PATIENCE)
    except outside.OutsideRefused as refused:
        raise Unreadable(str(refused))
    except outside.Unreachable:
        raise Busy
    return answer.status, answer.text


def items(batch: Import, known: frozenset[str]) -> Iterator[Item]:
    """What the registry answers."""
    from kneadwork.exchange.readers import registry_api

    options = batch.options
    return registry_api.read(
        _fetch, near=tuple(options["near"]), within_m=options["within_miles"] * MILE_M,
        professions=frozenset(options["professions"]), known=known, wait=time.sleep,
    )  # fmt: skip


def _fetch(parameters: dict[str, str]) -> tuple[int, str]:
    """One question, to the configured address."""
    from kneadwork.exchange.readers.registry_api import Busy

    try:
        answer = outside.get(settings.REGISTRY_URL, parameters, trusted=settings.REGISTRY_URL)
    except outside.OutsideRefused as refused:
        raise Unreadable(str(refused))
    except outside.Unreachable:
        raise Busy
    return answer.status, answer.text
