"""Two connections that are one: seen side by side, merged field by field, taken apart again; or said to be two.

A merge keeps every record about both: it moves what hangs on the one that goes to the one that stays, in one act, so that
undo restores both as they were. What both have (a telephone, a tag) is kept once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kneadwork.common import acts, undo
from kneadwork.common.models import Act
from kneadwork.network.addresses import address_key
from kneadwork.network.models import (
    Address,
    Client,
    Connection,
    ContactPoint,
    MergeProposal,
    NotTheSame,
    Place,
    Provenance,
    Stop,
    Tag,
)
from kneadwork.network.visits import better
from kneadwork.practice.models import Member

#: What is chosen per field where the two differ.
FIELDS = {
    "name": gettext_lazy("Name"), "credentials": gettext_lazy("Credentials"), "kind": gettext_lazy("Person or organisation"),
    "stream": gettext_lazy("Stream"), "profession": gettext_lazy("Profession"), "organisation": gettext_lazy("Organisation"),
    "title": gettext_lazy("Title"), "nickname": gettext_lazy("Called"), "how_known": gettext_lazy("How you know them"),
    "met_through": gettext_lazy("Met through"), "note": gettext_lazy("Note"),
}  # fmt: skip
#: Parts that go with the name that was chosen.
NAME_PARTS = ("given", "middle", "family", "prefix", "suffix")


class MergeRefused(Exception):
    """Two connections that cannot be merged, in words for the user."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One field of two connections: what each says, whether they differ, and whose is proposed ("keep" or "gone")."""

    field: str
    label: str
    keep: str
    gone: str
    proposed: str

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return self.keep != self.gone


def ordered(one: Connection, other: Connection) -> tuple[Connection, Connection]:
    """(the one that stays, the one that goes): the registry's stays, else the one known longer."""
    first, second = sorted((one, other), key=lambda c: (not c.npi, c.added_at, c.pk))
    return first, second


def compare(keep: Connection, gone: Connection) -> list[Pair]:
    """The fields of both, side by side; empty ones give way, of two values the one that stays is proposed."""
    pairs = []
    for name, label in FIELDS.items():
        mine, other = _shown(keep, name), _shown(gone, name)
        if mine or other:
            pairs.append(Pair(name, str(label), mine, other, "keep" if mine else "gone"))
    return pairs


def _shown(connection: Connection, name: str) -> str:
    display = getattr(connection, f"get_{name}_display", None)
    if display:
        return str(display())
    value = getattr(connection, name)
    if name == "profession":
        from kneadwork.facts.professions import LABELS

        return str(LABELS.get(value, value))
    return value


def check(keep: Connection, gone: Connection) -> None:
    """Refuse what cannot be one."""
    if keep.pk == gone.pk:
        raise MergeRefused(_("This is one connection already."))
    if keep.npi and gone.npi and keep.npi != gone.npi:
        raise MergeRefused(_("The provider registry knows them by two numbers, so they are two."))


def merge(
    keep: Connection, gone: Connection, choices: dict[str, str] | None = None, *, by: Member | None = None, by_name: str = ""
) -> Act:  # fmt: skip
    """Make one of two; `choices` says per field of FIELDS whose value stands ("keep" or "gone"). Answers the act."""
    check(keep, gone)
    chosen = {p.field: p.proposed for p in compare(keep, gone)} | {
        name: whose for name, whose in (choices or {}).items() if name in FIELDS and whose in ("keep", "gone")
    }
    with acts.act(
        "merge", _("%(gone)s into %(keep)s") % {"gone": gone.name, "keep": keep.name}, by=by, by_name=by_name
    ) as doing:
        _take_values(keep, gone, chosen)
        for relation in Connection._meta.related_objects:
            model = relation.related_model
            if getattr(model, "tracked", False) and relation.field.name == "connection":
                _MOVES.get(model, _move)(model, keep, gone)
        _settle_pairs(keep, gone)
        _lead_on(keep, gone)
        acts.remove(Connection.objects.get(pk=gone.pk))
        act = doing.row()
    return act


def _take_values(keep: Connection, gone: Connection, chosen: dict[str, str]) -> None:
    names = [n for n in (keep.name, gone.name, *keep.other_names, *gone.other_names) if n]
    before = {name: getattr(keep, name) for name in FIELDS}
    for name, whose in chosen.items():
        if whose == "gone":
            setattr(keep, name, getattr(gone, name))
    for part in NAME_PARTS:
        theirs = getattr(gone, part)
        if chosen.get("name") == "gone" or not getattr(keep, part):
            setattr(keep, part, theirs)
    keep.other_names = [n for n in dict.fromkeys(names) if n != keep.name]
    keep.professions = list(dict.fromkeys(filter(None, (keep.profession, *keep.professions, *gone.professions))))
    keep.npi, keep.extra = keep.npi or gone.npi, {**gone.extra, **keep.extra}
    if keep.latitude is None:
        keep.latitude, keep.longitude, keep.place_rough = gone.latitude, gone.longitude, gone.place_rough
    keep.save()
    origin = _("merged with %(name)s") % {"name": gone.name}
    for name, value in before.items():
        if getattr(keep, name) != value:
            Provenance(connection=keep, field=name, value=str(getattr(keep, name))[:400], origin=origin[:200],
                       noted_at=timezone.now()).save()  # fmt: skip


def _move(model, keep: Connection, gone: Connection) -> None:
    """Records simply move."""
    acts.set_all(list(model.objects.filter(connection=gone)), connection_id=keep.pk)


def _move_once(key: Callable) -> Callable:
    """Parts that both have stay once; what comes new is never the preferred one where there is one already."""

    def move(model, keep: Connection, gone: Connection) -> None:
        have = {key(row): row for row in model.objects.filter(connection=keep)}
        kinds = {getattr(row, "kind", "") for row in have.values() if getattr(row, "preferred", False)}
        coming = list(model.objects.filter(connection=gone))
        acts.remove_all([row for row in coming if key(row) in have])
        fresh = [row for row in coming if key(row) not in have]
        if model not in (Tag, Place):
            acts.set_all([row for row in fresh if row.preferred and getattr(row, "kind", "") in kinds], preferred=False)
        acts.set_all(fresh, connection_id=keep.pk)

    return move


def _move_client(model, keep: Connection, gone: Connection) -> None:
    """Two records of one client become one: the earliest and the latest visit, the larger count."""
    mine, theirs = (Client.objects.filter(connection=c).order_by("pk").first() for c in (keep, gone))
    if mine is None or theirs is None:
        _move(model, keep, gone)
        return
    for name, value in better(mine, theirs).items():
        setattr(mine, name, value)
    mine.number = mine.number or theirs.number
    mine.save()
    for relation in Client._meta.related_objects:
        rows = list(relation.related_model.objects.filter(**{relation.field.name: theirs}))
        acts.set_all(rows, **{relation.field.attname: mine.pk})
    acts.remove(theirs)


_MOVES: dict[type, Callable] = {
    ContactPoint: _move_once(lambda row: (row.kind, row.normal)),
    Address: _move_once(address_key),
    Tag: _move_once(lambda row: row.name),
    Client: _move_client,
    Place: _move_once(lambda row: row.osm),
}


def _lead_on(keep: Connection, gone: Connection) -> None:
    """Those who were met through the one that goes were met through the one that stays; nobody through themselves."""
    acts.set_all(list(Connection.objects.filter(through=gone).exclude(pk=keep.pk)), through_id=keep.pk)
    through = keep.through_id if keep.through_id not in (None, gone.pk) else gone.through_id
    through = None if through == keep.pk else through
    if through != keep.through_id:
        keep.through_id = through
        keep.save()


def _settle_pairs(keep: Connection, gone: Connection) -> None:
    """Proposals and "not the same" about the one that goes are about the one that stays, each pair once."""
    for model in (MergeProposal, NotTheSame):
        have = {(row.low_id, row.high_id) for row in model.objects.filter(low=keep)}
        have |= {(row.low_id, row.high_id) for row in model.objects.filter(high=keep)}
        for row in [*model.objects.filter(low=gone), *model.objects.filter(high=gone)]:
            other = row.high_id if row.low_id == gone.pk else row.low_id
            pair = tuple(sorted((keep.pk, other)))
            if other == keep.pk or pair in have:
                acts.remove(row)
                continue
            have.add(pair)
            row.low_id, row.high_id = pair
            row.save()


def not_the_same(one: Connection, other: Connection, *, by: Member | None = None, by_name: str = "") -> Act:
    """Remember that two look-alikes are two; they are not proposed again."""
    with acts.act("not the same", f"{one.name}, {other.name}", by=by, by_name=by_name) as doing:
        remember_two(one.pk, other.pk)
        act = doing.row()
    return act


def remember_two(one: int, other: int) -> None:
    """The same by ids, within an act; one that is gone by now is nobody to remember."""
    low, high = sorted((one, other))
    acts.remove_all(list(MergeProposal.objects.filter(low=low, high=high)))
    known = Connection.objects.filter(pk__in=(low, high)).count() == 2
    if known and not NotTheSame.objects.filter(low=low, high=high).exists():
        NotTheSame(low_id=low, high_id=high).save()


@undo.afterwards("merge")
def _both_stopped(undoing: undo.Undoing) -> None:
    """Who said stop while the two were one is not known: taken apart, both are left in peace."""
    gone = [change.row for change in undoing.insert if change.model == Connection._meta.label]
    kept = undoing.act.changes.filter(model=Connection._meta.label).exclude(row__in=gone)
    stayed = set(kept.values_list("row", flat=True))
    since = Stop.objects.filter(connection__in=stayed, pk__gt=undoing.act.pk).order_by("pk").first()
    for pk in gone if since else []:
        if not Stop.objects.filter(connection=pk).exists():
            Stop(connection_id=pk, on=since.on, how=since.how, reaches=since.reaches).save()
