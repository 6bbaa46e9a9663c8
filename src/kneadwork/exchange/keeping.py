"""Keeping a staged import: one act, all or nothing, with where every value came from."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.models import Act, Change
from kneadwork.exchange import staging, updating
from kneadwork.exchange.gatherer import Gatherer
from kneadwork.exchange.models import Import, KeptRecord, StagedRow
from kneadwork.exchange.neutral import digest
from kneadwork.exchange.staging import from_json
from kneadwork.network.models import (
    Address,
    Client,
    Connection,
    ContactPoint,
    Stop,
    Tag,
)

#: So many new connections are laid ready at once.
PIECE = 2000


class NotReady(Exception):
    """An import that cannot be kept: not read yet, kept already, or given up."""


class LookAgain(NotReady):
    """The network changed since the import was read, so that it would do something else than what was shown."""


def lay_ready(batch: Import, *, on: date) -> Gatherer:
    """The new connections of a staged import, ready to be written: nobody waits meanwhile. Call within the practice's scope."""
    work = Gatherer(batch, on)
    rows = StagedRow.objects.filter(batch=batch, outcome="created").order_by("pk")
    for row in rows.iterator(PIECE):
        if not row.choice.get("leave_out"):
            work.create(row, from_json(row.record))
        if len(work.new[Connection]) == PIECE:
            work.lay_ready()
    work.lay_ready()
    return work


def keep(batch: Import, *, on: date, by=None, by_name: str = "", ready: Gatherer | None = None) -> Act:
    """Keep a staged import as one act. Call within the practice's scope; refuses one that is not ready.

    ready: what was laid ready for it before, so that others wait for the writing alone. It counts as long as the import
    was not laid out anew since.
    """
    batch.hold()
    if batch.read_at is None or batch.act_id or batch.given_up_at:
        raise NotReady(_("This import is not ready to be kept, or was kept already."))
    if is_stale(batch):
        look_anew(batch)
    with acts.act("import", batch.name, by=by, by_name=by_name) as doing:
        doing.may_follow = True
        work = ready if ready and ready.read_at == batch.read_at else lay_ready(batch, on=on)
        rows = StagedRow.objects.filter(batch=batch).order_by("pk")
        work.insert()
        updating.keep_news(work, rows)
        _remember_unchanged(work, rows)
        _renew_stops(work)
        work.link_sources()
        act = doing.row()
        Import.objects.filter(pk=batch.pk).update(act=act)
        batch.act = act
    return act


def look_anew(batch: Import) -> None:
    """Compare with the network as it is now; refuses (LookAgain) where that changes what becomes of any row."""
    if staging.lay_out_anew(batch):
        raise LookAgain(_("Your network changed since this was read. Look at it once more, then keep it."))


def is_stale(batch: Import) -> bool:
    """Whether anybody was added, changed or removed since the import was read."""
    about = [m._meta.label for m in (Connection, ContactPoint, Address, Tag, Client)]
    return Change.objects.filter(act__at__gt=batch.read_at, model__in=about).exists()


def _remember_unchanged(work: Gatherer, rows) -> None:
    """Records that brought nothing, of which the very same was not seen before."""
    numbers = list(rows.filter(outcome="unchanged").exclude(match=None).values_list("pk", flat=True))
    for start in range(0, len(numbers), 500):
        chunk = rows.filter(pk__in=numbers[start : start + 500])
        records = {
            digest(record): (row.match, record) for row in chunk if not (record := from_json(row.record)).retired_on
        }
        known = set(KeptRecord.objects.filter(digest__in=list(records)).values_list("digest", flat=True))
        for said in records.keys() - known:
            work.remember(*records[said])
        work.add_rows()


def _renew_stops(work: Gatherer) -> None:
    """Somebody known by telephone or e-mail to have said stop stays stopped, under whatever name they come."""
    wishes = list(Stop.objects.all())
    if not wishes:
        return
    said = {reach for wish in wishes for reach in wish.reaches}
    have = {w.connection_id for w in wishes}
    made = list(work.made.values())
    for start in range(0, len(made), 900):
        points = ContactPoint.objects.filter(connection__in=made[start : start + 900], normal__in=said)
        for pk in set(points.values_list("connection_id", flat=True)) - have:
            Stop(connection_id=pk, on=work.on, how=_("the same telephone or e-mail as one who said stop")).save()
