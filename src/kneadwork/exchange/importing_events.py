"""A calendar file brought in as a whole: what is coming becomes events, in one act that can be taken back.

Whoever takes single entries looks at the file on the page of a new event. Of an entry that repeats the next time counts.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers import ics
from kneadwork.network import events
from kneadwork.network.models import Event
from kneadwork.practice.models import Practice
from kneadwork.practice.setting_up import today

#: What a file may say anew of an event that is known; its purpose and whom one hopes to meet are one's own.
SAID = ("title", "begins", "ends", "place")


def import_calendar(path: Path, *, practice: Practice, dry_run: bool = False, by=None, by_name: str = "") -> dict:
    """Bring in the coming events of a calendar file; answers the counts as every import does. A dry run keeps nothing."""
    if path.stat().st_size > ics.MOST_BYTES:
        raise Unreadable(ics.too_large())
    on = today(practice)
    found = ics.read(path.read_bytes(), zone=practice.time_zone, on=on)
    coming = [one for one in found.events if one.on >= on]
    with acting_in(practice.pk, writing=not dry_run):
        known = _known(coming)
        new = [one for one in coming if _key(one) not in known]
        changed = [(known[_key(one)], one) for one in coming if _key(one) in known and _differs(known[_key(one)], one)]
        odd = _refused(new, changed)
        ref = None if dry_run else _kept(path.name, new, changed, by=by, by_name=by_name)
    dayless = [{"where": _("an entry"), "reason": _("It has no day, or one that is none.")}] * found.unread
    return {
        "import": ref, "read": len(found.events) + found.unread, "created": len(new), "updated": len(changed),
        "unchanged": len(coming) - len(new) - len(changed) - len(odd), "merged": 0, "retired": 0,
        "out_of_scope": len(found.events) - len(coming), "rejected": dayless + odd, "warnings": [],
    }  # fmt: skip


def _refused(new: list[ics.Found], changed: list[tuple[Event, ics.Found]]) -> list[dict]:
    """Take out the entries that can be no event here; answers which, and why."""
    refused = []
    for entries, told in ((new, lambda one: one), (changed, lambda one: one[1])):
        for entry in list(entries):
            one = told(entry)
            try:
                events.check(Event(on=one.on, **{field: getattr(one, field) for field in SAID}))
            except events.EventRefused as why:
                entries.remove(entry)
                refused.append({"where": f"{one.title[:80]}, {one.on.isoformat()}", "reason": str(why)})
    return refused


def _kept(name: str, new: list[ics.Found], changed: list[tuple[Event, ics.Found]], *, by, by_name: str) -> str:
    with acts.act("import", name, by=by, by_name=by_name) as doing:
        act = doing.row()
        for one in new:
            told = {field: getattr(one, field) for field in SAID if field != "title"}
            events.make(one.title, on=one.on, purpose=one.purpose, uid=one.uid, by=by, by_name=by_name, **told)
        for event, one in changed:
            events.change(event, {field: getattr(one, field) for field in SAID}, by=by)
    return act.ref


def _key(one: ics.Found | Event) -> tuple:
    return (one.uid or one.title, one.on)


def _known(coming: list[ics.Found]) -> dict[tuple, Event]:
    days = {one.on for one in coming}
    return {_key(event): event for event in Event.objects.filter(on__in=days)} if days else {}


def _differs(event: Event, one: ics.Found) -> bool:
    return any(getattr(event, field) != getattr(one, field) for field in SAID)
