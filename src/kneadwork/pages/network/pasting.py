"""A pasted list: every line is shown as it was read, with those who may be known already, before any of it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kneadwork.common import acts
from kneadwork.exchange import pasting
from kneadwork.exchange.neutral import Record
from kneadwork.facts.professions import all_professions
from kneadwork.network import adding
from kneadwork.network.connections import ConnectionRefused
from kneadwork.network.likeness import Somebody, look_alikes_of_all, said
from kneadwork.network.models import Stream
from kneadwork.practice.rights import sees_clients


class PasteForm(forms.Form):
    """Names, one on each line."""

    names = forms.CharField(
        label=lazy("One name on each line"),
        help_text=lazy("With telephone, e-mail or what they do, as you have it: Ana Ruiz, DC, 206-555-0101"),
        widget=forms.Textarea, max_length=20_000,
    )  # fmt: skip

    def clean_names(self) -> str:
        """At most so many lines as one can look through."""
        lines = len(pasting.lines_of(self.cleaned_data["names"]))
        if lines > pasting.MOST_LINES:
            words = _("These are %(lines)d lines. Paste at most %(most)d at once.")
            raise ValidationError(words % {"lines": lines, "most": pasting.MOST_LINES})
        return self.cleaned_data["names"]


@dataclass(slots=True)
class Row:
    """One line of the preview: its number, the line, what was read, who they may be, whether it is ticked."""

    number: int
    line: str
    record: Record
    alike: list
    twice: bool

    @property
    def ticked(self) -> bool:
        """Somebody new is added unless one says otherwise."""
        return bool(self.record.name) and not self.alike and not self.twice

    @property
    def stream(self) -> str:
        """The stream in words."""
        return str(Stream(self.record.stream).label)

    @property
    def what(self) -> str:
        """What they do and where, in words."""
        known = all_professions().get(self.record.profession)
        organisation = _("an organisation") if self.record.kind == "organisation" else self.record.organisation
        words = (str(known.label) if known else "", self.record.title, organisation)
        return " · ".join(dict.fromkeys(word for word in words if word))

    @property
    def reach(self) -> list[str]:
        """Telephones and e-mails."""
        phones, emails = _reach(self.record)
        return [*phones, *emails]


def paste(request: HttpRequest) -> HttpResponse | None:
    """Show what was read, or keep the ticked lines; None where the form is to be shown again."""
    form = PasteForm(request.POST)
    if not form.is_valid():
        return None
    read = pasting.read(form.cleaned_data["names"])
    if request.POST.get("keep"):
        return _keep(request, form, read)
    return _preview(request, form, read)


def _preview(request: HttpRequest, form: PasteForm, read: list[pasting.Pasted]) -> HttpResponse:
    rows, seen = [], set()
    people = [Somebody(p.record.name, *_reach(p.record)) for p in read]
    found = look_alikes_of_all(people, all_streams=sees_clients(request.member))
    for number, (pasted, alike) in enumerate(zip(read, found, strict=True)):
        name = tuple(said(pasted.record.name))
        rows.append(Row(number, pasted.line, pasted.record, alike, twice=name in seen))
        seen.update({name} - {()})
    context = {"place": "network", "form": form, "rows": rows}
    return render(request, "network/pasted.html", context)


def _reach(record: Record) -> tuple[list[str], list[str]]:
    return [p.value for p in record.phones], [e.value for e in record.emails]


def _keep(request: HttpRequest, form: PasteForm, read: list[pasting.Pasted]) -> HttpResponse:
    taken = set(request.POST.getlist("take"))
    people = [_given(p.record) for number, p in enumerate(read) if str(number) in taken and p.record.name]
    if not people:
        messages.info(request, _("Nobody was ticked, so nobody was added."))
        return _preview(request, form, read)
    try:
        with acts.act("add", _("A pasted list"), by=request.member) as doing:
            adding.add_all(people, by=request.member)
    except ConnectionRefused as refused:
        messages.warning(request, str(refused))
        return _preview(request, form, read)
    words = _("%(count)d added to your network.") % {"count": len(people)}
    messages.success(request, words, extra_tags=f"undo:{doing.saved.ref}")
    return redirect("network:add")


def _given(record: Record) -> dict:
    """What was read, as `connections.add` takes it."""
    phones, emails = _reach(record)
    return {
        "name": record.name, "kind": record.kind, "stream": record.stream, "profession": record.profession,
        "organisation": record.organisation, "title": record.title[:200], "note": record.note, "phones": phones,
        "emails": emails,
    }  # fmt: skip
