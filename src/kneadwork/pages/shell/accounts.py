"""How the sign-in library behaves here: nobody signs up by themselves, words are ours."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop as _

from kneadwork.pages.shell.members import for_everyone
from kneadwork.practice import signing_in


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up happens on first start or by an invitation only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": lazy("This e-mail and this password do not belong together."),
        "too_many_login_attempts": lazy("Too many tries in a short time. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request) -> bool:
        """Never through the library's own form."""
        return False

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Tell somebody that their way of signing in changed, where mail is set up."""
        if settings.EMAIL_HOST:
            super().send_notification_mail(template_prefix, user, context, email or user.email)

    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        """The library's messages, but for the ones that say what everybody sees."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)


@for_everyone
def closed(request: HttpRequest) -> None:
    """A page of the library that Kneadwork does not offer."""
    raise Http404


def keep_history() -> None:
    """From now on what becomes of a password or a second factor stands in the history of the person's practices."""
    from allauth.account import signals as account
    from allauth.mfa import signals as mfa

    for signal, kind, summary in (
        (account.password_set, "password", _("chosen")), (account.password_changed, "password", _("changed")),
        (account.password_reset, "password", _("chosen anew by mail")), (mfa.authenticator_added, "second factor", _("set up")),
        (mfa.authenticator_removed, "second factor", _("taken away")), (mfa.authenticator_reset, "second factor", _("made anew")),
    ):  # fmt: skip
        signal.connect(_note(kind, summary), weak=False, dispatch_uid=f"history:{kind}:{summary}")


def _note(kind: str, summary: str):
    def receive(sender, user, **more) -> None:
        signing_in.note(user, kind, gettext(summary))

    return receive
