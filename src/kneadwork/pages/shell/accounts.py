"""How the sign-in library behaves here: nobody signs up by themselves, words are ours."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import Http404, HttpRequest

from kneadwork.pages.shell.members import for_everyone


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up happens on first start or by an invitation only."""

    def is_open_for_signup(self, request) -> bool:
        """Never through the library's own form."""
        return False

    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        """The library's messages, but for the ones that say what everybody sees."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)


@for_everyone
def closed(request: HttpRequest) -> None:
    """A page of the library that Kneadwork does not offer."""
    raise Http404
