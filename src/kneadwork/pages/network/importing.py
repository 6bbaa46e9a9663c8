"""Import: drop a file, see what it brings, choose, keep it as a whole, take it back."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kneadwork.common import jobs, numbers
from kneadwork.common import undo as undoing
from kneadwork.common.models import Act
from kneadwork.exchange import background, collecting, finding, uploading
from kneadwork.exchange.keeping import NotReady
from kneadwork.exchange.keeping import keep as keep_import
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.facts import contact_columns
from kneadwork.facts.professions import METHOD_NINE, all_professions, medical_professions, professions_on_map
from kneadwork.network.models import Connection
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right


@for_member(Right.IMPORT)
def page(request: HttpRequest) -> HttpResponse:
    """The drop zone, how to get the file out of each product, and what was imported before."""
    if request.method == "POST" and request.FILES.get("file"):
        return begin(request)
    known = all_professions()
    context = {"place": "network", "how": contact_columns.how_to_export(), "nine": METHOD_NINE,
               "professions": [(key, known[key].label) for key in sorted(medical_professions())],
               "on_map": [(key, known[key].label) for key in sorted(professions_on_map())], "before": _before()}  # fmt: skip
    return render(request, "network/import.html", context)


def _before() -> QuerySet:
    """The newest imports, each with whether it was taken back."""
    undone = Exists(Act.objects.filter(undoes=OuterRef("act")))
    rows = Import.objects.exclude(kind=collecting.KIND)
    return rows.select_related("act").annotate(undone=undone).order_by("-asked_at")[:20]


def begin(request: HttpRequest) -> HttpResponse:
    """Keep the upload beside the data and read it in the background."""
    try:
        batch = uploading.take(request.FILES["file"], options(request), by=request.member)
    except uploading.UploadRefused as refused:
        messages.warning(request, str(refused))
        return redirect("network:import")
    return redirect("network:import_preview", batch.pk)


def options(request: HttpRequest) -> dict:
    """Distance, professions and kind as chosen on the page."""
    kind = request.POST.get("as", "auto")
    wanted = [p for p in request.POST.getlist("profession") if p in all_professions()]
    return {"within_miles": numbers.decimal(request.POST.get("miles", "")), "near": None, "professions": wanted,
            "places": [p for p in request.POST.getlist("kind") if p in professions_on_map()],
            "as": kind if kind in ("address_book", "booking") else "auto"}  # fmt: skip


@require_POST
@for_member(Right.IMPORT)
def find(request: HttpRequest) -> HttpResponse:
    """Ask the registry for professionals nearby."""
    miles = numbers.decimal(request.POST.get("miles", ""))
    try:
        wanted = set(request.POST.getlist("profession"))
        batch = finding.find_near(request.practice, wanted, 5 if miles is None else miles, by=request.member)
    except finding.NowhereYet as refused:
        messages.warning(request, str(refused))
        return redirect("practice:setup_step", "place")
    return redirect("network:import_preview", batch.pk)


@require_POST
@for_member(Right.IMPORT)
def around(request: HttpRequest) -> HttpResponse:
    """Ask the open map what is around the practice."""
    miles = numbers.decimal(request.POST.get("around", ""))
    try:
        wanted = set(request.POST.getlist("kind"))
        batch = finding.find_around(request.practice, wanted, 0.5 if miles is None else miles, by=request.member)
    except finding.NowhereYet as refused:
        messages.warning(request, str(refused))
        return redirect("practice:setup_step", "place")
    return redirect("network:import_preview", batch.pk)


@require_POST
@for_member(Right.IMPORT)
def keep(request: HttpRequest, import_id: int) -> HttpResponse:
    """Keep all of it, as one act; a large one in the background."""
    batch = get_object_or_404(Import, pk=import_id)
    if background.is_large(batch) and batch.act_id is None:
        jobs.ask("import.keep", by=request.member, batch=batch.pk, member=request.member.pk)
        return redirect("network:import_preview", batch.pk)
    try:
        act = keep_import(batch, on=request.today, by=request.member)
    except NotReady as refused:
        messages.warning(request, str(refused))
        return redirect("network:import_preview", batch.pk)
    background.drop_upload(batch)
    messages.success(request, _("Everything is in your network."), extra_tags=f"undo:{act.ref}")
    return redirect("network:import_preview", batch.pk)


@require_POST
@for_member(Right.IMPORT)
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take the import back as a whole; where something stays, say what before doing it."""
    batch = get_object_or_404(Import.objects.exclude(act=None), pk=import_id)
    batch.hold()
    if undoing.is_undone(batch.act):
        messages.info(request, _("This import was taken back already."))
        return redirect("network:import")
    if background.is_large(batch):
        jobs.ask("import.undo", by=request.member, batch=batch.pk, member=request.member.pk)
        return redirect("network:import_preview", batch.pk)
    doing = undoing.preview(batch.act)
    if doing.stays and not request.POST.get("sure"):
        return render(request, "network/import_undo.html", {"place": "network", "batch": batch, **what_goes(doing)})
    try:
        undoing.undo(batch.act, by=request.member)
        messages.success(request, _("This import is taken back."))
    except undoing.AlreadyUndone as refused:  # by somebody who pressed at the same moment
        messages.info(request, str(refused))
    return redirect("network:import")


def what_goes(doing: undoing.Undoing) -> dict:
    """How many connections go, how many rows get earlier values back, and who stays with the reason."""
    stay = {s.row: s.why for s in doing.stays if s.model == "network.Connection"}
    names = Connection.objects.filter(pk__in=list(stay)[:200]).order_by("name")
    return {
        "going": len(doing.remove.get("network.Connection", [])), "back": len(doing.set_back) + len(doing.insert),
        "staying": [(c, stay[c.pk]) for c in names], "parts": len(doing.stays) - len(stay),
    }  # fmt: skip


@require_POST
@for_member(Right.IMPORT)
def stop(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop the reading of a file; nothing of it is kept."""
    batch = get_object_or_404(Import, pk=import_id)
    job = background.job_of(batch)
    if job is not None:
        jobs.wish_stop(job)
    messages.info(request, _("It stops at the next row. Nothing of it was kept."))
    return redirect("network:import")


def rows_shown(batch: Import, outcome: str, after: int = 0, limit: int = 100) -> list[StagedRow]:
    """Rows of a preview, those of one outcome where one is chosen; once it is kept, those left out stand apart."""
    rows = StagedRow.objects.filter(batch=batch, pk__gt=after).exclude(outcome="rejected")
    if outcome == "left_out":
        return list(rows.filter(choice__leave_out=True).order_by("pk")[:limit])
    if batch.act_id:
        rows = rows.filter(choice__leave_out__isnull=True)
    return list((rows.filter(outcome=outcome) if outcome else rows).order_by("pk")[:limit])
