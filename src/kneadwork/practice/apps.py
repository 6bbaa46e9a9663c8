"""The practice, its members and what it stands for."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Registered as `practice`."""

    name = "kneadwork.practice"
    label = "practice"
    default_auto_field = "django.db.models.BigAutoField"
