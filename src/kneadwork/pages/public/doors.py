"""The doors that need no password: the first start, a sign-in address, an invitation."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kneadwork.pages.shell.members import for_everyone
from kneadwork.practice import first_start, people, signing_in
from kneadwork.practice.models import Practice, User
from kneadwork.practice.regions import STATES, time_zone_of


class WelcomeForm(forms.Form):
    """The first owner and the practice's name."""

    practice = forms.CharField(label=lazy("Name of your practice"), max_length=200)
    name = forms.CharField(label=lazy("Your name"), max_length=200)
    email = forms.EmailField(label=lazy("Your e-mail"))
    region = forms.ChoiceField(label=lazy("State"), choices=[("", "—"), *((s, s) for s in STATES)])
    password = forms.CharField(
        label=lazy("A password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=256,
        help_text=lazy("At least ten characters; several words are best."),
    )

    def clean_password(self) -> str:
        """The library's own rules."""
        validate_password(self.cleaned_data["password"], User(email=self.data.get("email", "")))
        return self.cleaned_data["password"]


@for_everyone
def welcome(request: HttpRequest, token: str = "") -> HttpResponse:
    """The owner signs up on the first start; once there is a practice this door is closed.

    With a public address it opens to whoever has the key that `kneadwork start` printed, not to whoever comes first.
    """
    if Practice.objects.exists():
        return redirect("/")
    if not first_start.opens(token):
        return render(request, "public/not_yet.html", status=403)
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            owner = people.found_first(
                given["practice"], owner_email=given["email"], owner_name=given["name"], region=given["region"],
                time_zone=time_zone_of(given["region"]), password=given["password"],
            )  # fmt: skip
        except people.NotTheFirst:  # somebody else was, at the same moment
            return redirect("/")
        first_start.is_over()
        return perform_login(request, owner.user, redirect_url=reverse("practice:setup"))
    return render(request, "public/welcome.html", {"form": form})


@for_everyone
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time address: a button first, so that a mail program's look does not use it up.

    Opened again by whoever is signed in (the browser went back, or kept it), it leads to Today.
    """
    if request.method == "GET" and request.user.is_authenticated and not signing_in.is_fresh(token):
        return redirect("today:page")
    if request.method == "POST":
        user = signing_in.use_sign_in_address(token)
        if user is None:
            return render(request, "public/used_up.html", status=410)
        onward = reverse("account_set_password" if signing_in.chooses_password(user) else "today:page")
        return perform_login(request, user, redirect_url=onward)  # asks for the second factor, where there is one
    return render(request, "public/sign_in.html")


class JoinForm(forms.Form):
    """Name and password of somebody who joins."""

    name = forms.CharField(label=lazy("Your name"), max_length=200)
    password = forms.CharField(label=lazy("A password"), widget=forms.PasswordInput, max_length=256)

    def clean_password(self) -> str:
        """The library's own rules."""
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


@for_everyone
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Join a practice by an invitation's link; whoever has an account here signs in by it as at the other doors."""
    if len(token) > 100:
        raise Http404
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            prove_account(request, people.invited_account(token), form.cleaned_data["password"])
            member = people.accept(token, **form.cleaned_data)
        except (people.PeopleError, ValidationError) as refused:
            form.add_error(None, refused if isinstance(refused, ValidationError) else str(refused))
        else:
            answer = perform_login(request, member.user, redirect_url=reverse("today:page"))
            request.session["practice"] = member.practice_id
            return answer
    return render(request, "public/join.html", {"form": form, "title": _("Join the practice")})


def prove_account(request: HttpRequest, account: User | None, password: str) -> None:
    """Refuse a password that is not this account's; wrong ones count under the sign-in library's own limits."""
    if account is None:
        return
    proven = get_adapter(request).authenticate(request, email=account.email, password=password)
    if proven is None or proven.pk != account.pk:
        raise people.PeopleError(people.type_its_password())
