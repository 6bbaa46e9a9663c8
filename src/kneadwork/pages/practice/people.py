"""Who works here: roles, invitations by link, leaving."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kneadwork.pages.shell.members import for_member
from kneadwork.practice import people
from kneadwork.practice.models import Member, Role
from kneadwork.practice.rights import Right


class InviteForm(forms.Form):
    """Whom, and as what."""

    email = forms.EmailField(label=lazy("E-mail"))
    role = forms.ChoiceField(label=lazy("Role"), choices=Role.choices, initial=Role.THERAPIST)


@for_member(Right.PEOPLE)
def page(request: HttpRequest) -> HttpResponse:
    """The members, and an invitation whose link is shown this once."""
    form, link = InviteForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _invitation, token = people.invite(**form.cleaned_data, by=request.member)
            link = (settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")) + f"/join/{token}"
        except people.PeopleError as refused:
            form.add_error(None, str(refused))
    members = Member.objects.filter(left_at=None).select_related("user").order_by("joined_at")
    context = {
        "place": "practice",
        "form": form,
        "link": link,
        "public": settings.PUBLIC_URL,
        "members": members,
        "roles": Role.choices,
    }
    return render(request, "practice/people.html", context)


@require_POST
@for_member(Right.PEOPLE)
def change(request: HttpRequest, member_id: int) -> HttpResponse:
    """Another role, or leaving."""
    member = get_object_or_404(Member.objects.filter(left_at=None), pk=member_id)
    try:
        if "leave" in request.POST:
            people.leave(member, by=request.member)
        else:
            people.change_role(member, request.POST.get("role", ""), by=request.member)
    except people.PeopleError as refused:
        messages.warning(request, str(refused))
    return redirect("practice:people")
