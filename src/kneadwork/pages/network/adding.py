"""Adding by hand: a name and one word on how you know them, next; or a pasted list."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kneadwork.facts.professions import all_professions
from kneadwork.network import connections, likeness
from kneadwork.network.models import Stream
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right, sees_clients


class AddForm(forms.Form):
    """A name, and as much else as one likes."""

    name = forms.CharField(label=lazy("Name"), max_length=200)
    how_known = forms.CharField(label=lazy("How do you know them?"), max_length=200, required=False)
    stream = forms.ChoiceField(label=lazy("Where do they belong?"), required=False)
    profession = forms.ChoiceField(label=lazy("What do they do?"), required=False)
    phone = forms.CharField(label=lazy("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=lazy("E-mail"), required=False)

    def __init__(self, *args, all_streams: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        streams = [(k, v) for k, v in Stream.choices if all_streams or k != Stream.CLIENTS]
        self.fields["stream"].choices = [("", _("By what they do")), *streams]
        kinds = [(key, p.label) for key, p in all_professions().items()]
        self.fields["profession"].choices = [("", _("Somebody you know")), *kinds]


class PasteForm(forms.Form):
    """Names, one on each line."""

    names = forms.CharField(label=lazy("One name on each line"), widget=forms.Textarea, max_length=20_000)


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """Add one, or a pasted list; a look-alike is offered before it is made twice."""
    everything = sees_clients(request.member)
    if request.method == "POST" and "names" in request.POST:
        return paste(request, everything)
    form = AddForm(request.POST or None, all_streams=everything)
    alike: list = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        alike = likeness.look_alikes(given["name"], phone=given["phone"], email=given["email"], all_streams=everything)
        if not alike or request.POST.get("anyway"):
            return keep(request, given)
    context = {"place": "network", "form": form, "paste": PasteForm(), "alike": alike}
    return render(request, "network/add.html", context)


def keep(request: HttpRequest, given: dict) -> HttpResponse:
    """Make the connection and come back for the next one."""
    phones, emails = [v for v in (given.pop("phone"),) if v], [v for v in (given.pop("email"),) if v]
    made = connections.add(**given, phones=phones, emails=emails, by=request.member)
    messages.success(request, _("%(name)s is in your network. And the next?") % {"name": made.name})
    return redirect("network:add")


def paste(request: HttpRequest, everything: bool) -> HttpResponse:
    """Add a pasted list in one go; names that look known are left out and said."""
    from kneadwork.common import acts

    form = PasteForm(request.POST)
    names = [n.strip() for n in form.data["names"].splitlines() if n.strip()][:500] if form.is_valid() else []
    known = [n for n in names if likeness.look_alikes(n, all_streams=everything)]
    with acts.act("add", _("A pasted list"), by=request.member) as doing:
        for name in names:
            if name not in known:
                connections.add(name[:200], by=request.member)
    undo = f"undo:{doing.saved.ref}" if doing.saved else ""
    messages.success(request, _("%(count)d added.") % {"count": len(names) - len(known)}, extra_tags=undo)
    if known:
        messages.info(request, _("Known already, so left as they are: %(names)s.") % {"names": ", ".join(known[:20])})
    return redirect("network:add")
