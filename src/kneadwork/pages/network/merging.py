"""Perhaps the same: look-alikes that wait for a word, two side by side, one of two or "not the same"."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kneadwork.network import likeness, merging
from kneadwork.network.models import MergeProposal
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right, sees_clients

SHOWN = 50


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """What waits for a word, the newest first."""
    seen = visible.connections(request)
    waiting = MergeProposal.objects.filter(low__in=seen, high__in=seen).select_related("low", "high")
    context = {"place": "network", "waiting": waiting.order_by("-proposed_at", "pk")[:SHOWN], "count": waiting.count()}
    return render(request, "network/doubles.html", context)


@for_member(Right.NETWORK)
def like(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Who else this connection may be: look-alikes, or somebody looked for by name."""
    here = visible.connection(request, connection_id)
    from kneadwork.network.searching import matching

    query = request.GET.get("q", "").strip()[:100]
    condition = matching(query) if query else None
    if condition is not None:
        from kneadwork.network.models import Standing

        found = Standing.objects.filter(condition, connection__in=visible.connections(request)).exclude(connection=here)
        others = [(s.connection, "") for s in found.select_related("connection").order_by("name")[:20]]
    else:
        alike = likeness.look_alikes(here.name, all_streams=sees_clients(request.member), limit=20)
        others = [(c, why) for c, why in alike if c.pk != here.pk]
    return render(request, "network/like.html", {"place": "network", "here": here, "others": others, "query": query})


@for_member(Right.NETWORK)
def pair(request: HttpRequest, one_id: int, other_id: int) -> HttpResponse:
    """Two side by side: choose per field and merge, or say that they are two."""
    one, other = visible.connection(request, one_id), visible.connection(request, other_id)
    if one.pk == other.pk:
        raise Http404
    keep, gone = merging.ordered(one, other)
    if request.method == "POST":
        return _answer(request, keep, gone)
    low, high = sorted((keep.pk, gone.pk))
    context = {
        "place": "network", "keep": keep, "gone": gone, "pairs": merging.compare(keep, gone),
        "proposal": MergeProposal.objects.filter(low=low, high=high).first(),
        "parts": [(c, c.contactpoints.order_by("kind", "pk"), c.addresses.order_by("pk"), c.touches.count())
                  for c in (keep, gone)],
    }  # fmt: skip
    return render(request, "network/pair.html", context)


def _answer(request: HttpRequest, keep, gone) -> HttpResponse:
    if request.POST.get("answer") == "two":
        act = merging.not_the_same(keep, gone, by=request.member)
        messages.success(request, _("They stay two, and are not proposed again."), extra_tags=f"undo:{act.ref}")
        return redirect("network:doubles")
    try:
        act = merging.merge(keep, gone, {k: request.POST.get(k, "") for k in merging.FIELDS}, by=request.member)
    except merging.MergeRefused as refused:
        messages.warning(request, str(refused))
        return redirect("network:pair", keep.pk, gone.pk)
    messages.success(request, _("They are one now; nothing about either is lost."), extra_tags=f"undo:{act.ref}")
    return redirect("network:connection", keep.pk)
