"""The list of everyone: search as one types, tiles that filter, bulk work."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import replace_url

from kneadwork.facts.professions import all_professions
from kneadwork.network import connections, listing, places
from kneadwork.network.models import Connection, MergeProposal, Stage, Stream
from kneadwork.pages.network import lettering
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.planning import thanking
from kneadwork.planning.score import KM_M, MILE_M
from kneadwork.practice.rights import NotAllowed, Right, may, sees_clients

#: How many connections one bulk change takes on, so that it ends within seconds and can be undone as quickly.
MOST_AT_ONCE = 2000
#: So many fit into the address of a page.
FEW = 60


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """The list, or only its rows where the page asks for more of them."""
    everything = sees_clients(request.member)
    try:
        filters = listing.read_filters(request.GET)
        found = listing.page(filters, on=request.today, all_streams=everything, cursor=request.GET.get("cursor", ""))
    except listing.FilterRefused as refused:
        return render(request, "network/refused.html", {"place": "network", "words": str(refused)}, status=400)
    labels = {key: str(label) for key, label in Stream.choices}  # once for all rows
    for row in found.rows:
        row.stream_label = labels[row.stream]
    if everything:
        thanking.put_first(found.rows, on=request.today)
    context = {"place": "network", "filters": filters, "found": found, "all_streams": everything,
               "credit": places.on_map(row.connection_id for row in found.rows)}  # fmt: skip
    if request.htmx:
        response = render(request, "network/_rows.html", context)
        return replace_url(response, _address(filters))  # so that *Back* finds what was looked for
    context |= {
        "doubles": MergeProposal.objects.count() if everything else 0,
        "tiles": listing.tiles(filters, on=request.today, all_streams=everything),
        "streams": [c for c in Stream.choices if everything or c[0] != Stream.CLIENTS],
        "stages": Stage.choices, "professions": [(key, str(p.label)) for key, p in all_professions().items()],
        "distances": _distances(request.practice.unit), "narrowed": filters.query(q="", stream="", quiet=False),
    }  # fmt: skip
    return render(request, "network/list.html", context)


def _address(filters: listing.Filters) -> str:
    """Where the list with these filters is."""
    query = filters.query()
    return f"{reverse('network:list')}?{query}" if query else reverse("network:list")


def _distances(unit: str) -> list[tuple[float, str]]:
    """The distances one can choose, in metres and in words."""
    metres, words = (KM_M, _("%(n)d km")) if unit == "km" else (MILE_M, _("%(n)d miles"))
    return [(round(n * metres, 1), words % {"n": n}) for n in (2, 5, 10, 20, 50)]


@require_POST
@for_member(Right.NETWORK)
def bulk(request: HttpRequest) -> HttpResponse:
    """With the ticked connections, or all that match the filter: letters, a stream, a tag, or away with them."""
    back = reverse("network:list")
    try:
        filters = listing.read_query(request.POST.get("filters", ""))
        back = _address(filters)
        chosen = _chosen(request, filters)
        if request.POST.get("what") == "letters" and may(request.member, Right.LETTERS):
            return _to_letters(request, chosen)
        if request.POST.get("what") == "remove":
            act = connections.remove(chosen, by=request.member)
        elif request.POST.get("stream") in Stream.values:
            visible.refuse_hidden_stream(request, request.POST["stream"])
            act = connections.put_in_stream(chosen, request.POST["stream"], by=request.member)
        else:
            act = connections.tag(chosen, request.POST.get("tag", ""), by=request.member)
    except (connections.ConnectionRefused, listing.FilterRefused) as refused:
        messages.warning(request, str(refused))
        return redirect(back)
    except NotAllowed:
        messages.warning(request, _("Your role does not include this."))
        return redirect(back)
    removed = request.POST.get("what") == "remove"
    words = (_("Removed: %(count)d.") if removed else _("Changed: %(count)d.")) % {"count": len(chosen)}
    messages.success(request, words, extra_tags=f"undo:{act.ref}" if act else "")
    return redirect(back)


def _to_letters(request: HttpRequest, chosen: list[Connection]) -> HttpResponse:
    """The letters' own page; of many at once, more than an address holds, it is shown here."""
    if len(chosen) > FEW:
        return lettering.show(request, chosen[: lettering.MOST])
    return redirect(reverse("network:letters") + "?" + urlencode([("to", c.ref) for c in chosen]))


def _chosen(request: HttpRequest, filters: listing.Filters) -> list[Connection]:
    """The connections meant, as far as this member may see them."""
    if request.POST.get("all") != "1":
        return list(visible.named(request, request.POST.getlist("chosen")[:MOST_AT_ONCE]))
    wanted = listing.everyone(filters, on=request.today, all_streams=sees_clients(request.member), at_most=MOST_AT_ONCE)
    return list(visible.connections(request).filter(pk__in=wanted))
