"""Who works here: roles, invitations by link, leaving; and the keys with which programs act for a member."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kneadwork.pages.shell import once
from kneadwork.pages.shell.members import for_member
from kneadwork.practice import keys as api_keys
from kneadwork.practice import people
from kneadwork.practice.models import ApiToken, Invitation, Member, Role
from kneadwork.practice.rights import Right, may


class InviteForm(forms.Form):
    """Whom, and as what."""

    email = forms.EmailField(label=lazy("E-mail"))
    role = forms.ChoiceField(label=lazy("Role"), choices=Role.choices, initial=Role.THERAPIST)


@for_member(Right.PEOPLE)
def page(request: HttpRequest) -> HttpResponse:
    """The members, and an invitation whose link is shown this once."""
    form, link = InviteForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid() and once.is_first(request):
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
        "invitations": people.open_invitations(),
        "once": once.mark(),
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


@require_POST
@for_member(Right.PEOPLE)
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """End an invitation that was not used yet."""
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    invitation = get_object_or_404(waiting, pk=invitation_id)
    people.withdraw(invitation, by=request.member)
    messages.success(request, _("The invitation of %(email)s opens nothing any more.") % {"email": invitation.email})
    return redirect("practice:people")


class KeyForm(forms.Form):
    """What the key is for."""

    name = forms.CharField(label=lazy("What is it for?"), max_length=100)


@for_member(Right.TOKENS)
def keys(request: HttpRequest) -> HttpResponse:
    """The keys that open something, and a new one whose secret is shown this once."""
    form, secret = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid() and once.is_first(request):
        _key, secret = api_keys.make(form.cleaned_data["name"], member=request.member, by=request.member)
        form = KeyForm()
    context = {
        "place": "practice",
        "form": form,
        "secret": secret,
        "keys": _keys_for(request.member),
        "once": once.mark(),
    }
    return render(request, "practice/keys.html", context)


def _keys_for(member: Member) -> list[ApiToken]:
    """One's own; whoever looks after people sees everybody's."""
    everybody = may(member, Right.PEOPLE)
    return [key for key in api_keys.standing() if everybody or key.member_id == member.pk]


@require_POST
@for_member(Right.TOKENS)
def end_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """End a key at once."""
    key = next((key for key in _keys_for(request.member) if key.pk == key_id), None)
    if key is None:
        raise Http404
    api_keys.revoke(key, by=request.member)
    messages.success(request, _("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("practice:keys")
