"""What the practice says of itself: the steps of the first-run set-up, each skippable, resumable and editable later."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from kneadwork.common import acts
from kneadwork.facts import zips
from kneadwork.practice.models import Member, Practice

STEPS = ("place", "therapist", "law", "directions", "philosophy", "time", "find")


def change(practice: Practice, values: dict, *, by: Member | None, step: str = "", by_name: str = "") -> Practice:
    """Set what the practice says of itself, and mark the step as done.

    Its place follows a changed address, unless one is given (latitude and longitude in degrees, as a phone tells them).
    """
    told = values.get("latitude") is not None and values.get("longitude") is not None
    if not told:
        values = {name: value for name, value in values.items() if name not in ("latitude", "longitude")}
    moved = any(name in values and values[name] != getattr(practice, name) for name in ("postal", "city", "region"))
    with acts.act("change practice", step, by=by, by_name=by_name):
        for name, value in values.items():
            setattr(practice, name, value)
        if told:
            practice.place_rough = False
        elif moved or practice.latitude is None:
            find_place(practice)
        if step and step not in practice.setup_done:
            practice.setup_done = [*practice.setup_done, step]
        acts.saving(practice, practice.save)
    return practice


def find_place(practice: Practice) -> None:
    """Latitude and longitude from the ZIP code, marked rough where only a wider area is known."""
    place = zips.place_of_zip(practice.postal, practice.city, practice.region, practice.country)
    if place is not None:
        practice.latitude, practice.longitude, practice.place_rough = place.lat, place.lon, place.rough
    else:
        practice.latitude = practice.longitude = None


def change_therapist(member: Member, values: dict, *, by: Member) -> Member:
    """Set the therapist's name as it stands under a letter, credential, licence number, signature."""
    with acts.act("change therapist", member.name, by=by):
        for name, value in values.items():
            setattr(member, name, value)
        member.save()
    return member


def step_before(step: str) -> str:
    """The step in front of this one, or ""."""
    return STEPS[max(STEPS.index(step) - 1, 0)] if step != STEPS[0] else ""


def next_step(practice: Practice) -> str:
    """The first step not yet done, or "" when all are."""
    return next((step for step in STEPS if step not in practice.setup_done), "")


def today(practice: Practice) -> date:
    """The date in the practice's time zone."""
    return local_day(practice, timezone.now())


def local_day(practice: Practice, at: datetime) -> date:
    """The date that a moment has in the practice's time zone."""
    import zoneinfo

    return at.astimezone(zoneinfo.ZoneInfo(practice.time_zone)).date()
