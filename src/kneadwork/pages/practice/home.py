"""The practice: who we are, taking back what was done, and all data to take along."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kneadwork.common import undo as undoing
from kneadwork.common.models import Act
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice import setting_up
from kneadwork.practice.kinds import UNDOABLE
from kneadwork.practice.rights import Right, may

#: Pages about one connection to which one can come back.
PAGES_OF_ONE = {
    "network:connection",
    "network:edit",
    "network:sources",
    "network:like",
    "network:vetting",
    "network:introduce",
}


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """Who we are and whom we serve."""
    context = {
        "place": "practice",
        "next": setting_up.next_step(request.practice),
        "can": may(request.member, Right.PRACTICE),
    }
    return render(request, "practice/home.html", context)


@require_POST
@for_member(Right.NETWORK)
def undo(request: HttpRequest, act_id: int) -> HttpResponse:
    """Take back an act: one's own, or with the right to the history anybody's; what one could no longer do stays done."""
    held = [kind for kind, right in UNDOABLE.items() if may(request.member, right)]
    acts = Act.objects.filter(kind__in=held)
    if not may(request.member, Right.HISTORY):
        acts = acts.filter(by=request.member)
    act = get_object_or_404(acts, pk=act_id)
    visible.refuse_hidden_act(request, act)
    try:
        done = undoing.undo(act, by=request.member)
    except undoing.AlreadyUndone:
        messages.info(request, _("That was taken back already."))
    else:
        words = _("Taken back.")
        if done.stays:
            words += " " + _("%(count)d stay, because they were edited or used since.") % {"count": len(done.stays)}
        messages.success(request, words)
    return redirect(back(request))


def back(request: HttpRequest) -> str:
    """The page one came from, if it is ours and still there; else the network."""
    came = request.headers.get("Referer", "")
    if not came or not url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure()):
        return reverse("network:list")
    here = urlsplit(came)
    try:
        found = resolve(here.path)
    except Resolver404:
        return reverse("network:list")
    about = found.kwargs.get("connection_id")
    if about is not None and not visible.connections(request).filter(pk=about).exists():
        return reverse("network:list")
    if about is not None and found.view_name not in PAGES_OF_ONE:
        return reverse("network:connection", args=[about])
    return f"{here.path}?{here.query}" if here.query else here.path


@require_POST
@for_member(Right.EXPORT)
def export(request: HttpRequest) -> HttpResponse:
    """All data as one zip."""
    from kneadwork.exchange import exporting

    response = HttpResponse(exporting.export(request.practice, by=request.member), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="kneadwork-export.zip"'
    return response
