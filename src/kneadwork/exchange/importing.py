"""The one way in, as pages, commands and the API call it: begin, stage, keep, undo."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import derived
from kneadwork.common import undo as undoing
from kneadwork.common.ids import read
from kneadwork.common.models import Act
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange import finding, formats, importing_events, staging
from kneadwork.exchange.keeping import LookAgain, is_stale, keep, lay_ready, look_anew
from kneadwork.exchange.models import ColumnChoice, Import, StagedRow
from kneadwork.exchange.neutral import Item, Record, Unreadable
from kneadwork.facts.professions import professions_on_map
from kneadwork.facts.zips import MILE_M
from kneadwork.network.models import Connection
from kneadwork.practice.models import Practice
from kneadwork.practice.setting_up import today

OUTCOMES = ("created", "updated", "unchanged", "merged", "retired", "rejected")
COUNTS = ("read", "created", "updated", "unchanged", "merged", "retired", "out_of_scope")
#: Between the ids of several imports that were asked for at once.
BETWEEN = "+"


class NoSuchImport(Exception):
    """An import that is not here, or that was never kept."""


class NothingKept(Exception):
    """One of several files failed (the cause says why), and nothing of those before it is kept."""


def import_files(paths: Sequence[str | Path], *, practice: Practice, by=None, by_name: str = "", **options) -> dict:
    """Stage and keep several files, all or nothing; answers the sums, with an id by which all are taken back."""
    if len(paths) == 1:
        return import_file(paths[0], practice=practice, by=by, by_name=by_name, **options)
    answers: list[dict] = []
    try:
        for path in paths:  # what cannot be read at all is known before anything is kept
            formats.kind_of(Path(path))
        for path in paths:
            answers.append(import_file(path, practice=practice, by=by, by_name=by_name, **options))
    except BaseException as fault:
        kept = [a["import"] for a in answers if a["import"]]
        if kept:
            with acting_in(practice.pk):
                undo(BETWEEN.join(kept), by=by, by_name=by_name)
        if isinstance(fault, Exception):
            raise NothingKept(_("Nothing was kept of any of these files.")) from fault
        raise
    return _sum(answers)


def _sum(answers: list[dict]) -> dict:
    refs = [a["import"] for a in answers]
    return {
        "import": BETWEEN.join(filter(None, refs)) or None, "imports": refs,
        **{key: sum(a[key] for a in answers) for key in COUNTS},
        "rejected": [r for a in answers for r in a["rejected"]], "warnings": [w for a in answers for w in a["warnings"]],
    }  # fmt: skip


def import_file(
    path: str | Path, *, practice: Practice, kind: str = "auto", near: tuple[float, float] | None = None,
    within_miles: float | None = None, professions: set[str] | None = None, dry_run: bool = False, by=None,
    by_name: str = "",
) -> dict:  # fmt: skip
    """Stage and keep one file; answers the counts as CONTRACTS.md shapes them. A dry run keeps nothing."""
    if kind == "calendar" or (kind == "auto" and formats.kind_of(Path(path)) == "calendar"):
        return importing_events.import_calendar(Path(path), practice=practice, dry_run=dry_run, by=by, by_name=by_name)
    options = {"near": near, "within_miles": within_miles, "professions": sorted(professions or ())}
    batch = begin(practice, Path(path), kind=kind, options=options, by=by)
    try:
        read_in(batch, practice)
        act = None if dry_run else _kept(batch, practice, by=by, by_name=by_name)
        derived.catch_up(practice.pk)
        document = answer(batch) | ({"import": act.ref} if act else {})
    finally:
        if dry_run or batch.read_at is None:
            with acting_in(practice.pk):
                _forget(batch)
    return document


def _kept(batch: Import, practice: Practice, *, by, by_name: str) -> Act:
    """Keep without anybody who looks at a preview: if the network changed meanwhile, as it is now."""
    for _try in range(3):
        with contextlib.suppress(LookAgain):
            return keep_ready(batch, practice, by=by, by_name=by_name)
    return keep_ready(batch, practice, by=by, by_name=by_name)


def keep_ready(batch: Import, practice: Practice, *, by=None, by_name: str = "") -> Act:
    """Keep a staged import, compared and laid ready before anybody need wait for it. Opens its own scopes."""
    on = today(practice)
    with acting_in(practice.pk, writing=False):
        stale = is_stale(batch)
    if stale:
        look_anew(batch)
    with acting_in(practice.pk, writing=False):
        ready = lay_ready(batch, on=on)
    with acting_in(practice.pk):
        return keep(batch, on=on, by=by, by_name=by_name, ready=ready)


def _forget(batch: Import) -> None:
    StagedRow.objects.filter(batch=batch)._raw_delete(StagedRow.objects.db)
    Import.objects.filter(pk=batch.pk)._raw_delete(Import.objects.db)


def begin(
    practice: Practice,
    path: Path,
    *,
    kind: str = "auto",
    options: dict | None = None,
    name: str = "",
    by=None,
) -> Import:
    """An import of a file, not yet read."""
    with acting_in(practice.pk):
        batch = Import(
            name=(name or path.name)[:200], kind=kind[:12], path=str(path.resolve())[:500], options=options or {},
            asked_at=timezone.now(), asked_by=by,
        )  # fmt: skip
        batch.save()
    return batch


def read_in(batch: Import, practice: Practice, progress: staging.Progress = lambda done: None) -> None:
    """Read and stage a begun import, in short transactions, once all is computed by which people are recognised."""
    derived.catch_up(practice.pk)
    staging.stage(batch, items_of(batch, practice), progress)


def items_of(batch: Import, practice: Practice) -> Iterator[Item]:
    """What the file's reader yields."""
    if batch.kind == finding.NEAR:
        return finding.items(batch, known_npis(practice))
    if batch.kind == finding.AROUND:
        batch.mapping = {"map": True}
        return finding.places(batch)
    path = Path(batch.path)
    kind = formats.kind_of(path)
    if kind == "calendar":
        raise Unreadable(_("This is a calendar and holds no contacts. Its events are taken under Events, New event."))
    if batch.kind == "contacts" and kind == "providers":
        kind = "table"
    if batch.kind == "providers" and kind not in ("providers", "registry extras"):
        raise Unreadable(_("This is not a file of the provider registry: its first line names no NPI."))
    if (kind in ("map", "overpass")) != (batch.kind == "places") and batch.kind != "auto":
        if batch.kind == "places":
            raise Unreadable(
                _("This is no file of the open map. There are .osm.pbf, .osm, .osm.gz, .osm.bz2 and .json.")
            )
        raise Unreadable(_("This is a file of the open map: its places are imported as places, not as people."))
    if kind in ("map", "overpass"):
        return _place_items(batch, path, kind, practice)
    if kind == "vcard":
        from kneadwork.exchange.readers import vcard

        return vcard.read_file(path)
    if kind == "providers":
        return _provider_items(batch, path, practice)
    if kind == "registry extras":
        from kneadwork.exchange.readers import registry_extras

        return registry_extras.read(path, known_npis(practice))
    return _table_items(batch, path)


def _place_items(batch: Import, path: Path, kind: str, practice: Practice) -> Iterator[Item]:
    """The named places of a map file, or of a kept answer about the map."""
    from kneadwork.exchange.readers import overpass, places

    batch.mapping = {"map": True}
    options = batch.options
    miles, near = options.get("within_miles"), options.get("near") or practice.place
    wanted = frozenset(options.get("places", options.get("professions")) or ()) or professions_on_map()
    scope = places.Scope(wanted, tuple(near) if near and miles else None, miles * MILE_M if miles else None)
    return overpass.read_file(path, scope) if kind == "overpass" else places.read(path, scope)


def _provider_items(batch: Import, path: Path, practice: Practice) -> Iterator[Item]:
    """The registry's main file; within the monthly zip then what its further files say of everyone known by now."""
    from kneadwork.exchange.readers import registry, registry_extras

    batch.mapping = {"header": formats.first_line(path)}
    options, numbers = batch.options, set(known_npis(practice))
    miles, near = options.get("within_miles"), options.get("near") or practice.place
    rows = registry.read(
        path, near=tuple(near) if near and miles else None, within_m=miles * MILE_M if miles else None,
        professions=frozenset(options.get("professions") or ()), known=frozenset(numbers),
    )  # fmt: skip
    for item in rows:
        if isinstance(item, Record) and not item.retired_on:
            numbers.add(item.npi)
        yield item
    if zipfile.is_zipfile(path):
        yield from registry_extras.read_inside(path, frozenset(numbers))


def _table_items(batch: Import, path: Path) -> Iterator[Item]:
    """The rows of a table, read as the user said for this file, else as remembered for its titles, else as it looks."""
    from kneadwork.exchange.readers import columns, health, sheets, table

    found, options = sheets.sheets(path), batch.options
    look = columns.layout(found, options.get("as", "auto"), options.get("columns"))
    with acting_in(batch.practice_id, writing=False):
        last = ColumnChoice.objects.filter(signature=look.signature).first()
    if last is not None and "columns" not in options:
        kind = options.get("as", "auto")
        look = columns.layout(found, last.kind if kind == "auto" else kind, last.columns)
    keep_health = bool(options.get("keep_health"))
    left_out = sorted(health.left_out(look, keep_health).columns)
    batch.mapping = {
        "titles": look.titles, "columns": {str(i): f for i, f in look.columns.items()}, "kind": look.kind,
        "sure": look.sure, "product": look.product, "signature": look.signature, "remembered": last is not None,
        "examples": _examples(look, left_out), "keep_health": keep_health, "left_out": left_out,
    }  # fmt: skip
    return table.read(look, keep_health=keep_health)


def _examples(look, left_out: list[int]) -> list[str]:
    """The first value of each column, to recognise it by; none of those that are left out."""

    def first(i: int) -> str:
        return next(
            (line.cells[i].strip()[:40] for line in look.lines[:50] if i < len(line.cells) and line.cells[i].strip()),
            "",
        )

    return ["" if i in left_out else first(i) for i in range(len(look.titles))]


def known_npis(practice: Practice) -> frozenset[str]:
    """The registry numbers known here."""
    with acting_in(practice.pk, writing=False):
        return frozenset(Connection.objects.exclude(npi="").values_list("npi", flat=True))


def answer(batch: Import) -> dict:
    """The counts of a staged import; every item read is in exactly one of them."""
    counts = {name: batch.counts.get(name, 0) for name in OUTCOMES if name != "rejected"}
    with acting_in(batch.practice_id, writing=False):
        rows = StagedRow.objects.filter(batch=batch, outcome="rejected").order_by("pk")
        rejected = [{"where": place, "reason": reason} for place, reason in rows.values_list("place", "reason")]
    out_of_scope = batch.out_of_scope + batch.counts.get("left_out", 0)
    total = sum(counts.values()) + len(rejected) + out_of_scope
    return {"import": None, "read": total, **counts, "out_of_scope": out_of_scope, "rejected": rejected,
            "warnings": batch.warnings}  # fmt: skip


def undo(import_ref: str, *, by=None, by_name: str = "") -> dict:
    """Take a kept import back, or several whose ids are joined, the newest first; those taken back before are passed over.

    Answers what went and what stays because it was used or edited since.
    """
    kept = [_act_of(ref) for ref in reversed(import_ref.split(BETWEEN))]
    waiting = [act for act in kept if not undoing.is_undone(act)] or kept
    with transaction.atomic():
        all_done = [undoing.undo(act, by=by, by_name=by_name) for act in waiting]
    left = {s.row: s.why for done in all_done for s in done.stays}
    names = dict(Connection.objects.filter(pk__in=left).values_list("pk", "name"))
    stays = [{"name": names[pk], "why": why} for pk, why in left.items() if pk in names]
    removed = sum(len(done.remove.get(f"network.{name}", [])) for done in all_done for name in ("Connection", "Event"))
    restored = sum(len(done.set_back) + len(done.insert) for done in all_done)
    return {"removed": removed, "restored": restored, "stays": stays}


def _act_of(import_ref: str) -> Act:
    try:
        return Act.objects.get(pk=read(import_ref), kind="import")
    except (ValueError, Act.DoesNotExist):
        raise NoSuchImport(_("There is no import “%(ref)s” here.") % {"ref": import_ref[:40]})
