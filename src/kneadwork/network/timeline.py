"""Together so far: everything that happened with a connection, newest first; and who else works at its office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kneadwork.network.models import Connection, Stream


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, what, and words."""

    on: date
    what: str
    words: str = ""


def entries(connection: Connection, *, referrals: bool, limit: int = 200) -> list[Entry]:
    """Touches, gifts, insights, verdicts, promises, rests; referrals and asks where the member may see them."""
    found = [Entry(connection.added_at.date(), _("Came into your network"), connection.how_known)]
    for touch in connection.touchs.all()[:limit]:
        who = _("from them") if touch.from_them else _("from you")
        missed = "" if touch.answered else " · " + _("not answered")
        found.append(Entry(touch.on, f"{touch.get_channel_display()}, {who}{missed}", touch.words))
    found += [Entry(g.on, f"{_('Given')}: {g.get_form_display()}", g.words) for g in connection.gifts.all()]
    found += [Entry(i.on, _("Learned"), i.words) for i in connection.insights.all()]
    found += [
        Entry(v.on, f"{_('Would you send your mother?')} {v.get_answer_display()}") for v in connection.verdicts.all()
    ]
    found += [Entry(p.kept_on, _("Promise kept"), p.words) for p in connection.promises.exclude(kept_on=None)]
    found += [Entry(r.since, _("Left in peace"), r.reason) for r in connection.rests.all()]
    if referrals:
        found += [Entry(r.on, _("Sent %(person)s") % {"person": r.person}, r.words) for r in connection.referrals.all()]
        found += [Entry(a.on, _("Asked"), a.get_answer_display()) for a in connection.asks.all()]
    return sorted(found, key=lambda e: e.on, reverse=True)[:limit]


def colleagues(connection: Connection) -> list[Connection]:
    """The others of the same office."""
    if not connection.office_key:
        return []
    others = Connection.objects.filter(office_key=connection.office_key).exclude(pk=connection.pk)
    return list(others.exclude(stream=Stream.CLIENTS).order_by("name")[:20])
