"""The pages: one folder per place."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Registered as `pages`."""

    name = "kneadwork.pages"
    label = "pages"

    def ready(self) -> None:
        """Listen to the sign-in library."""
        from kneadwork.pages.shell import accounts

        accounts.keep_history()
