"""The history of a practice: every verb runs inside an act, every change of a row is kept with its images.

One mechanism serves the audit (who, when, what, before, after), the undo of imports, merges, deletes and bulk work, and
"last changed". At the end of an act the derived values of the connections it touched are refreshed, in its transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, router, transaction
from django.db.models.deletion import Collector
from django.utils import timezone

from kneadwork.common import bulk, derived
from kneadwork.common.ids import new_id
from kneadwork.common.models import Act, Change

Image = dict[str, Any]
#: Types that JSON gives back as they are.
PLAIN = frozenset({int, str, bool, float, type(None)})


@dataclass(slots=True)
class OpenAct:
    """The act being done: its words, its changes so far, the connections to refresh."""

    kind: str
    summary: str
    by: Any
    by_name: str
    reason: str = ""
    undoes: Act | None = None
    saved: Act | None = None
    changes: list[Change] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    all_touched: bool = False
    #: Whether what is kept about many may be computed after the act.
    may_follow: bool = False

    def row(self) -> Act:
        """The act's row, made with its first change."""
        if self.saved is None:
            self.saved = Act(
                kind=self.kind, summary=self.summary[:300], by=self.by, by_name=self.by_name, reason=self.reason,
                at=timezone.now(), undoes=self.undoes,
            )  # fmt: skip
            self.saved.save()
        return self.saved


_open: ContextVar[OpenAct | None] = ContextVar("act", default=None)
_watcher: ContextVar[list[Act] | None] = ContextVar("watcher", default=None)


class NoAct(RuntimeError):
    """A tracked row written outside an act: a fault of ours."""


@contextmanager
def act(kind: str, summary: str = "", *, by=None, by_name: str = "", reason: str = "") -> Iterator[OpenAct]:
    """Do one thing as one transaction: all of it or nothing. An act within an act is part of the outer one.

    by: the member who does it; by_name: who it is where there is no member ("command line", "the first start").
    """
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    doing = OpenAct(kind, summary, by, by_name or getattr(by, "name", "") or "Kneadwork", reason)
    yield from _doing(doing)


@contextmanager
def watched() -> Iterator[list[Act]]:
    """The acts done within, in their order: what one *Undo* may take back. Whatever changed nothing is not among them."""
    done: list[Act] = []
    token = _watcher.set(done)
    try:
        yield done
    finally:
        _watcher.reset(token)


def _doing(doing: OpenAct) -> Iterator[OpenAct]:
    token = _open.set(doing)
    try:
        with transaction.atomic():
            yield doing
            _flush(doing)
            derived.refresh(doing.touched, may_follow=doing.may_follow)
            if doing.all_touched:
                derived.refresh_all()
    finally:
        _open.reset(token)
    watcher = _watcher.get()
    if watcher is not None and doing.saved is not None:
        watcher.append(doing.saved)


def current() -> OpenAct:
    """The open act; NoAct where there is none."""
    doing = _open.get()
    if doing is None:
        raise NoAct("a change outside an act")
    return doing


def image(row: models.Model) -> Image:
    """The row as plain JSON values, by column."""
    derived_ones = getattr(row, "derived_columns", ())
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in derived_ones}
    if all(type(value) in PLAIN for value in values.values()):
        return values
    return json.loads(json.dumps(values, cls=_Exact))


class _Exact(DjangoJSONEncoder):
    """Moments to the microsecond, so that undo restores them as they were; Django's own encoder keeps milliseconds."""

    def default(self, o):
        """One value that JSON does not know."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def row_of(model: type[models.Model], picture: Image) -> models.Model:
    """The row an image shows, not yet saved."""
    fields = {f.attname: f for f in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in picture.items() if name in fields})


def saving(row, save: Callable, *args, **kwargs):
    """Save one row and keep what changed."""
    doing = current()
    before = None
    if not row._state.adding:
        stored = type(row).everywhere.filter(pk=row.pk).first()
        before = image(stored) if stored else None
    result = save(*args, **kwargs)
    after = image(row)
    if before != after:
        note(doing, row, before, after)
    return result


def add_all(rows: Sequence[models.Model], *, keep_images: bool = True, with_owner: bool = False) -> None:
    """Insert many new rows of one model in this act.

    with_owner: what they belong to is made by this act too, and the model says `goes_silently`: the history holds the
    owner alone, and they go when it goes.
    """
    if not rows:
        return
    doing = current()
    for row in rows:
        if row.practice_id is None:
            row.practice_id = derived.current_practice_id()
    bulk.insert(rows)
    for row in () if with_owner else rows:
        note(doing, row, None, image(row) if keep_images else {})


def add_values(model: type[models.Model], names: Sequence[str], values: Iterable[Sequence]) -> None:
    """As `add_all` with its owner, for rows given as values of these columns: no row of the model is made of each."""
    practice_id = derived.current_practice_id()
    current()
    full = ((new_id(), practice_id, *row) for row in values)
    bulk.insert_values(model, ("id", "practice_id", *names), full)


class Laid:
    """New rows laid ready before their act begins, so that it is short."""

    def __init__(self) -> None:
        self.rows: list[bulk.Ready] = []
        self.changes: list[bulk.Ready] = []
        self.touched: set[int] = set()

    def add(self, rows: Sequence[models.Model], *, with_owner: bool = False) -> None:
        """Lay rows of one model ready; with_owner as in `add_all`. Call within the practice's scope."""
        if not rows:
            return
        for row in rows:
            row.practice_id = derived.current_practice_id()
        self.rows.append(bulk.ready(rows))
        if with_owner:
            return
        told = [Change(practice_id=r.practice_id, model=r._meta.label, row=r.pk, after=image(r)) for r in rows]
        self.changes.append(bulk.ready(told, without=("act_id",)))
        for row in rows:
            self.touched.update(derived.about(row))

    def add_values(self, model: type[models.Model], names: Sequence[str], values: Iterable[Sequence]) -> None:
        """As `add_values` of this module."""
        practice_id = derived.current_practice_id()
        full = ((new_id(), practice_id, *row) for row in values)
        self.rows.append(bulk.ready_values(model, ("id", "practice_id", *names), full))

    def write(self) -> None:
        """Insert all of it in the open act."""
        doing = current()
        for laid in self.rows:
            bulk.write(laid)
        for laid in self.changes:
            bulk.write(laid, act_id=doing.row().pk)
        doing.touched |= self.touched


def save_all(rows: Sequence[models.Model]) -> None:
    """Save rows of one model that are there already and were changed, each in its own way, in this act."""
    if not rows:
        return
    doing, model = current(), type(rows[0])
    stored, changing, names = rows_by_id(model, [row.pk for row in rows]), [], set()
    for row in rows:
        before, after = image(stored[row.pk]), image(row)
        if before != after:
            changing.append(row)
            names |= {name for name in after if before[name] != after[name]}
            note(doing, row, before, after)
    bulk.update(changing, sorted(names))


def set_all(rows: Sequence[models.Model], **values) -> None:
    """Give many rows of one model the same values in this act; rows that have them already are left."""
    changing = [row for row in rows if any(getattr(row, name) != value for name, value in values.items())]
    if not changing:
        return
    doing = current()
    for row in changing:
        before = image(row)
        doing.touched.update(derived.about(row))
        for name, value in values.items():
            setattr(row, name, value)
        note(doing, row, before, image(row))
    for start in range(0, len(changing), 500):
        ids = [row.pk for row in changing[start : start + 500]]
        type(changing[0]).objects.filter(pk__in=ids).update(**values)


def note(doing: OpenAct, row, before: Image | None, after: Image | None) -> None:
    """Keep one change and remember which connection it is about."""
    doing.touched.update(derived.about(row))
    doing.all_touched = doing.all_touched or derived.concerns_all(row, before, after)
    doing.changes.append(
        Change(practice_id=row.practice_id, model=row._meta.label, row=row.pk, before=before, after=after)
    )
    if len(doing.changes) >= 2000:
        _flush(doing)


def _flush(doing: OpenAct) -> None:
    if not doing.changes:
        return
    saved = doing.row()
    for change in doing.changes:
        change.act = saved
    bulk.insert(doing.changes)
    doing.changes.clear()


def remove(row) -> None:
    """Delete a row with all that depends on it, keeping their images."""
    remove_all([row])


def remove_all(rows: Sequence[models.Model]) -> None:
    """Delete rows of one model with all that depends on them, keeping their images."""
    if not rows:
        return
    doing = current()
    collector = Collector(using=router.db_for_write(type(rows[0])))
    collector.collect(list(rows))
    for row, values in _loosened(collector):
        before = image(row)
        note(doing, row, before, before | values)
    for gone in _collected(collector):
        if getattr(gone, "tracked", False):
            note(doing, gone, image(gone), None)
    collector.delete()


def _loosened(collector: Collector) -> Iterable[tuple[models.Model, Image]]:
    """Rows that stay and no longer name what goes, each once with all of its columns that are emptied."""
    found: dict[tuple[str, int], tuple[models.Model, Image]] = {}
    for (field_, value), batches in collector.field_updates.items():
        for row in (row for batch in batches for row in batch):
            found.setdefault((row._meta.label, row.pk), (row, {}))[1][field_.attname] = value
    return found.values()


def _collected(collector: Collector) -> Iterator[models.Model]:
    for queryset in collector.fast_deletes:
        yield from queryset
    for instances in collector.data.values():
        yield from instances


def model_named(label: str) -> type[models.Model]:
    """The model of a change's label."""
    return apps.get_model(label)


def rows_by_id(model: type[models.Model], ids: Iterable[int]) -> dict[int, models.Model]:
    """Rows of a model by id, fetched in pieces."""
    found: dict[int, models.Model] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        found.update(model.objects.in_bulk(wanted[start : start + 500]))
    return found
