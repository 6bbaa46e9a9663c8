"""Cards: one at a time, do I want to know more about them? Let go, later, or yes: when and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kneadwork.common import storage
from kneadwork.common.ids import number_of
from kneadwork.exchange import collecting, reading_cards
from kneadwork.facts.professions import all_professions
from kneadwork.network import cards, planned
from kneadwork.network.cards import CardRefused
from kneadwork.network.models import Card, CardDecision, CardReading, Connection, Event, PlannedStep
from kneadwork.outreach import invitations
from kneadwork.pages.shell import visible
from kneadwork.pages.shell.members import for_member
from kneadwork.practice import calendars
from kneadwork.practice.rights import Right

LABELS = {
    "name": lazy("Name"), "title": lazy("Does"), "organisation": lazy("Where"), "phone": lazy("Phone"),
    "email": lazy("E-mail"), "url": lazy("Web"), "address": lazy("Address"),
}  # fmt: skip
#: What stands on nearly every card.
FIRST = ("name", "phone", "email")
#: What a telephone's keyboard should offer for each.
KEYBOARDS = {"phone": "tel", "email": "email", "url": "url"}


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a card: what is known, and where it is doubtful the piece of the picture from which it was read."""

    name: str
    label: str
    value: str
    limit: int
    keyboard: str = ""
    doubt: str = ""
    crop: str = ""

    @property
    def shown(self) -> bool:
        """Whether it stands there at once: what is known, and what one looks for first on a card that nobody has read."""
        return bool(self.value) or self.name in FIRST


@dataclass(frozen=True, slots=True)
class Row:
    """A card in a list: whose it is, what was decided, and whom it became as far as one may see them."""

    card: Card
    name: str
    answer: str
    became: Connection | None


def shown(rows: QuerySet, request: HttpRequest) -> list[Row]:
    """Cards with their decisions, as a list shows them."""
    found = list(rows[:300])
    became = visible.connections(request).in_bulk({card.became for card in found if card.became})
    labels = dict(CardDecision.Answer.choices)
    return [Row(c, _name(c), str(labels.get(c.answer, "")), became.get(c.became)) for c in found]


def _name(card: Card) -> str:
    """What a list calls a card."""
    told = cards.told(card, getattr(card, "reading", None))
    first = card.words.split("\n")[0][:60]
    return told["name"] or told["organisation"] or first or _("A card not read yet")


@for_member(Right.NETWORK)
def triage(request: HttpRequest) -> HttpResponse:
    """The next card that waits, of one event or of all."""
    event = Event.objects.filter(pk=number_of(request.GET.get("event", ""))).first()
    return show(request, None, event)


@for_member(Right.NETWORK)
def card(request: HttpRequest, card_id: int) -> HttpResponse:
    """One card, decided or not."""
    here = get_object_or_404(Card.objects.select_related("event", "front", "back"), pk=card_id)
    return show(request, here, here.event)


def show(request: HttpRequest, here: Card | None, event: Event | None, *, refused: str = "") -> HttpResponse:
    """The page of one card; without one the first that waits, or that none does."""
    rows = cards.waiting(request.today)
    waiting = list((rows.filter(event=event) if event else rows).values_list("pk", flat=True)[:500])
    here = here or Card.objects.select_related("event", "front", "back").filter(pk__in=waiting[:1]).first()
    context = {
        "place": "network", "here": here, "event": event, "waiting": len(waiting), "refused": refused,
        "number": waiting.index(here.pk) + 1 if here and here.pk in waiting else 0,
    }  # fmt: skip
    if here is not None:
        reading = CardReading.objects.filter(card=here).first()
        decision = here.decisions.order_by("pk").last()
        context |= {"fields": fields(here, reading), "not_read": "" if reading else reading_cards.not_read(),
                    "decision": decision, "became": _became(request, decision),
                    "is_waiting": cards.is_waiting(here, on=request.today)}  # fmt: skip
    return render(request, "network/card.html", context)


def _became(request: HttpRequest, decision: CardDecision | None) -> Connection | None:
    known = decision.connection_id if decision else None
    return visible.connections(request).filter(pk=known).first() if known else None


def fields(here: Card, reading: CardReading | None) -> list[Field]:
    """The lines of a card; what is doubtful and was not corrected yet names the piece of its picture."""
    told, doubts = cards.told(here, reading), reading_cards.doubtful(reading)
    return [
        Field(name, str(LABELS[name]), told[name], limit, KEYBOARDS.get(name, ""), *_doubt(here, name, doubts))
        for name, limit in cards.TYPED.items()
    ]


def _doubt(here: Card, name: str, doubts: dict[str, dict]) -> tuple[str, str]:
    if name not in doubts or name in here.typed:
        return "", ""
    crop = reverse("network:card_crop", args=[here.pk, name]) if doubts[name]["piece"] else ""
    return doubts[name]["text"], crop


@require_POST
@for_member(Right.NETWORK)
def decide(request: HttpRequest, card_id: int) -> HttpResponse:
    """Keep what was written down, then: let go, later, or on to when and how."""
    here = get_object_or_404(Card.objects.select_related("event"), pk=card_id)
    answer, given = request.POST.get("answer", ""), request.POST
    try:
        if answer == "take back":
            cards.take_back(here, by=request.member)
            return redirect("network:card", here.pk)
        if any(name in given for name in cards.TYPED):
            cards.write_down(here, given, given.get("noted", here.words), by=request.member)
        if answer in ("let go", "later"):
            verb = cards.let_go if answer == "let go" else cards.later
            act = verb(here, on=request.today, by=request.member)
            messages.success(request, WORDS[answer], extra_tags=f"undo:{act.ref}")
            return redirect(_following(here))
        cards.refuse_decided(here)
    except CardRefused as refused:
        messages.warning(request, str(refused))
        return redirect("network:card", here.pk)
    return redirect("network:card_yes" if answer == "yes" else "network:card", here.pk)


WORDS = {
    "let go": lazy("Let go. For thirty days it can be taken back."), "later": lazy("It comes back tomorrow."),
}  # fmt: skip


def _following(here: Card) -> str:
    """Where the next card is: among those of the same event."""
    address = reverse("network:cards")
    return f"{address}?event={here.event.ref}" if here.event else address


class YesForm(forms.Form):
    """When and how."""

    how = forms.ChoiceField(label=lazy("How?"), choices=[*PlannedStep.How.choices, ("", lazy("Only keep them"))], widget=forms.RadioSelect,
                            required=False, initial="call")  # fmt: skip
    on = forms.DateField(
        label=lazy("When?"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    at = forms.TimeField(label=lazy("At what time?"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
                         help_text=lazy("With a time there is an invitation for their calendar."))  # fmt: skip
    where = forms.CharField(label=lazy("Where?"), max_length=300, required=False)
    purpose = forms.CharField(
        label=lazy("What for?"),
        max_length=300,
        required=False,
        help_text=lazy("What would you like to learn about them?"),
    )
    profession = forms.ChoiceField(label=lazy("What do they do?"), required=False)
    stream = forms.ChoiceField(label=lazy("Where do they belong?"), required=False)

    def __init__(self, *args, streams: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(key, p.label) for key, p in all_professions().items()]
        self.fields["profession"].choices = [("", _("As the card says")), *kinds]
        self.fields["stream"].choices = [("", _("By what they do")), *streams]

    def clean(self) -> dict:
        """A day is needed for everything but keeping them."""
        given = super().clean() or {}
        if given.get("how") and not given.get("on") and "on" not in self.errors:
            self.add_error("on", _("Choose a day. A small step soon is better than a large one some day."))
        return given


@for_member(Right.NETWORK)
def yes(request: HttpRequest, card_id: int) -> HttpResponse:
    """Yes: when and how; whom the card joins stands there first."""
    here = get_object_or_404(Card.objects.select_related("event"), pk=card_id)
    record = collecting.record_of(here)
    known, why = collecting.match_of(record, by=request.member)
    start = {"how": "email" if record.emails and not record.phones else "call", "on": request.today + timedelta(days=1)}
    form = YesForm(request.POST or None, initial=start, streams=collecting.streams_for(request.member))
    try:
        cards.refuse_decided(here)
        if request.method == "POST" and form.is_valid():
            return _said_yes(request, here, form.cleaned_data)
    except (CardRefused, planned.PlanRefused) as refused:
        messages.warning(request, str(refused))
        return redirect("network:card", here.pk)
    context = {"place": "network", "here": here, "record": record, "known": known, "why": why, "form": form}
    return render(request, "network/card_yes.html", context)


def _said_yes(request: HttpRequest, here: Card, given: dict) -> HttpResponse:
    """Take it up; then the invitation, where there is a time for one, or the next card."""
    step = None
    if given["how"]:
        step = collecting.Step(given["how"], given["on"], given["at"], given["where"], given["purpose"])
    met = collecting.say_yes(
        here, step, on=request.today, by=request.member, stream=given["stream"], profession=given["profession"],
        somebody_else=bool(request.POST.get("somebody_else")),
    )  # fmt: skip
    link = format_html(
        '<a href="{}">{}</a>', reverse("network:connection", args=[met.connection.pk]), met.connection.name
    )
    words = _("{name} was known already; the card is with them.") if met.known else _("{name} is in your network.")
    messages.success(request, format_html(words, name=link), extra_tags=f"undo:{met.act.ref}")
    if step and met.step is None:
        messages.info(request, _("They asked never to be written to or called, so nothing is planned."))
    if met.step and met.step.at:
        return redirect("network:planned", met.step.pk)
    return redirect(_following(here))


@for_member(Right.NETWORK)
def planned_step(request: HttpRequest, planned_id: int) -> HttpResponse:
    """A step that was planned, and its invitation: made by a button, since it leaves the practice."""
    rows = PlannedStep.objects.filter(connection__in=visible.connections(request)).select_related("connection")
    here = get_object_or_404(rows, pk=planned_id)
    if request.method == "POST":
        try:
            data = invitations.invite(here, request.practice, by=request.member)
        except invitations.InvitationRefused as refused:
            messages.warning(request, str(refused))
            return redirect("network:planned", here.pk)
        response = HttpResponse(data, content_type="text/calendar; charset=utf-8; method=REQUEST")
        response["Content-Disposition"] = content_disposition_header(True, f"{here.connection.name}.ics")
        return response
    context = {"place": "network", "here": here, "words": planned.sentence(here, here.connection.name),
               "busy": calendars.busy_at(request.member, here.on, here.at, here.minutes),
               "waiting": cards.waiting(request.today).count()}  # fmt: skip
    return render(request, "network/planned.html", context)


class CardForm(forms.Form):
    """A card by hand: two pictures, or what stands on it."""

    front = forms.FileField(label=lazy("Picture of the front"), required=False)
    back = forms.FileField(label=lazy("Picture of the back"), required=False)
    name = forms.CharField(label=lazy("Name on it"), max_length=200, required=False)
    words = forms.CharField(label=lazy("A few words"), max_length=cards.MOST_WORDS, required=False,
                            widget=forms.Textarea({"rows": 3}), help_text=lazy("What you want to remember of the talk. Nothing about anybody's health."))  # fmt: skip
    event = forms.ChoiceField(label=lazy("Where did you get it?"), required=False)

    def __init__(self, *args, on, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for side in ("front", "back"):
            self.fields[side].widget.attrs["accept"] = "image/*,.heic"
        self.fields["event"].choices = [("", _("Somewhere else")), *lately(on)]


def lately(on) -> list[tuple[str, str]]:
    """The events of this day and of the weeks around it, the nearest first, as choices."""
    near = Event.objects.filter(on__gte=on - timedelta(days=60), on__lte=on + timedelta(days=7))
    return [(e.ref, e.title) for e in sorted(near, key=lambda e: (abs((e.on - on).days), e.title))[:20]]


@for_member(Right.NETWORK)
def new(request: HttpRequest) -> HttpResponse:
    """Add a card by upload or by its words; reading it is work for the background."""
    form = CardForm(
        request.POST or None, request.FILES or None, on=request.today, initial={"event": request.GET.get("event")}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = cards.collect(
                front=given["front"], back=given["back"], words=given["words"], typed={"name": given["name"]},
                event=Event.objects.filter(pk=number_of(given["event"])).first(), by=request.member,
            )  # fmt: skip
        except (CardRefused, storage.FileRefused) as refused:
            form.add_error("front", str(refused))
        else:
            reading_cards.ask(made, by=request.member)
            return redirect("network:card", made.pk)
    return render(request, "network/card_new.html", {"place": "network", "form": form})


@for_member(Right.NETWORK)
def let_go(request: HttpRequest) -> HttpResponse:
    """What was let go in the last thirty days; each can be taken back."""
    rows = shown(cards.gone_soon().select_related("event", "reading"), request)
    return render(request, "network/cards_let_go.html", {"place": "network", "rows": rows})


@for_member(Right.NETWORK)
def picture(request: HttpRequest, card_id: int, side: str) -> HttpResponse:
    """The front or the back of a card."""
    here = get_object_or_404(Card.objects.select_related("front", "back"), pk=card_id)
    attachment = getattr(here, side) if side in ("front", "back") else None
    if attachment is None:
        raise Http404
    return _jpeg(_opened(attachment))


@for_member(Right.NETWORK)
def crop(request: HttpRequest, card_id: int, field: str) -> HttpResponse:
    """The piece of the picture from which a doubtful field was read."""
    piece = reading_cards.piece_of(get_object_or_404(CardReading, card=card_id), field)
    if not piece:
        raise Http404
    return _jpeg(piece)


def _opened(attachment) -> bytes:
    try:
        return storage.read(attachment)
    except (storage.FileRefused, FileNotFoundError) as gone:
        raise Http404 from gone


def _jpeg(data: bytes) -> HttpResponse:
    return HttpResponse(data, content_type="image/jpeg")
