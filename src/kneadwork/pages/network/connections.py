"""A connection's page: who they are, where we stand, what next, what we know, together so far, before you ask, why here."""

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
from kneadwork.facts.professions import all_professions
from kneadwork.network import checklists, connections, giving, introducing, places, timeline
from kneadwork.network.models import Connection, ContactPoint, Insight, OpenHours, Postponement, Stream, Touch
from kneadwork.outreach import offers
from kneadwork.pages.shell import saying, visible
from kneadwork.pages.shell.members import for_member
from kneadwork.planning import explaining, score
from kneadwork.planning.keeping import View, view_of
from kneadwork.planning.score import priors
from kneadwork.practice.rights import Right, may, sees_clients


@for_member(Right.NETWORK)
def page(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Everything about one connection that this member may see; `?all=1` shows the whole of what happened."""
    return show(request, connection_id)


def show(request: HttpRequest, connection_id: int, *, typed: dict | None = None) -> HttpResponse:
    """The page; with what was typed into one of its forms and refused, where something was."""
    here = get_object_or_404(visible.connections(request).select_related("standing"), pk=connection_id)
    everything = sees_clients(request.member)
    view = view_of(here, request.practice, on=request.today, kept=getattr(here, "standing", None))
    counted, row = (view.score, view.row) if everything else (view.score_open, explaining.open_row(view))
    limit = timeline.MOST if request.GET.get("all") == "1" else timeline.FEW
    judges = may(request.member, Right.VERDICTS)
    gave, there_are = giving.shown(view.history.gifts, everything), view.history.besides
    together, earlier = timeline.entries(
        view.history,
        verdicts=judges,
        sent=view.referrals.sent if everything else (),
        asks=view.referrals.asks if everything else (),
        arrivals=timeline.arrivals(here, limit + 1) if everything else (),
        gifts=gave,
        limit=limit,
    )
    context = {
        "place": "network", "here": here, "view": view, "counted": counted, "step": view.step_for(all_streams=everything),
        "put_off": _put_off(view, request.today),
        "stage": view.stage if everything else view.stage_open,
        "reasons": score.reasons(row, on=request.today, unit=request.practice.unit),
        "timeline": together, "earlier": earlier,
        "tags": here.tags.order_by("name").values_list("name", flat=True) if "tags" in there_are else (),
        "colleagues": timeline.colleagues(here), "reach": view.history.contacts,
        "addresses": view.history.addresses, "show_verdicts": judges,
        "channels": Touch.Channel.choices, "insight_kinds": Insight.About.choices, "origins": Insight.Origin.choices, "weekdays": OpenHours.Weekday.choices, "gift_forms": giving.forms(everything),
        "fit_questions": fit_questions(here, judges).items(), "doing": request.GET.get("step"), "do": request.GET.get("do"),
        "gave": gave[::-1], "introductions": introducing.of(here, request.member) if "introductions" in there_are else (),
        "chain": introducing.chain(here, request.member), "led_to": introducing.led_to(here, request.member),
        "sent": view.referrals.sent[::-1] if everything else (),
        "places": places.of([here.pk]).get(here.pk, []) if "places" in there_are else [], "offers": offers.suited()(here.profession),
        "contact_kinds": [k for k in ContactPoint.Kind.choices if k[0] in connections.BY_HAND], "typed": typed,
    }  # fmt: skip
    return render(request, "network/connection.html", context)


def fit_questions(here: Connection, judges: bool) -> dict[str, str]:
    """The ideal-client questions; without those that a yes needs for a member who does not decide about them."""
    needed = set() if judges else {check.key for check in checklists.required(here.stream)}
    return {key: words for key, words in priors()["fit"].items() if key not in needed}


def _put_off(view: View, on: date) -> list[Postponement]:
    """Steps put off until a day to come, or for good; of several words about one step the newest stands."""
    newest = {p.step: p for p in view.history.postponements}
    return [p for p in newest.values() if p.until is None or p.until > on]


@for_member(Right.NETWORK)
def sources(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Where each value came from, and the columns of its files that Kneadwork does not know.

    A file's name and its columns may say that somebody is a client, so they are for members who see clients.
    """
    here, everything = visible.connection(request, connection_id), sees_clients(request.member)
    context = {
        "place": "network", "here": here, "sources": timeline.where_from(here, named=everything),
        "extra": here.extra if everything else {},
    }  # fmt: skip
    return render(request, "network/sources.html", context)


class EditForm(forms.ModelForm):
    """What can be edited in place."""

    class Meta:
        model = Connection
        fields = connections.EDITABLE
        labels = {
            "given": lazy("Given name"), "middle": lazy("Middle name"), "family": lazy("Family name"),
            "prefix": lazy("Before the name (Dr., Ms.)"), "suffix": lazy("Behind the name (Jr., III)"),
            "nickname": lazy("What friends call them"), "title": lazy("What they are there"),
            "how_known": lazy("How do you know them?"), "met_through": lazy("Met through"),
        }  # fmt: skip

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(key, p.label) for key, p in all_professions().items()]
        self.fields["profession"] = forms.ChoiceField(choices=[("", "—"), *kinds], required=False)


@for_member(Right.NETWORK)
def edit(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Edit in place."""
    here = visible.connection(request, connection_id)
    form = EditForm(request.POST or None, instance=here)
    if request.method == "POST" and form.is_valid():
        here.refresh_from_db()
        with acts.watched() as done:
            connections.edit(here, form.cleaned_data, by=request.member)
        saying.noted(request, done)
        return redirect("network:connection", here.pk)
    return show_edit(request, here, form)


def show_edit(request: HttpRequest, here: Connection, form: EditForm, *, typed: dict | None = None) -> HttpResponse:
    """The edit page; with what was typed to correct something beside its form and refused, where something was."""
    context = {
        "place": "network", "here": here, "form": form, "tags": here.tags.order_by("name"),
        "reach": here.contactpoints.order_by("kind", "-preferred"), "addresses": here.addresses.order_by("-preferred"),
        "streams": [(k, v) for k, v in Stream.choices if k != Stream.CLIENTS or sees_clients(request.member)],
        "typed": typed,
    }  # fmt: skip
    return render(request, "network/edit.html", context)


@require_POST
@for_member(Right.NETWORK)
def remove(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Delete, with undo for thirty days."""
    here = visible.connection(request, connection_id)
    try:
        act = connections.remove([here], by=request.member)
    except connections.ConnectionRefused as refused:
        messages.warning(request, str(refused))
        return redirect("network:connection", here.pk)
    messages.success(request, _("%(name)s is removed.") % {"name": here.name}, extra_tags=f"undo:{act.ref}")
    return redirect("network:list")


@for_member(Right.HISTORY)
def removed(request: HttpRequest) -> HttpResponse:
    """What was removed in the last thirty days."""
    return render(request, "network/removed.html", {"place": "network", "acts": connections.removed()})
