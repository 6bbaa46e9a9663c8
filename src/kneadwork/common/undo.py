"""Taking an act back: what it changed is restored, what was edited or recorded since stays and is said.

A row made by the act goes unless it was edited since or something recorded since hangs on it; a changed row gets back
each value that nobody changed since; a removed row returns as it was. Logs of what left the practice stay, and so does a
wish not to be written to, as long as whose it is stays. What stayed of an earlier act only because of this one goes now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.acts import Image, OpenAct
from kneadwork.common.models import Act, Change


@dataclass(slots=True)
class Stays:
    """One row that the undo leaves: which, and why ("edited since", "used since"); made: by the act itself."""

    model: str
    row: int
    why: str
    values: tuple[str, ...] = ()
    made: bool = False


@dataclass(slots=True)
class Undoing:
    """What taking an act back does: rows to remove, to restore, to set, and what stays."""

    act: Act
    remove: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    insert: list[Change] = field(default_factory=list)
    set_back: dict[tuple[str, int], Image] = field(default_factory=dict)
    stays: list[Stays] = field(default_factory=list)


#: What is done after an act of a kind was taken back, within the same transaction.
_afterwards: dict[str, Callable[[Undoing], None]] = {}


def afterwards(kind: str) -> Callable[[Callable[[Undoing], None]], Callable[[Undoing], None]]:
    """Register what must hold after acts of a kind are taken back."""

    def register(doing: Callable[[Undoing], None]) -> Callable[[Undoing], None]:
        _afterwards[kind] = doing
        return doing

    return register


class AlreadyUndone(Exception):
    """This act was taken back before."""

    def __init__(self) -> None:
        super().__init__(_("This was taken back already."))


def is_undone(act: Act) -> bool:
    """Whether an act that takes this one back exists."""
    return Act.objects.filter(undoes=act).exists()


def preview(act: Act) -> Undoing:
    """What undoing would do, without doing it."""
    if is_undone(act):
        raise AlreadyUndone
    return _planned(act, act.changes.order_by("-id").iterator(chunk_size=2000))


def _planned(act: Act, newest_first: Iterable[Change]) -> Undoing:
    """What taking these changes of an act back does."""
    undoing = Undoing(act)
    by_model: dict[str, list[Change]] = defaultdict(list)
    for change in newest_first:
        by_model[change.model].append(change)
    for label, changes in by_model.items():
        if acts.model_named(label).outlives_undo:
            logged = {change.row for change in changes if change.before is None}
            changes = [change for change in changes if change.row not in logged]
        _sort(undoing, label, changes)
    _keep_what_is_used(undoing)
    _keep_for_good(undoing)
    return undoing


def undo(act: Act, *, by=None, by_name: str = "") -> Undoing:
    """Take an act back as one act of its own; answers what stayed. AlreadyUndone where that was done before.

    The act's row is held meanwhile, so that of two who press at once the second learns of the first.
    """
    with acts.act("undo", act.summary, by=by, by_name=by_name) as doing:
        Act.objects.select_for_update(of=("self",)).get(pk=act.pk)
        undoing = preview(act)
        doing.undoes = act
        doing.row()
        _apply(undoing, doing)
        for late in _now_unused(act):
            _apply(late, doing)
            for label, ids in late.remove.items():
                undoing.remove[label] += ids
        if act.kind in _afterwards:
            _afterwards[act.kind](undoing)
    return undoing


def _sort(undoing: Undoing, label: str, changes: list[Change]) -> None:
    """Decide for each row of one model; several changes of one row within the act count as one."""
    model = acts.model_named(label)
    first: dict[int, Image | None] = {}
    last: dict[int, Change] = {}
    for change in changes:  # newest first
        last.setdefault(change.row, change)
        first[change.row] = change.before
    present = acts.rows_by_id(model, last)
    for row_id, change in last.items():
        now = acts.image(present[row_id]) if row_id in present else None
        _decide(undoing, label, row_id, first[row_id], change, now)


def _decide(undoing: Undoing, label: str, row_id: int, before: Image | None, change: Change, now: Image | None) -> None:
    after = change.after
    if now is not None and after:  # an older version's image may hold other columns
        after = {k: v for k, v in after.items() if k in now}
    if before is None and after is None:
        return
    if before is None:
        if now is None:
            return
        if after and any(now[k] != value for k, value in after.items()):
            undoing.stays.append(Stays(label, row_id, "edited since", made=True))
        else:
            undoing.remove[label].append(row_id)
    elif after is None:
        if now is None:
            change.before = before
            undoing.insert.append(change)
    elif now is None:
        undoing.stays.append(Stays(label, row_id, "removed since"))
    else:
        ours = {k for k in after if before.get(k) != after[k]}
        edited = tuple(sorted(k for k in ours if now.get(k) != after[k]))
        back = {k: before[k] for k in ours if k not in edited and k in before}
        if back:
            undoing.set_back[(label, row_id)] = back
        if edited:
            undoing.stays.append(Stays(label, row_id, "edited since", edited))


def _keep_what_is_used(undoing: Undoing) -> None:
    """A row on which something hangs that does not go with it stays; and so, in turn, does what that row hangs on.

    What the act made for a row that stays (its telephones, its addresses) stays with it: it would be of no use without.
    """
    going = {label: set(ids) for label, ids in undoing.remove.items()}
    staying: dict[str, set[int]] = defaultdict(set)
    for one in undoing.stays:
        if one.made:
            staying[one.model].add(one.row)
    changed = True
    while changed:
        changed = False
        for label in list(going):
            used = _used_rows(acts.model_named(label), going[label], going)
            if used:
                going[label] -= used
                staying[label] |= used
                undoing.stays.extend(Stays(label, row, "used since", made=True) for row in sorted(used))
                changed = True
        for label, parts in _parts_of(staying, going).items():
            going[label] -= parts
            staying[label] |= parts
            changed = True
    undoing.remove = defaultdict(list, {label: sorted(ids) for label, ids in going.items() if ids})


def _parts_of(staying: dict[str, set[int]], going: dict[str, set[int]]) -> dict[str, set[int]]:
    """Those of the rows that would go which hang on a row that the act made and that stays."""
    found: dict[str, set[int]] = defaultdict(set)
    for label, rows in list(staying.items()):
        for other, column in _hanging_on(acts.model_named(label)):
            leaving = going.get(other._meta.label)
            if leaving:
                for _owner, pk in _pairs(other, column, rows):
                    if pk in leaving:
                        found[other._meta.label].add(pk)
    return found


def _keep_for_good(undoing: Undoing) -> None:
    """Rows of models with `goes_with` stay unless what they hang on goes too."""
    for model in _going_with():
        rows = acts.rows_by_id(model, undoing.remove.get(model._meta.label, ()))
        owners = set(undoing.remove.get(_owner_label(model), ()))
        leaving = [pk for pk, row in rows.items() if getattr(row, model.goes_with) in owners]
        undoing.remove.pop(model._meta.label, None)
        if leaving:
            undoing.remove[model._meta.label] = sorted(leaving)


def _going_with() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if getattr(model, "goes_with", "")]


def _owner_label(model) -> str:
    return next(f for f in model._meta.concrete_fields if f.attname == model.goes_with).related_model._meta.label


def _now_unused(act: Act) -> list[Undoing]:
    """What acts taken back earlier left only because this act used or edited it: rows they made, as they made them."""
    undos = dict(Act.objects.exclude(undoes=None).values_list("pk", "undoes_id"))
    again = set(undos.values())
    earlier = {undone for pk, undone in undos.items() if pk not in again} - {act.pk}
    if not earlier:
        return []
    theirs: dict[int, list[Change]] = defaultdict(list)
    for label, rows in _concerned(act).items():
        here = sorted(acts.rows_by_id(acts.model_named(label), rows))
        for start in range(0, len(here), 500):
            for change in Change.objects.filter(model=label, row__in=here[start : start + 500]):
                if change.act_id in earlier:
                    theirs[change.act_id].append(change)
    with_them = [model._meta.label for model in _going_with()]
    late = []
    for one in Act.objects.filter(pk__in=theirs).order_by("-pk"):
        own = [*theirs[one.pk], *one.changes.filter(model__in=with_them), *_parts_made(one, theirs[one.pk])]
        changes = {c.pk: c for c in own}
        planned = _planned(one, sorted(changes.values(), key=lambda change: -change.pk))
        if planned.remove:
            late.append(Undoing(one, remove=planned.remove))
    return late


def _parts_made(act: Act, owners: list[Change]) -> list[Change]:
    """What the act did to rows that hang on these, directly or through one another."""
    found: dict[int, Change] = {}
    waiting = owners
    while waiting:
        rows: dict[str, set[int]] = defaultdict(set)
        for change in waiting:
            rows[change.model].add(change.row)
        hanging = [
            change
            for label, ids in rows.items()
            for other, column in _hanging_on(acts.model_named(label))
            for change in _changes_of(act, other._meta.label, {pk for _owner, pk in _pairs(other, column, ids)})
        ]
        waiting = [change for change in hanging if change.pk not in found]
        found.update((change.pk, change) for change in waiting)
    return list(found.values())


def _changes_of(act: Act, label: str, rows: set[int]) -> Iterator[Change]:
    ordered = sorted(rows)
    for start in range(0, len(ordered), 500):
        yield from act.changes.filter(model=label, row__in=ordered[start : start + 500])


@cache
def _pointers(label: str) -> dict[str, str]:
    """The columns of a model that point to tracked rows, each with the model they point to."""
    return {
        f.attname: f.related_model._meta.label
        for f in acts.model_named(label)._meta.concrete_fields
        if f.is_relation and getattr(f.related_model, "tracked", False)
    }


def _concerned(act: Act) -> dict[str, set[int]]:
    """The rows that an act changed, and those on which hangs what it made or changed."""
    found: dict[str, set[int]] = defaultdict(set)
    for change in act.changes.iterator(chunk_size=2000):
        if change.before is not None:
            found[change.model].add(change.row)
        for picture in filter(None, (change.before, change.after)):
            for column, label in _pointers(change.model).items():
                if picture.get(column):
                    found[label].add(picture[column])
    return found


def _used_rows(model: type[models.Model], ids: set[int], going: dict[str, set[int]]) -> set[int]:
    used: set[int] = set()
    for other, column in _hanging_on(model):
        leaving = going.get(other._meta.label, set())
        hanging = [(row, pk) for row, pk in _pairs(other, column, ids) if pk not in leaving]
        if getattr(other, "goes_silently", False):  # those made together with their owner are no use of it
            noted = _in_history(other._meta.label, [pk for _row, pk in hanging])
            hanging = [(row, pk) for row, pk in hanging if pk in noted]
        used.update(row for row, _pk in hanging)
    return used


def _in_history(label: str, rows: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(rows), 500):
        here = Change.objects.filter(model=label, row__in=rows[start : start + 500])
        found.update(here.values_list("row", flat=True))
    return found


def _hanging_on(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """The tracked models whose rows hang on this one's, each with the column that says so."""
    relations = ((r.related_model, r.field.attname) for r in model._meta.related_objects)
    return [(other, column) for other, column in relations if getattr(other, "tracked", False)]


def _pairs(other, column: str, ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(the row it hangs on, the row that hangs) for those that hang on one of these."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), 500):
        rows = other.objects.filter(**{f"{column}__in": ordered[start : start + 500]})
        yield from rows.values_list(column, "pk")


def _apply(undoing: Undoing, doing: OpenAct) -> None:
    for change in undoing.insert:
        row = acts.row_of(acts.model_named(change.model), change.before)
        models.Model.save_base(row, force_insert=True)
        acts.note(doing, row, None, acts.image(row))
    for (label, row_id), values in undoing.set_back.items():
        model = acts.model_named(label)
        row = model.objects.get(pk=row_id)
        before = acts.image(row)
        mended = acts.row_of(model, before | values)
        mended._state.adding = False
        models.Model.save_base(mended, force_update=True)
        acts.note(doing, mended, before, acts.image(mended))
    for label, ids in undoing.remove.items():
        model = acts.model_named(label)
        acts.remove_all(list(model.objects.filter(pk__in=ids)) if len(ids) < 500 else _by_pieces(model, ids))


def _by_pieces(model: type[models.Model], ids: list[int]) -> list[models.Model]:
    return list(acts.rows_by_id(model, ids).values())
