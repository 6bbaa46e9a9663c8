"""How the sign-in library behaves here: nobody signs up by themselves, words are ours."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up happens on first start or by an invitation only."""

    def is_open_for_signup(self, request) -> bool:
        """Never through the library's own form."""
        return False
