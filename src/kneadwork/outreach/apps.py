"""Playbooks, letters and the one gate out."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Registered as `outreach`."""

    name = "kneadwork.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"
