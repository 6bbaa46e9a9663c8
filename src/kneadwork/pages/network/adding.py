"""Adding by hand: a name and one word on how you know them, next; or a pasted list."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kneadwork.common import acts
from kneadwork.exchange.pasting import read as read_list
from kneadwork.facts.professions import all_professions
from kneadwork.network import connections, likeness
from kneadwork.network.folding import fold
from kneadwork.network.models import Stream
from kneadwork.pages.network import pasting
from kneadwork.pages.shell.members import for_member
from kneadwork.practice.rights import Right, sees_clients


class AddForm(forms.Form):
    """A name, and as much else as one likes."""

    name = forms.CharField(
        label=lazy("Name"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"})
    )
    how_known = forms.CharField(label=lazy("How do you know them?"), max_length=200, required=False)
    stream = forms.ChoiceField(label=lazy("Where do they belong?"), required=False)
    profession = forms.ChoiceField(label=lazy("What do they do?"), required=False)
    phone = forms.CharField(label=lazy("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=lazy("E-mail"), required=False)

    def clean_phone(self) -> str:
        """A telephone by which somebody can be reached, or none."""
        return usable("phone", self.cleaned_data["phone"])

    def clean_email(self) -> str:
        """An e-mail by which somebody can be reached, or none."""
        return usable("email", self.cleaned_data["email"])

    def __init__(self, *args, all_streams: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        streams = [(k, v) for k, v in Stream.choices if all_streams or k != Stream.CLIENTS]
        self.fields["stream"].choices = [("", _("By what they do")), *streams]
        kinds = [(key, p.label) for key, p in all_professions().items()]
        self.fields["profession"].choices = [("", _("Somebody you know")), *kinds]


def usable(kind: str, value: str) -> str:
    """The value as it was typed; a fault beside its field where nobody can be reached by it."""
    try:
        if value:
            connections.refuse_unusable(kind, value)
    except connections.ConnectionRefused as refused:
        raise ValidationError(str(refused)) from refused
    return value


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """Add one, or a pasted list; a look-alike is offered before it is made twice."""
    if request.method == "POST" and "names" in request.POST:
        return pasting.paste(request) or _show(request, paste=pasting.PasteForm(request.POST))
    everything = sees_clients(request.member)
    form = AddForm(request.POST or None, all_streams=everything)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        alike = likeness.look_alikes(given["name"], phone=given["phone"], email=given["email"], all_streams=everything)
        if not alike or request.POST.get("anyway"):
            return keep(request, given)
        return _show(request, form=form, alike=alike)
    return _show(request, form=form)


def _show(request: HttpRequest, *, form: AddForm | None = None, paste=None, alike=()) -> HttpResponse:
    form = form or AddForm(all_streams=sees_clients(request.member))
    context = {"place": "network", "form": form, "paste": paste or pasting.PasteForm(), "alike": alike}
    return render(request, "network/add.html", context)


def guessed(given: dict, all_streams: bool) -> dict:
    """Where somebody belongs and what they are, by their name and how they are known, where nothing was chosen."""
    if given["stream"] or given["profession"]:
        return {}
    if all_streams and set(fold(given["how_known"])) & {"client", "clients"}:
        return {"stream": Stream.CLIENTS.value}
    read = read_list(given["name"])
    return {name: getattr(read[0].record, name) for name in ("stream", "profession", "kind")} if read else {}


def keep(request: HttpRequest, given: dict) -> HttpResponse:
    """Make the connection and come back for the next one."""
    given |= guessed(given, sees_clients(request.member))
    phones, emails = [v for v in (given.pop("phone"),) if v], [v for v in (given.pop("email"),) if v]
    with acts.watched() as done:
        made = connections.add(**given, phones=phones, emails=emails, by=request.member)
    link = format_html('<a href="{}">{}</a>', reverse("network:connection", args=[made.ref]), made.name)
    words = format_html(_("{name} is in your network. And the next?"), name=link)
    messages.success(request, words, extra_tags=f"undo:{done[-1].ref}")
    return redirect("network:add")
