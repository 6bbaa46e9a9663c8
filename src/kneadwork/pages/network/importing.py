"""Import: drop a file, see what it brings, keep it as a whole, take it back."""

from __future__ import annotations

import csv
import io
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kneadwork.common import jobs
from kneadwork.common import undo as undoing
from kneadwork.exchange import background  # noqa: F401  registers its jobs
from kneadwork.exchange.formulas import harmless
from kneadwork.exchange.keeping import NotReady
from kneadwork.exchange.keeping import keep as keep_import
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.facts import contact_columns
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right

SHOWN = 100


@for_member(Right.IMPORT)
def page(request: HttpRequest) -> HttpResponse:
    """The drop zone, how to get the file out of each product, and what was imported before."""
    if request.method == "POST" and request.FILES.get("file"):
        return begin(request)
    context = {"place": "network", "how": contact_columns.how_to_export(),
               "before": Import.objects.select_related("act").order_by("-asked_at")[:20]}  # fmt: skip
    return render(request, "network/import.html", context)


def begin(request: HttpRequest) -> HttpResponse:
    """Keep the upload beside the data and read it in the background."""
    upload = request.FILES["file"]
    folder = settings.HOME / "uploads"
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / f"{secrets.token_hex(12)}{Path(upload.name).suffix[:8].lower()}"
    with open(path, "wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    batch = Import(name=upload.name[:200], kind="auto", path=str(path), asked_by=request.member, options=options(request),
                   asked_at=background.now())  # fmt: skip
    batch.save()
    jobs.ask("import.read", by=request.member, batch=batch.pk)
    return redirect("network:import_preview", batch.pk)


def options(request: HttpRequest) -> dict:
    """Distance and kind as chosen on the page."""
    miles = request.POST.get("miles", "")
    kind = request.POST.get("as", "auto")
    return {"within_miles": float(miles) if miles.isdigit() else None, "near": None, "professions": [],
            "as": kind if kind in ("address_book", "booking") else "auto"}  # fmt: skip


@for_member(Right.IMPORT)
def preview(request: HttpRequest, import_id: int) -> HttpResponse:
    """What this file brings; while it is read, how far."""
    batch = get_object_or_404(Import.objects.select_related("act"), pk=import_id)
    outcome = request.GET.get("show", "")
    rows = StagedRow.objects.filter(batch=batch)
    shown = (
        rows.filter(outcome=outcome) if outcome in ("created", "updated", "unchanged", "merged", "retired") else rows
    )
    context = {
        "place": "network", "batch": batch, "counts": batch.counts, "shown": outcome,
        "doubts": rows.exclude(likeness="")[:SHOWN], "rejected": rows.filter(outcome="rejected")[:SHOWN],
        "rows": shown.exclude(outcome="rejected").order_by("pk")[:SHOWN], "undone": batch.act and undoing.is_undone(batch.act),
    }  # fmt: skip
    return render(request, "network/import_preview.html", context)


@require_POST
@for_member(Right.IMPORT)
def keep(request: HttpRequest, import_id: int) -> HttpResponse:
    """Keep all of it, as one act."""
    batch = get_object_or_404(Import, pk=import_id)
    try:
        act = keep_import(batch, on=request.today, by=request.member)
    except NotReady as refused:
        messages.warning(request, str(refused))
        return redirect("network:import_preview", batch.pk)
    messages.success(request, _("Everything is in your network."), extra_tags=f"undo:{act.ref}")
    return redirect("network:import_preview", batch.pk)


@require_POST
@for_member(Right.IMPORT)
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take the import back as a whole."""
    batch = get_object_or_404(Import.objects.exclude(act=None).select_related("act"), pk=import_id)
    done = undoing.undo(batch.act, by=request.member)
    words = _("This import is taken back.")
    if done.stays:
        words += " " + _("%(count)d rows stay, because they were edited or used since.") % {"count": len(done.stays)}
    messages.success(request, words)
    return redirect("network:import")


@for_member(Right.IMPORT)
def rejects(request: HttpRequest, import_id: int) -> HttpResponse:
    """What could not be read, as a file to mend and import again."""
    batch = get_object_or_404(Import, pk=import_id)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Where", "Why it could not be read", "As it stood"])
    for row in StagedRow.objects.filter(batch=batch, outcome="rejected").order_by("pk"):
        writer.writerow([harmless(v) for v in (row.place, row.reason, row.raw)])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="could-not-be-read.csv"'
    return response


def find_near(request: HttpRequest) -> HttpResponse:
    """Asking the registry's public API for professionals nearby."""
    messages.info(request, _(
        "Asking the registry over the network is not there yet. Fetch its weekly file (NPPES downloads, at CMS) and drop it here: "
        "only your professions within your distance are taken."
    ))  # fmt: skip
    return redirect("network:import")
