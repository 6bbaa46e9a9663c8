"""The ground: tenancy, history, jobs, files."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Registered as `common`."""

    name = "kneadwork.common"
    label = "common"
    default_auto_field = "django.db.models.BigAutoField"
