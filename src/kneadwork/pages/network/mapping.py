"""The map: the same filters as the list, drawn on the server, useful without script and without tiles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kneadwork.common import tiles
from kneadwork.network import listing, mapping
from kneadwork.pages.shell import headers
from kneadwork.pages.shell.members import for_member
from kneadwork.planning.score import KM_M, MILE_M
from kneadwork.practice.rights import Right, sees_clients


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """Whoever matches, where they are; with tiles also only the part for another window, as the map is moved."""
    everything, home = sees_clients(request.member), request.practice.place
    try:
        filters = mapping.anchored(listing.read_filters(request.GET))
    except listing.FilterRefused as refused:
        return render(request, "network/refused.html", {"place": "network", "words": str(refused)}, status=400)
    rows = listing.found(filters, on=request.today, all_streams=everything)
    window = mapping.window_of(request.GET.get("at", ""), request.GET.get("span", ""), home, rows)
    streets = tiles.named()
    context = {"place": "network", "filters": filters, "all_streams": everything, "tiles": streets,
               "width": mapping.WIDTH, "height": mapping.HEIGHT, "least": mapping.LEAST_M, "most": mapping.MOST_M}  # fmt: skip
    if window is not None:
        shown = mapping.view(filters, window, on=request.today, all_streams=everything)
        context |= {"shown": shown, "home": _home(window, home), "ways": _ways(window),
                    **_rings(window, home, request.practice.unit)}  # fmt: skip
    response = render(request, "network/map.html#here" if request.htmx and window else "network/map.html", context)
    if streets:
        response.headers["Content-Security-Policy"] = headers.policy(pictures_from=streets.origin)
    return response


def _home(window: mapping.Window, home: tuple[float, float] | None) -> tuple[float, float] | None:
    """Where the practice stands in the drawing; None where that is outside."""
    x, y = window.pixel(*home) if home else (-1.0, -1.0)
    return (x, y) if 0 <= x <= mapping.WIDTH and 0 <= y <= mapping.HEIGHT else None


def _ways(window: mapping.Window) -> list[tuple[str, str]]:
    """Other windows, in words: closer, wider, and to the four sides."""
    return [
        (_("Closer"), window.moved(times=0.5).query()), (_("Wider"), window.moved(times=2).query()),
        (_("North"), window.moved(lat=0.5).query()), (_("South"), window.moved(lat=-0.5).query()),
        (_("West"), window.moved(lon=-0.5).query()), (_("East"), window.moved(lon=0.5).query()),
    ]  # fmt: skip


def _rings(window: mapping.Window, home: tuple[float, float] | None, unit: str) -> dict:
    """Circles of distance around the practice."""
    metres, words = (KM_M, _("%(n)g km")) if unit == "km" else (MILE_M, _("%(n)g mi"))
    drawn = mapping.rings(window, home, metres) if home else []
    return {"rings": [(words % {"n": units}, radius) for units, radius in drawn]}
