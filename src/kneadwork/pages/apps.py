"""The pages: one folder per place."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Registered as `pages`."""

    name = "kneadwork.pages"
    label = "pages"
