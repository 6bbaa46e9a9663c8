"""The first-run set-up: small steps, each skippable, resumable and the same form later."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kneadwork.common import numbers
from kneadwork.exchange.normal import e164
from kneadwork.facts.professions import all_professions
from kneadwork.facts.zips import place_of_zip
from kneadwork.pages.shell.members import for_member
from kneadwork.practice import setting_up, starting_texts
from kneadwork.practice.models import Practice, ProviderHere
from kneadwork.practice.regions import STATES, zone_choices
from kneadwork.practice.rights import Right

PAYERS = [
    ("cash", lazy("Cash")), ("commercial", lazy("Commercial insurance")), ("auto", lazy("Auto (collision)")),
    ("workers_comp", lazy("Workers' compensation")), ("medicare", "Medicare"), ("medicare_advantage", "Medicare Advantage"),
    ("medicaid", "Medicaid"), ("va", lazy("Veterans Affairs")), ("tricare", "TRICARE"), ("hsa_fsa", "HSA / FSA"),
]  # fmt: skip


class Place(forms.ModelForm):
    """Where the practice is."""

    latitude = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    region = forms.ChoiceField(label=lazy("State"), choices=[("", "—"), *((s, s) for s in STATES)], required=False)
    time_zone = forms.ChoiceField(label=lazy("Time zone"))

    def __init__(self, *args, instance: Practice, **kwargs) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.fields["time_zone"].choices = zone_choices(instance.time_zone)
        self.initial.update(latitude=None, longitude=None)  # filled by the phone's own place only

    def clean_postal(self) -> str:
        """Five digits, or nine."""
        postal = self.cleaned_data["postal"].strip()
        if postal and not re.fullmatch(r"\d{5}(-?\d{4})?", postal, re.ASCII):
            raise forms.ValidationError(_("A ZIP code has five digits, such as 19107."))
        if postal and place_of_zip(postal) is None:
            raise forms.ValidationError(_("No ZIP code begins like this. Look at its digits once more."))
        return postal

    class Meta:
        model = Practice
        fields = (
            "name",
            "line1",
            "line2",
            "city",
            "region",
            "postal",
            "time_zone",
            "unit",
            "latitude",
            "longitude",
        )
        labels = {"name": lazy("Name of the practice"), "line1": lazy("Street"), "line2": lazy("Suite"),
                  "city": lazy("City"), "postal": lazy("ZIP code"), "unit": lazy("Distances in")}  # fmt: skip


class Therapist(forms.Form):
    """The therapist as they stand under a letter."""

    name = forms.CharField(label=lazy("Your name, as it stands under a letter"), max_length=200)
    credential = forms.CharField(label=lazy("Credential"), max_length=60, required=False, help_text=lazy("Such as LMT"))
    licence_number = forms.CharField(label=lazy("Licence number"), max_length=60, required=False)


class Law(forms.ModelForm):
    """What the law makes of the practice."""

    provider_here = forms.ChoiceField(
        label=lazy("Are you a health-care provider in your state?"), choices=ProviderHere.choices
    )
    payers = forms.MultipleChoiceField(
        label=lazy("Which payers do you bill?"),
        choices=PAYERS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Practice
        fields = ("provider_here", "payers")


class Directions(forms.ModelForm):
    """How people should reach the practice, exactly."""

    website = forms.URLField(
        label=lazy("Website"),
        required=False,
        error_messages={"invalid": lazy("This is no web address. Write it like www.example.com.")},
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )  # a field of type url would refuse an address without https://

    def clean_phone(self) -> str:
        """A number that can be dialled; it stands in every letter."""
        phone = self.cleaned_data["phone"].strip()
        if phone and not e164(phone):
            raise forms.ValidationError(_("This is no telephone number. Give it with its area code."))
        return phone

    class Meta:
        model = Practice
        fields = ("phone", "email", "website", "directions")
        labels = {"phone": lazy("Telephone"), "email": lazy("E-mail"), "website": lazy("Website"),
                  "directions": lazy("In one sentence: how should somebody who was sent reach you?")}  # fmt: skip


class Philosophy(forms.ModelForm):
    """What the practice stands for; starting texts to edit."""

    class Meta:
        model = Practice
        fields = ("philosophy", "ideal_client", "boundaries")
        labels = {"philosophy": lazy("What you stand for"), "ideal_client": lazy("Whom you serve best"),
                  "boundaries": lazy("What holds for everyone")}  # fmt: skip


class Time(forms.ModelForm):
    """Minutes a week for outreach."""

    outreach_minutes = forms.IntegerField(
        label=lazy("Minutes a week for meeting people (0 in a holiday)"), min_value=0, max_value=10_080,
        error_messages={"max_value": lazy("A week has 10,080 minutes."), "min_value": lazy("Nought is the least.")},
    )  # fmt: skip

    class Meta:
        model = Practice
        fields = ("outreach_minutes",)


FORMS = {
    "place": Place,
    "therapist": Therapist,
    "law": Law,
    "directions": Directions,
    "philosophy": Philosophy,
    "time": Time,
}
TITLES = {
    "place": lazy("Where is your practice?"), "therapist": lazy("Who signs the letters?"),
    "law": lazy("Two questions about the law"), "directions": lazy("How do people reach you?"),
    "philosophy": lazy("What do you stand for?"), "time": lazy("How much time a week?"),
    "find": lazy("Who is near you?"),
}  # fmt: skip


@for_member(Right.PRACTICE)
def page(request: HttpRequest) -> HttpResponse:
    """On to the first step not yet done."""
    return redirect("practice:setup_step", setting_up.next_step(request.practice) or "place")


@for_member(Right.PRACTICE)
def step(request: HttpRequest, step: str) -> HttpResponse:
    """One step: its form, kept or skipped."""
    if step not in setting_up.STEPS:
        raise Http404
    if step == "find":
        return find(request)
    if "skip" in request.POST:
        setting_up.change(request.practice, {}, by=request.member, step=step)
        return redirect(onward(request, step))
    form = form_of(request, step)
    if request.method == "POST" and form.is_valid():
        keep(request, step, form.cleaned_data)
        return redirect(onward(request, step))
    number = setting_up.STEPS.index(step) + 1
    context = {
        "place": "practice", "form": form, "step": step, "title": TITLES[step], "number": number, "alone": alone(request),
        "steps": len(setting_up.STEPS), "before": setting_up.step_before(step),
    }  # fmt: skip
    return render(request, "practice/setup.html", context)


def form_of(request: HttpRequest, step: str) -> forms.BaseForm:
    """The form of a step with what is known, or with a starting text."""
    if step == "therapist":
        m = request.member
        known = {"name": m.name, "credential": m.credential, "licence_number": m.licence_number}
        return Therapist(request.POST or None, initial=known)
    instance = Practice.objects.get(pk=request.practice.pk)
    initial = starting_texts.missing(instance) if step == "philosophy" else None
    return FORMS[step](request.POST or None, instance=instance, initial=initial)


def keep(request: HttpRequest, step: str, values: dict) -> None:
    """Keep a step's answers."""
    if step == "therapist":
        setting_up.change_therapist(request.member, values, by=request.member)
        values = {}
    setting_up.change(request.practice, values, by=request.member, step=step)


def alone(request: HttpRequest) -> bool:
    """Whether one thing is changed later, from the practice's page, rather than one step after the other."""
    return request.GET.get("alone") == "1"


def onward(request: HttpRequest, step: str) -> str:
    """Where to go when a step is done: back to where one came from, or to the next step."""
    return reverse("practice:home") if alone(request) else following(step)


def following(step: str) -> str:
    """The address of the step behind this one."""
    later = setting_up.STEPS[setting_up.STEPS.index(step) + 1 :]
    return reverse("practice:setup_step", args=[later[0]]) if later else "/"


def find(request: HttpRequest) -> HttpResponse:
    """The last step: ask the registry for professionals nearby."""
    from kneadwork.exchange import finding
    from kneadwork.facts.professions import METHOD_NINE, medical_professions

    if request.method == "POST":
        setting_up.change(request.practice, {}, by=request.member, step="find")
        if "skip" in request.POST:
            return redirect("today:page")
        miles = numbers.decimal(request.POST.get("miles", ""))
        try:
            wanted = set(request.POST.getlist("profession"))
            batch = finding.find_near(request.practice, wanted, 5 if miles is None else miles, by=request.member)
        except finding.NowhereYet as refused:
            messages.warning(request, str(refused))
            return redirect("practice:setup_step", "place")
        return redirect("network:import_preview", batch.pk)
    known = all_professions()
    kinds = [(key, known[key].label, key in METHOD_NINE) for key in sorted(medical_professions())]
    steps = len(setting_up.STEPS)
    context = {
        "place": "practice",
        "kinds": kinds,
        "title": TITLES["find"],
        "number": steps,
        "steps": steps,
        "alone": alone(request),
    }
    return render(request, "practice/find.html", context)


@for_member(Right.PRACTICE)
def signature(request: HttpRequest) -> HttpResponse:
    """The signature's picture: taken, checked and kept."""
    from kneadwork.common import storage

    if request.method == "POST" and request.FILES.get("picture"):
        try:
            kept = storage.keep_picture(request.FILES["picture"], by=request.member)
        except storage.FileRefused as refused:
            messages.warning(request, str(refused))
        else:
            setting_up.change_therapist(request.member, {"signature": kept}, by=request.member)
            messages.success(request, _("Your signature stands under your letters now."))
    onward = reverse("practice:setup_step", args=["therapist"])
    return redirect(f"{onward}?alone=1" if alone(request) else onward)
