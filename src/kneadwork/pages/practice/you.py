"""Oneself: the e-mail one signs in with, and which practice one works in now."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from kneadwork.common import limits
from kneadwork.common.ids import read
from kneadwork.pages.shell.members import for_member
from kneadwork.practice import people, signing_in
from kneadwork.practice.rights import Right


class EmailForm(forms.Form):
    """Another e-mail, and the password that says it is really they."""

    email = forms.EmailField(label=lazy("New e-mail"), max_length=254)
    password = forms.CharField(
        label=lazy("Your password"), required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


@for_member(Right.NETWORK)
def page(request: HttpRequest) -> HttpResponse:
    """Change one's e-mail; choose among the practices one works in."""
    form = EmailForm(request.POST or None)
    if not request.user.has_usable_password():
        del form.fields["password"]
    if request.method == "POST" and form.is_valid():
        if not limits.allows("door", f"you:{request.user.pk}"):
            return render(request, "429.html", status=429)
        try:
            old = signing_in.change_email(request.user, **form.cleaned_data)
        except people.PeopleError as refused:
            form.add_error(None, str(refused))
        else:
            change = {"from_email": old, "to_email": request.user.email}
            get_adapter(request).send_notification_mail("account/email/email_changed", request.user, change, email=old)
            messages.success(request, _("From now on you sign in with %(email)s.") % {"email": request.user.email})
            return redirect("practice:home")
    context = {"place": "practice", "form": form, "memberships": people.memberships(request.user)}
    return render(request, "practice/you.html", context)


@require_POST
@for_member(Right.NETWORK)
def switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's practices from now on."""
    try:
        wanted = read(request.POST.get("practice", ""))
    except ValueError:
        raise Http404 from None
    if wanted not in {m.practice_id for m in people.memberships(request.user)}:
        raise Http404
    request.session["practice"] = wanted
    return redirect("today:page")
