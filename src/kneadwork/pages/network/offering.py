"""Offers to businesses: read them, make them one's own, print a leaflet."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from kneadwork.facts.professions import all_professions
from kneadwork.outreach import offers
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """All offers, each with its leaflet."""
    known = all_professions()
    found = offers.every()
    named = [(o, [str(known[p].label) for p in o.professions if p in known]) for o in found]
    context = {
        "place": "network",
        "offers": [n for n in named if not n[0].away],
        "away": [n for n in named if n[0].away],
    }
    return render(request, "network/offers.html", context)


@for_member(Right.PRACTICE)
def edit(request: HttpRequest, offer: str) -> HttpResponse:
    """Write an offer in one's own words ("new" for another one), put it away, or go back to the shipped words."""
    here = _found(offer) if offer != "new" else offers.Offered("", "", "", ())
    name, words, suits = here.name, here.words, list(here.professions)
    if request.method == "POST":
        name, words = request.POST.get("name", "")[:400], request.POST.get("words", "")[:20_000]
        suits = request.POST.getlist("profession")
        try:
            _change(request, here, name, words, suits)
            return redirect("network:offers")
        except offers.OfferRefused as refused:
            messages.warning(request, str(refused))
    kinds = [(k, p.label, k in suits) for k, p in all_professions().items() if p.stream == "business" or k in suits]
    context = {
        "place": "network",
        "offer": here,
        "name": name,
        "words": words,
        "professions": kinds,
        "longest": offers.LONGEST,
    }
    return render(request, "network/offer.html", context)


def _found(key: str) -> offers.Offered:
    try:
        return offers.one(key)
    except offers.OfferRefused:
        raise Http404


def _change(request: HttpRequest, offer: offers.Offered, name: str, words: str, suits: list[str]) -> None:
    if "away" in request.POST and offer.key:
        offers.put_away(offer.key, on=request.today, by=request.member)
    elif "original" in request.POST and offer.key:
        offers.as_shipped(offer.key, by=request.member)
    else:
        offers.keep(offer.key, name, words, suits, by=request.member)
    messages.success(request, _("Kept."))


@for_member(Right.NETWORK)
def leaflet(request: HttpRequest, offer: str) -> HttpResponse:
    """The leaflet of one page."""
    here = _found(offer)
    try:
        data = offers.leaflet(here, request.practice)
    except offers.OfferRefused as refused:
        return render(request, "network/refused.html", {"place": "network", "words": str(refused)}, status=409)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{here.name}.pdf")
    return response
