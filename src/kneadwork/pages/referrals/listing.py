"""Referrals in: entered in two lines, the newest first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network import connections, likeness
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right
from kneadwork.referrals import referring


@for_member(Right.REFERRALS)
def page(request: HttpRequest) -> HttpResponse:
    """Who was sent, who sent them; a source that is not known yet is made on the way."""
    person, source = (
        request.POST.get("person", "").strip()[:200],
        request.POST.get("source", "").strip()[:200],
    )
    if request.method == "POST":
        if not person or not source:
            messages.warning(request, _("Both names are needed: who was sent, and who sent them."))
        else:
            record(request, person, source)
            return redirect("referrals:list")
    context = {"place": "referrals", "newest": referring.newest(), "person": person, "source": source}
    return render(request, "referrals/list.html", context)


def record(request: HttpRequest, person: str, source: str) -> None:
    """Keep the referral, with the source found or made."""
    alike = [c for c, _why in likeness.look_alikes(source) if c.name.casefold() == source.casefold()]
    with acts.act("referral", source, by=request.member) as doing:
        known = alike[0] if alike else connections.add(source, by=request.member)
        referring.record(known, person, on=request.today, today=request.today, by=request.member)
        act = doing.row()
    messages.success(request, _("Noted: %(source)s sent %(person)s.") % {"source": known.name, "person": person},
                     extra_tags=f"undo:{act.ref}")  # fmt: skip
