"""The sign-in library's forms in our own words."""

from __future__ import annotations

from allauth.account import forms
from django.utils.translation import gettext_lazy as _


class LoginForm(forms.LoginForm):
    """E-mail and password; the way to a new password stands once, below the form."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["remember"].label = _("Stay signed in on this machine")
        self.fields["password"].help_text = ""


class ResetPasswordForm(forms.ResetPasswordForm):
    """Who asks for a new password."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
