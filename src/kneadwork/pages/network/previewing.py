"""The preview of an import: what it would do, and the choices before it is kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kneadwork.common import jobs, numbers
from kneadwork.common import undo as undoing
from kneadwork.exchange import background, choosing, mending, sources
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.exchange.readers.columns import FIELDS
from kneadwork.network.models import Connection, Stream
from kneadwork.pages.network.importing import rows_shown
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right

OUTCOMES = ("created", "updated", "unchanged", "merged", "retired", "left_out")
SHOWN = 100


@for_member(Right.IMPORT)
def page(request: HttpRequest, import_id: int) -> HttpResponse:
    """What this file brings; while it is read, how far."""
    batch = get_object_or_404(Import.objects.select_related("act"), pk=import_id)
    job = background.job_of(batch)
    if (job and not job.trouble) or batch.read_at is None or batch.trouble:
        return render(request, "network/import_reading.html", {"place": "network", "batch": batch, "job": job})
    outcome = request.GET.get("show", "")
    after = numbers.whole(request.GET.get("after", "")) or 0
    shown = rows_shown(batch, outcome if outcome in OUTCOMES else "", after, SHOWN)
    rows = StagedRow.objects.filter(batch=batch)
    sent_by = {} if batch.act_id else sources.in_words(shown)
    for row in shown:
        row.sent_by = sent_by.get(row.pk, "")
    context = {
        "place": "network", "batch": batch, "counts": batch.counts, "shown": outcome, "rows": choosing.with_whom(shown), "job": job,
        "next": shown[-1].pk if len(shown) == SHOWN else None, "doubts": _doubts(rows), "streams": Stream.choices,
        "rejected": rows.filter(outcome="rejected").order_by("pk")[:SHOWN], "columns": _columns(batch),
        "undone": batch.act and undoing.is_undone(batch.act), "sources": _sources(rows),
        "column_fields": FIELDS.items(),
    }  # fmt: skip
    return render(request, "network/import_preview.html", context)


def _doubts(rows) -> list[tuple[StagedRow, Connection | StagedRow | None]]:
    """Rows that may be somebody known, each with whom."""
    doubtful = list(rows.exclude(likeness_of=None).exclude(outcome="rejected").order_by("pk")[:SHOWN])
    ids = [row.likeness_of for row in doubtful]
    known = {**StagedRow.objects.in_bulk(ids), **Connection.objects.in_bulk(ids)}
    return [(row, known.get(row.likeness_of)) for row in doubtful]


def _sources(rows) -> int:
    """How many rows name somebody who sent them."""
    taken = rows.filter(choice__leave_out__isnull=True)
    return taken.filter(outcome="created", record__referred_by_is_source=True).count()


def _columns(batch: Import) -> list[dict]:
    """The columns of a table, with what they are read as, or that they are left out because of health."""
    mapping = batch.mapping or {}
    examples, left_out = mapping.get("examples") or [], mapping.get("left_out") or []
    return [
        {"number": i, "title": title, "field": mapping["columns"].get(str(i), ""), "example": examples[i],
         "left_out": i in left_out}
        for i, title in enumerate(mapping.get("titles") or []) if title or examples[i]
    ]  # fmt: skip


@require_POST
@for_member(Right.IMPORT)
def columns(request: HttpRequest, import_id: int) -> HttpResponse:
    """Read the table once more, with the columns and the kind that the user says."""
    batch = get_object_or_404(Import, pk=import_id)
    given = {key[7:]: value for key, value in request.POST.items() if key.startswith("column-") and value in FIELDS}
    kind = request.POST.get("as", "")
    try:
        choosing.read_otherwise(
            batch, given, kind=kind if kind in ("address_book", "booking") else "booking",
            keep_health=request.POST.get("keep_health") == "1",
        )  # fmt: skip
    except choosing.TooLate as refused:
        messages.warning(request, str(refused))
    else:
        jobs.ask("import.read", by=request.member, batch=batch.pk)
    return redirect("network:import_preview", batch.pk)


@require_POST
@for_member(Right.IMPORT)
def choose(request: HttpRequest, import_id: int) -> HttpResponse:
    """One choice: a stream for one or for all, the same or another, left out or taken in."""
    batch = get_object_or_404(Import, pk=import_id)
    staged, named = StagedRow.objects.filter(batch=batch), request.POST.get("row", "")
    row = visible.chosen(staged, named) if named else None
    what, value = request.POST.get("what"), request.POST.get("value", "")
    try:
        if what == "stream" and (value in Stream.values or not value):
            choosing.put_in_stream(batch, value, row)
        elif what == "likeness" and row:
            choosing.answer_likeness(batch, row, same=value == "same")
        elif what in ("leave_out", "take_in") and row:
            choosing.leave_out(batch, row, what == "leave_out")
    except choosing.TooLate as refused:
        messages.warning(request, str(refused))
    return redirect("network:import_preview", batch.pk)


@require_POST
@for_member(Right.IMPORT)
def give_up(request: HttpRequest, import_id: int) -> HttpResponse:
    """Put the file away; nothing of it is kept."""
    batch = get_object_or_404(Import, pk=import_id)
    try:
        choosing.give_up(batch)
    except choosing.TooLate as refused:
        messages.warning(request, str(refused))
        return redirect("network:import_preview", batch.pk)
    background.drop_upload(batch)
    messages.info(request, _("Put away. Nothing of it was kept."))
    return redirect("network:import")


@for_member(Right.IMPORT)
def rejects(request: HttpRequest, import_id: int) -> HttpResponse:
    """What could not be read, as a file to mend and import again."""
    batch = get_object_or_404(Import, pk=import_id)
    name, media_type, content = mending.rejected_file(batch)
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
