"""Letters: choose, read, edit, make one PDF, say that they are posted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kneadwork.common.ids import read
from kneadwork.network.models import Connection, Standing
from kneadwork.outreach import letter_text, letters
from kneadwork.outreach.models import LetterBatch
from kneadwork.outreach.salutation import salutation
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right


@for_member(Right.LETTERS)
def page(request: HttpRequest) -> HttpResponse:
    """The letters of the chosen connections, else of those whose next step is one."""
    chosen = recipients(request)
    key = request.POST.get("template") or request.GET.get("template") or template_for(chosen)
    text = request.POST.get("text") or letters.template_text(key if key in letters.shipped() else "first_medical")
    desks, left_out = letters.offices(chosen)
    if request.method == "POST" and "make" in request.POST:
        envelope = "plain" if request.POST.get("envelope") == "plain" else "window"
        try:
            batch = letters.prepare(
                chosen,
                text[:20_000],
                template=key,
                practice=request.practice,
                by=request.member,
                envelope=envelope,
            )
            return redirect("network:letters_posted", batch.pk)
        except letters.LettersRefused as refused:
            messages.warning(request, str(refused))
    preview = letter_text.fill(text, letters.values(desks[0], request.practice, request.member)) if desks else ""
    context = {
        "place": "network", "desks": desks, "left_out": left_out, "text": text, "key": key, "preview": preview,
        "problems": letter_text.problems(text), "templates": letters.shipped().items(), "variables": letter_text.VARIABLES.items(),
        "salutation": salutation(desks[0].people) if desks else "", "chosen": chosen,
    }  # fmt: skip
    return render(request, "network/letters.html", context)


def recipients(request: HttpRequest) -> list[Connection]:
    """The connections named in the address or ticked, else those to whom Today would write first."""
    named = request.POST.getlist("to") or request.GET.getlist("to")
    rows = visible.connections(request)
    if named:
        return list(rows.filter(pk__in=[read(ref) for ref in named[:1000] if len(ref) == 13]))
    due = Standing.objects.filter(next_kind="letter", next_due__lte=request.today).order_by("-next_value", "name")
    return list(rows.filter(pk__in=list(due.values_list("connection_id", flat=True)[:12])))


def template_for(chosen: list[Connection]) -> str:
    """The template that suits the first of them."""
    stream = chosen[0].stream if chosen else "medical"
    return {"business": "first_business", "clients": "note_to_client"}.get(stream, "first_medical")


@for_member(Right.LETTERS)
def posted(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The finished batch: its PDF, and the word that it was posted."""
    batch = get_object_or_404(LetterBatch, pk=batch_id)
    if request.method == "POST":
        try:
            act = letters.posted(batch, on=request.today, by=request.member)
        except letters.LettersRefused as refused:
            messages.info(request, str(refused))
        else:
            messages.success(request, _("Noted for each of them."), extra_tags=f"undo:{act.ref}")
            return redirect("today:page")
    return render(
        request,
        "network/letters_done.html",
        {"place": "network", "batch": batch, "count": batch.letters.count()},
    )


@for_member(Right.LETTERS)
def pdf(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The batch as one PDF."""
    batch = get_object_or_404(LetterBatch.objects.select_related("made_by__signature"), pk=batch_id)
    try:
        data = letters.pdf(batch, request.practice, on=request.today)
    except letters.LettersRefused as refused:
        return render(request, "network/refused.html", {"place": "network", "words": str(refused)}, status=409)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="letters.pdf"'
    return response
