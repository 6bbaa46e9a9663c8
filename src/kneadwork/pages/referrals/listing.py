"""Referrals in: entered in two lines, the newest first; who sent them is chosen where the name leaves a doubt."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kneadwork.common import acts
from kneadwork.common.ids import number_of
from kneadwork.network import connections, likeness
from kneadwork.network.models import Connection
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right
from kneadwork.referrals import referring
from kneadwork.referrals.models import Referral

#: The answer “it is somebody else, who is not here yet”.
NEW = "new"


class ReferralForm(forms.Form):
    """Who was sent, by whom, and when."""

    person = forms.CharField(label=lazy("Who was sent?"), max_length=200)
    source = forms.CharField(label=lazy("Who sent them?"), max_length=200)
    on = forms.DateField(label=lazy("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        """A day that was already."""
        if self.cleaned_data["on"] > self.today:
            raise forms.ValidationError(_("That day is still to come."))
        return self.cleaned_data["on"]


@for_member(Right.REFERRALS)
def page(request: HttpRequest) -> HttpResponse:
    """The newest, and a form for one more; a source that is not known yet is made on the way."""
    form, choices = ReferralForm(request.POST or None, today=request.today), []
    if request.method == "POST" and form.is_valid():
        source, choices = chosen_source(request, form.cleaned_data["source"])
        if not choices:
            record(request, source, form.cleaned_data)
            return redirect("referrals:list")
    before = Referral.objects.filter(pk=number_of(request.GET.get("before", ""))).first() if request.GET else None
    context = {"place": "referrals", "newest": referring.newest(before), "form": form, "choices": choices, "new": NEW}
    return render(request, "referrals/list.html", context)


def chosen_source(request: HttpRequest, name: str) -> tuple[Connection | None, list[Connection]]:
    """Who sent them: the one chosen, or the only one of exactly this name; else those among whom to choose.

    None with nobody to choose from: somebody new.
    """
    said = request.POST.get("who", "")
    if said == NEW:
        return None, []
    if said:
        return get_object_or_404(visible.named(request, [said])), []
    alike = likeness.may_be_meant(name)
    exact = [c for c in alike if c.name.casefold() == name.casefold()]
    return (exact[0], []) if len(exact) == 1 else (None, alike)


def record(request: HttpRequest, source: Connection | None, said: dict) -> None:
    """Keep the referral; a source that is not here yet is made in the same act."""
    with acts.act("referral", said["source"], by=request.member) as doing:
        known = source or connections.add(said["source"], by=request.member)
        referring.record(known, said["person"], on=said["on"], today=request.today, by=request.member)
        act = doing.row()
    messages.success(request, _("Noted: sent by %(source)s.") % {"source": known.name}, extra_tags=f"undo:{act.ref}")


@require_POST
@for_member(Right.REFERRALS)
def remove(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Take a referral away that was noted by mistake."""
    act = referring.remove(get_object_or_404(Referral.objects, pk=referral_id), by=request.member)
    messages.success(request, _("Taken away."), extra_tags=f"undo:{act.ref}")
    return redirect("referrals:list")
