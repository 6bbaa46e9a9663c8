"""Letters: choose, read, edit, make one PDF, say that they are posted."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kneadwork.network import vetting
from kneadwork.network.models import Connection
from kneadwork.outreach import glyphs, letter_text, letters
from kneadwork.outreach.delivery import NotReleased
from kneadwork.outreach.salutation import salutation
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.planning.today import letters_due
from kneadwork.practice.rights import Right, sees_clients

#: Letters at one go; a member who wants more writes them in turns.
MOST = 1000


@for_member(Right.LETTERS)
def page(request: HttpRequest) -> HttpResponse:
    """The letters of the chosen connections, else of those whose next step is one."""
    return show(request, *recipients(request))


def show(request: HttpRequest, chosen: list[Connection], wanted: Mapping[int, str] | None = None) -> HttpResponse:
    """The letters of these connections: what each would say, who is left out; made when it is said so.

    wanted: the letters that the practice's own playbook names, by connection.
    """
    key, wanted = template_asked(request), wanted or {}
    if request.method == "POST" and ("keep" in request.POST or "original" in request.POST):
        _change_template(request)
    texts = {k[5:]: v[:20_000] for k, v in request.POST.items() if k.startswith("text-")}
    if request.POST.get("original"):
        texts.pop(request.POST["original"], None)
    if request.method == "POST" and "make" in request.POST:
        envelope = "plain" if request.POST.get("envelope") == "plain" else "window"
        try:
            batch = letters.prepare(
                chosen, template=key, texts=texts, wanted=wanted, practice=request.practice, by=request.member,
                envelope=envelope,
            )  # fmt: skip
            for one, why in letters.offices(chosen)[1]:
                messages.warning(request, _("Left out: %(name)s: %(why)s.") % {"name": one.name, "why": why})
            return redirect("network:letters_posted", batch.pk)
        except (letters.LettersRefused, NotReleased) as refused:
            messages.warning(request, str(refused))
    desks, left_out = letters.offices(chosen)
    suits = letters.by_template(desks, key, wanted=wanted, referrals=sees_clients(request.member))
    groups = [_group(k, found, texts.get(k), request) for k, found in suits.items()]
    context = {
        "place": "network", "groups": groups, "desks": desks, "left_out": left_out, "key": key, "chosen": chosen,
        "flagged": vetting.flagged(chosen), "wanted": [(c.ref, wanted[c.pk]) for c in chosen if wanted.get(c.pk)],
        "templates": letters.shipped().items(), "variables": letter_text.VARIABLES.items(),
    }  # fmt: skip
    return render(request, "network/letters.html", context)


def template_asked(request: HttpRequest) -> str:
    """The one template for all that was chosen, "" for the one that suits each."""
    key = request.POST.get("template") or request.GET.get("template") or ""
    return key if key in letters.shipped() else ""


def _group(key: str, desks: list[letters.Office], text: str | None, request: HttpRequest) -> dict:
    """The offices that get one text, the text with its faults, and how the first letter reads."""
    words = text if text is not None else letters.template_text(key)
    preview = letter_text.fill(words, letters.values(desks[0], request.practice, request.member))
    return {
        "key": key, "name": letters.shipped()[key]["name"], "text": words, "desks": desks,
        "problems": letter_text.problems(words), "own": letters.has_own_text(key),
        "unprintable": [letters.unprintable_words(found) for found in glyphs.unprintable([preview]).values()],
        "salutation": salutation(desks[0].people), "preview": preview,
    }  # fmt: skip


def _change_template(request: HttpRequest) -> None:
    """Keep an edited text for next time, or go back to the original."""
    key = request.POST.get("keep") or request.POST.get("original") or ""
    try:
        if "keep" in request.POST:
            letters.keep_text(key, request.POST.get(f"text-{key}", "")[:20_000], by=request.member)
            messages.success(request, _("Kept. The next letters of this kind begin with it."))
        else:
            letters.original_text(key, by=request.member)
            messages.success(request, _("The original text is back."))
    except letters.LettersRefused as refused:
        messages.warning(request, str(refused))


@require_POST
@for_member(Right.LETTERS)
def look(request: HttpRequest, key: str) -> HttpResponse:
    """While somebody types: the faults of a text, and how the first letter reads."""
    if key not in letters.shipped():
        raise Http404
    chosen, wanted = recipients(request)
    found, referrals = letters.offices(chosen)[0], sees_clients(request.member)
    desks = letters.by_template(found, template_asked(request), wanted=wanted, referrals=referrals).get(key)
    if not desks:
        return HttpResponse(status=204)
    group = _group(key, desks, request.POST.get(f"text-{key}", "")[:20_000], request)
    return render(request, "network/_letter_look.html", {"group": group})


def recipients(request: HttpRequest) -> tuple[list[Connection], dict[int, str]]:
    """The connections named in the address or ticked, else those to whom Today proposes a letter; and the letters that the
    playbook names, by connection: the form sends them along."""
    named = request.POST.getlist("to") or request.GET.getlist("to")
    if named:
        chosen = list(visible.named(request, named[:MOST]))
        return chosen, {c.pk: request.POST.get(f"own-{c.ref}", "") for c in chosen}
    due = letters_due(request.practice, on=request.today, all_streams=sees_clients(request.member))
    return list(due), {c.pk: key for c, key in due.items()}


@for_member(Right.LETTERS)
def posted(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The finished batch: its PDF, and the word that it was posted."""
    batch = visible.letter_batch(request, batch_id)
    if request.method == "POST":
        try:
            act = letters.posted(batch, on=request.today, by=request.member)
        except letters.LettersRefused as refused:
            messages.info(request, str(refused))
        else:
            messages.success(request, _("Noted for each of them."), extra_tags=f"undo:{act.ref}")
            return redirect("today:page")
    going, left_out = letters.going_out(batch)
    context = {"place": "network", "batch": batch, "count": len(going), "left_out": left_out}
    return render(request, "network/letters_done.html", context)


@for_member(Right.LETTERS)
def labels(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The addresses of the batch, thirty labels to a sheet."""
    batch = visible.letter_batch(request, batch_id)
    try:
        data = letters.labels(batch, request.practice)
    except letters.LettersRefused as refused:
        return render(request, "network/refused.html", {"place": "network", "words": str(refused)}, status=409)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="labels.pdf"'
    return response


@for_member(Right.LETTERS)
def pdf(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The batch as one PDF."""
    batch = visible.letter_batch(request, batch_id)
    try:
        data = letters.pdf(batch, request.practice, on=request.today)
    except letters.LettersRefused as refused:
        return render(request, "network/refused.html", {"place": "network", "words": str(refused)}, status=409)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="letters.pdf"'
    return response
