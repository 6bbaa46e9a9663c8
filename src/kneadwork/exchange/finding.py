"""Find professionals near the practice: the registry's public API asked in the background, its answers an import like any."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import jobs, outside
from kneadwork.exchange.models import Import
from kneadwork.exchange.neutral import Item, Unreadable
from kneadwork.facts.professions import METHOD_NINE, all_professions
from kneadwork.facts.zips import MILE_M

NEAR = "near"
MOST_MILES = 100


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
