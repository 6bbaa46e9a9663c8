"""The list of everyone: search as one types, tiles that filter, bulk work."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kneadwork.common.ids import read
from kneadwork.network import connections, listing
from kneadwork.network.models import Stage, Stream
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right, sees_clients


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """The list, or only its rows where the page asks for more of them."""
    everything = sees_clients(request.member)
    try:
        filters = listing.read_filters(request.GET)
        found = listing.page(filters, on=request.today, all_streams=everything, cursor=request.GET.get("cursor", ""))
    except listing.FilterRefused as refused:
        return render(request, "network/refused.html", {"place": "network", "words": str(refused)}, status=400)
    context = {"place": "network", "filters": filters, "found": found, "all_streams": everything}
    if request.htmx:
        return render(request, "network/_rows.html", context)
    context |= {
        "tiles": listing.tiles(filters, on=request.today, all_streams=everything), "streams": Stream.choices,
        "stages": Stage.choices,
    }  # fmt: skip
    return render(request, "network/list.html", context)


@require_POST
@for_member(Right.NETWORK)
def bulk(request: HttpRequest) -> HttpResponse:
    """Put the ticked connections into a stream, or give them a tag."""
    wanted = [read(c) for c in request.POST.getlist("chosen")[:2000] if len(c) == 13]
    chosen = list(visible.connections(request).filter(pk__in=wanted))
    try:
        if request.POST.get("stream") in Stream.values:
            act = connections.put_in_stream(chosen, request.POST["stream"], by=request.member)
        else:
            act = connections.tag(chosen, request.POST.get("tag", ""), by=request.member)
    except connections.ConnectionRefused as refused:
        messages.warning(request, str(refused))
        return redirect("network:list")
    words = _("Changed: %(count)d.") % {"count": len(chosen)}
    messages.success(request, words, extra_tags=f"undo:{act.ref}" if act else "")
    return redirect("network:list")
