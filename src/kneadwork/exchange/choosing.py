"""What the user decides on the preview, before anything is kept: streams, doubts, rows left out, how columns are read."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common.models import Job
from kneadwork.exchange.comparing import news
from kneadwork.exchange.models import ColumnChoice, Import, StagedRow
from kneadwork.exchange.staging import from_json
from kneadwork.network.models import Connection, Retirement, Stream

OPEN = ("created", "updated", "unchanged", "merged")


class TooLate(Exception):
    """A choice about an import that is kept already, given up, or not yet read."""


def _check(batch: Import) -> None:
    batch.hold()
    if batch.read_at is None or batch.act_id or batch.given_up_at:
        raise TooLate(_("This import was kept or given up already, so nothing here can be changed."))
    if Job.objects.filter(kind="import.keep", arguments__batch=batch.pk, ended_at=None).exists():
        raise TooLate(_("This import is being kept just now, so nothing here can be changed."))


def put_in_stream(batch: Import, stream: str, row: StagedRow | None = None) -> int:
    """Give one new connection, or all of them, another stream; "" takes the choice back. Answers how many changed."""
    _check(batch)
    if stream and stream not in Stream.values:
        raise ValueError(stream)
    rows = StagedRow.objects.filter(batch=batch, outcome="created")
    chosen = list(rows.filter(pk=row.pk) if row else rows.only("choice"))
    for one in chosen:
        one.choice = {k: v for k, v in one.choice.items() if k != "stream"} | ({"stream": stream} if stream else {})
    StagedRow.objects.bulk_update(chosen, ["choice"], batch_size=500)
    return len(chosen)


def leave_out(batch: Import, row: StagedRow, out: bool) -> None:
    """Leave one row out, or take it in again."""
    _check(batch)
    before = row.counted
    row.choice = {k: v for k, v in row.choice.items() if k != "leave_out"} | ({"leave_out": True} if out else {})
    row.save()
    _count_anew(batch, row, before)


def _count_anew(batch: Import, row: StagedRow, before: str) -> None:
    batch.counts[before] = batch.counts.get(before, 0) - 1
    batch.counts[row.counted] = batch.counts.get(row.counted, 0) + 1
    batch.counts = {name: count for name, count in batch.counts.items() if count}
    batch.save()


def answer_likeness(batch: Import, row: StagedRow, *, same: bool) -> None:
    """Say of a doubtful row that it is the one it resembles, or another; the counts of the preview follow."""
    _check(batch)
    [(_row, _whom, open_to_doubt)] = with_whom([row])
    if not open_to_doubt:
        raise TooLate(_("There is no doubt about this one."))
    if row.likeness_of is None:
        row.likeness_of = row.match
    before = row.counted
    row.choice = {k: v for k, v in row.choice.items() if k not in ("same", "other")} | {
        "same" if same else "other": True
    }
    row.match, row.changes, row.outcome = (row.likeness_of, {}, "merged") if same else (None, {}, "created")
    known = Connection.objects.filter(pk=row.likeness_of).first() if same else None
    if known is not None:
        retired = set(Retirement.objects.filter(connection=known).values_list("connection_id", flat=True))
        row.changes = news({row.pk: (known, from_json(row.record))}, retired, batch.name)[row.pk]
        row.outcome = "updated" if row.changes else "unchanged"
    row.save()
    _count_anew(batch, row, before)


def with_whom(rows: list[StagedRow]) -> list[tuple[StagedRow, str, bool]]:
    """Each row, the name of whom it joins (known already, or earlier in the file), and whether it may be said to be another.

    It may be where it joins or resembles somebody; two never share a registry number, everything else they may.
    """
    wanted = {row.match for row in rows if row.match}
    earlier = StagedRow.objects.filter(pk__in=wanted).values_list("pk", "name", "record__npi")
    known = Connection.objects.filter(pk__in=wanted).values_list("pk", "name", "npi")
    whom = {pk: (name, npi) for pk, name, npi in (*earlier, *known)}
    found = []
    for row in rows:
        name, npi = whom.get(row.match, ("", ""))
        numbered = bool(npi) and npi == (row.record or {}).get("npi")
        alike = bool(row.match or row.likeness_of)
        found.append((row, name, alike and not numbered and row.outcome in OPEN))
    return found


def read_otherwise(batch: Import, columns: dict[str, str], *, kind: str, keep_health: bool) -> None:
    """Read a table once more with other columns; the choice is remembered for tables with the same titles."""
    _check(batch)
    signature = (batch.mapping or {}).get("signature", "")
    values = {"kind": kind, "columns": columns}
    ColumnChoice.objects.update_or_create(practice_id=batch.practice_id, signature=signature, defaults=values)
    batch.options = {**batch.options, "as": kind, "columns": columns, "keep_health": keep_health}
    batch.read_at, batch.counts = None, {}
    batch.save()


def give_up(batch: Import) -> None:
    """Forget what was staged; nothing of it is kept."""
    batch.hold()
    if batch.act_id:
        raise TooLate(_("This import was kept already. Undo takes it back."))
    StagedRow.objects.filter(batch=batch)._raw_delete(StagedRow.objects.db)
    batch.given_up_at = timezone.now()
    batch.save()
