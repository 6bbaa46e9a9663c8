"""Staging: a file's records read, recognised, cleaned, matched and laid out in short transactions, not yet kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import bulk
from kneadwork.common.ids import new_id
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange import matching
from kneadwork.exchange.comparing import news
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.exchange.neutral import (
    AboutFile,
    Address,
    ClientFacts,
    Email,
    Item,
    OnMap,
    OutOfScope,
    Phone,
    Record,
    Rejected,
    plain,
)
from kneadwork.exchange.normal import clean, clean_lines, e164
from kneadwork.exchange.reachable import keep_reachable
from kneadwork.exchange.recognise import recognise
from kneadwork.network.models import Connection, Retirement
from kneadwork.network.naming import split_suffix

CHUNK = 500
Progress = Callable[[int], None]


def stage(batch: Import, items: Iterator[Item], progress: Progress = lambda done: None) -> None:
    """Lay out every item of a file; what was laid out before for this import is dropped first.

    Opens its own short scopes: call outside of any transaction. `progress` is told within each of them, before it
    writes, so that a try at the job that is no longer the job's own lays nothing out.
    """
    begun = timezone.now()
    with acting_in(batch.practice_id):
        progress(0)
        StagedRow.objects.filter(batch=batch)._raw_delete(StagedRow.objects.db)
    index, counts, warnings, waiting, done = matching.Index(), {"out_of_scope": 0}, [], [], 0
    for item in items:
        if isinstance(item, OutOfScope):
            counts["out_of_scope"] += item.count
            continue
        if isinstance(item, AboutFile):
            warnings.append(item.words)
            continue
        waiting.append(item)
        if len(waiting) == CHUNK:
            done += len(waiting)
            with acting_in(batch.practice_id):
                progress(done)
                _lay_out(batch, waiting, index, counts, warnings)
            waiting = []
    with acting_in(batch.practice_id):
        progress(done + len(waiting))
        _lay_out(batch, waiting, index, counts, warnings)
        batch.out_of_scope = counts.pop("out_of_scope")
        if not any(counts.values()) and not batch.out_of_scope:
            warnings.append(_("There was nothing in this file to take."))
        batch.counts, batch.warnings, batch.read_at = counts, warnings[:500], begun
        batch.save()


def _lay_out(batch: Import, items: list, index: matching.Index, counts: dict, warnings: list) -> None:
    if not items:
        return
    with acting_in(batch.practice_id):
        records = [i for i in items if isinstance(i, Record)]
        for record in records:
            tidy(record)
        matching.load(records, index)
        rows = [_row(batch, item, index) for item in items]
        _compare(batch, rows, {row.pk: item for row, item in zip(rows, items, strict=True) if row.record})
        for row, item in zip(rows, items, strict=True):
            counts[row.outcome] = counts.get(row.outcome, 0) + 1
            warnings += [f"{row.place}: {w}" for w in getattr(item, "warnings", [])][:20]
        bulk.insert(rows)


def lay_out_anew(batch: Import) -> bool:
    """Recognise and compare what is staged once more, against the network as it is now; whether any outcome changed.

    Opens its own scopes: outside of any transaction it works in short ones, and is simply done again where it was cut
    off. What the user chose for a row stays.
    """
    index, counts, otherwise = matching.Index(), {}, False
    with acting_in(batch.practice_id, writing=False):
        numbers = list(StagedRow.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True))
    begun = timezone.now()
    for start in range(0, len(numbers), CHUNK):
        with acting_in(batch.practice_id):
            rows = list(StagedRow.objects.filter(pk__in=numbers[start : start + CHUNK]).order_by("pk"))
            otherwise = _recognised_anew(batch, rows, index) or otherwise
        for row in rows:
            counts[row.counted] = counts.get(row.counted, 0) + 1
    with acting_in(batch.practice_id):
        batch.counts, batch.read_at = counts, begun
        batch.save(update_fields=["counts", "read_at"])
    return otherwise


def _recognised_anew(batch: Import, rows: list[StagedRow], index: matching.Index) -> bool:
    before, records = [row.outcome for row in rows], records_of(rows)
    matching.load(list(records.values()), index)
    for row in rows:
        if row.pk in records:
            _recognised(row, records[row.pk], index)
    _compare(batch, rows, records)
    bulk.update(rows, RECOGNISED)
    return before != [row.outcome for row in rows]


RECOGNISED = ("outcome", "reason", "match", "likeness", "likeness_of", "changes")


def tidy(record: Record) -> None:
    """Clean every text of a record, normalise its telephones, recognise stream and profession."""
    limits = {"name": 200, "note": 4000, "met_through": 200, "referred_by": 200, "organisation": 200, "title": 200,
              "given": 100, "middle": 100, "family": 100, "prefix": 40, "suffix": 40, "credentials": 80,
              "nickname": 100, "where": 100}  # fmt: skip
    for name, limit in limits.items():
        setattr(record, name, clean(getattr(record, name), limit))
    keep_reachable(record)
    record.suffix, behind = split_suffix(record.suffix)
    record.credentials = record.credentials or behind[:80]
    for phone in record.phones:
        phone.value = clean(phone.value, 100)
        phone.e164 = phone.e164 or e164(phone.value)
    record.extra = {clean(k, 60): clean(v, 400) for k, v in list(record.extra.items())[:60] if v}
    recognise(record)


def _row(batch: Import, item: Record | Rejected, index: matching.Index) -> StagedRow:
    base = {"id": new_id(), "practice_id": batch.practice_id, "batch": batch, "place": item.where[:100]}
    if isinstance(item, Rejected):
        return StagedRow(**base, outcome="rejected", reason=item.reason, raw=clean_lines(item.raw))
    if not item.name:
        return StagedRow(**base, outcome="rejected", reason=_("There is no name here."))
    row = StagedRow(**base, name=item.name, record=as_json(item))
    _recognised(row, item, index)
    return row


def _recognised(row: StagedRow, item: Record, index: matching.Index) -> None:
    """Whom a row certainly is, or may be, and so what becomes of it."""
    found = matching.match(item, index)
    row.match, row.likeness, row.likeness_of, row.changes = found.joins, found.reason, found.like, {}
    if item.retired_on:
        row.outcome = "retired" if found.joins else "rejected"
        row.reason = "" if found.joins else _("Deactivated in the registry, and not known here.")
        return
    if row.choice.get("other"):
        row.match, row.likeness_of = None, row.likeness_of or row.match
    elif row.choice.get("same") and row.match is None:
        row.match = row.likeness_of
    row.outcome = "created" if row.match is None else "unchanged" if found.seen else "updated"
    index.learn(row.match if row.match is not None else row.pk, item)


def _compare(batch: Import, rows: list[StagedRow], records: dict[int, Record]) -> None:
    """Tell `updated` from `unchanged`, and records that join an earlier one of the same file (`merged`)."""
    known = Connection.objects.in_bulk([r.match for r in rows if r.match])
    retired = set(Retirement.objects.filter(connection__in=known).values_list("connection_id", flat=True))
    changes = news({r.pk: (known[r.match], records[r.pk]) for r in rows if r.match in known}, retired, batch.name)
    for row in rows:
        if row.match is None:
            continue
        if row.match not in known:
            row.outcome = "merged"
        elif row.outcome == "retired":
            row.outcome = "unchanged" if row.match in retired else "retired"
        elif row.outcome != "unchanged" or row.match in retired:
            row.changes = changes[row.pk]
            row.outcome = "updated" if row.changes else "unchanged"


def records_of(rows: list[StagedRow]) -> dict[int, Record]:
    """The neutral records of staged rows."""
    return {row.pk: from_json(row.record) for row in rows if row.record}


def as_json(record: Record) -> dict:
    """A record as plain JSON values."""
    stored = plain(record)
    if record.retired_on:
        stored["retired_on"] = record.retired_on.isoformat()
    if record.client:
        stored["client"] |= {day: value.isoformat() for day in DAYS if (value := getattr(record.client, day))}
    return stored


def from_json(stored: dict) -> Record:
    """The record of plain JSON values."""
    given = dict(stored)
    given["phones"] = [Phone(**p) for p in given["phones"]]
    given["emails"] = [Email(**e) for e in given["emails"]]
    given["addresses"] = [Address(**a) for a in given["addresses"]]
    given["retired_on"] = date.fromisoformat(given["retired_on"]) if given["retired_on"] else None
    given["place"] = OnMap(**given["place"]) if given.get("place") else None
    if given["client"]:
        days = {k: date.fromisoformat(v) for k, v in given["client"].items() if k in DAYS and v}
        given["client"] = ClientFacts(**given["client"] | days)
    return Record(**given)


DAYS = ("since", "first_visit", "last_visit")
