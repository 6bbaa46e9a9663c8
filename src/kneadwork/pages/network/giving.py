"""Giving and introducing: small forms; where a guard says no, a page that says why and what else there is, and lets the
owner decide."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kneadwork.network import giving, introducing, vetting
from kneadwork.network.models import Connection, Gift, IntroductionSide, Stage, Standing
from kneadwork.network.searching import matching
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right, require


def record(request: HttpRequest, here: Connection) -> None:
    """Record something given; somebody sent is a referral, for members who may see those."""
    given = request.POST
    if given.get("form") == Gift.Form.REFERRAL:
        require(request.member, Right.REFERRALS)
    giving.give(
        here, given.get("form", ""), on=request.today, words=given.get("words", "")[:5000],
        person=given.get("person", ""), override_reason=given.get("override", "")[:2000], by=request.member,
    )  # fmt: skip


@for_member(Right.NETWORK)
def page(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Somebody to introduce them to, or through whom they were met: looked for by name."""
    here, query = visible.connection(request, connection_id), request.GET.get("q", "").strip()[:100]
    condition = matching(query) if query else None
    found = Standing.objects.filter(connection__in=visible.connections(request)).exclude(connection=here)
    trusted = Q(stage_open=Stage.TRUSTED) if condition is None else condition
    rows = found.filter(trusted).select_related("connection__standing").order_by("name")[:20]
    context = {"place": "network", "here": here, "rows": rows, "query": query}
    return render(request, "network/introduce.html", context)


def introduction(request: HttpRequest, here: Connection) -> None:
    """Begin one, note what one of the two said, make it, or leave it be."""
    given, on, by = request.POST, request.today, request.member
    if given.get("side"):
        side = visible.chosen(_sides(request, here), given["side"])
        introducing.note(side, given.get("said", ""), on=on, by=by)
    elif given.get("introduction"):
        meant = visible.chosen(_sides(request, here).filter(connection=here), given["introduction"], "introduction")
        finish = introducing.make if given.get("said") == "made" else introducing.let_go
        finish(meant.introduction, on=on, by=by)
    else:
        other = get_object_or_404(visible.named(request, [given.get("other", "")]))
        words, reason = given.get("words", "")[:5000], given.get("override", "")[:2000]
        introducing.begin(here, other, on=on, words=words, override_reason=reason, by=by)


def _sides(request: HttpRequest, here: Connection) -> QuerySet:
    """The sides of those introductions of this connection whose both sides this member may see."""
    known = [meant.introduction.pk for meant in introducing.of(here, request.member)]
    return IntroductionSide.objects.filter(introduction__in=known).select_related("introduction", "connection")


def through(request: HttpRequest, here: Connection) -> None:
    """Say through whom they were met, or take it back."""
    said = request.POST.get("other", "")
    other = get_object_or_404(visible.named(request, [said])) if said else None
    introducing.met_through(here, other, by=request.member)


def refused(request: HttpRequest, here: Connection, why: vetting.NotTrusted) -> HttpResponse:
    """What was asked, why not, what else there is; the owner may go on with a reason. Nothing typed is lost."""
    kept = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "override")}
    untrusted = why.connection
    context = {
        "place": "network", "here": here, "untrusted": untrusted, "flagged": untrusted.redflags.filter(resolved_on=None),
        "verdict": vetting.newest(untrusted), "kept": kept,
    }  # fmt: skip
    return render(request, "network/not_trusted.html", context, status=409)
